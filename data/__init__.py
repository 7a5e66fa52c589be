"""The embedded data set and, in `data.build`, the code that makes it."""
