"""Routes: each parses, calls one function of geo/, and shapes the answer."""
