"""Changes to tables of the private database that are there already; new tables need no script."""
