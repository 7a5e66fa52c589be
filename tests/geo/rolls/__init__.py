"""Finished rows beside a store."""
