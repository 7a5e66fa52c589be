"""The invariants of a register, one module for each kind; see geo.check."""
