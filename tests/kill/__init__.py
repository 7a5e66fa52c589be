"""Killing a server that is being written to, over and over."""
