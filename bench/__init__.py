"""How fast the server answers on this machine, beside the same bytes from a plain route."""
