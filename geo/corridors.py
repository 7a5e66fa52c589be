"""Corridors of a register, and the projects that lie along them."""
