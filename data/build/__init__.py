"""Builds the embedded data set from `geodata` (open geodata) and `facts` (researched facts)."""
