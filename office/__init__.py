"""People and work of the installation: who may come in and what is being done; no register row."""
