"""Changes to the tables of registers that are there already, one script for each schema number."""
