"""Bringing files into the register: read in a bounded process, judged row by row, then written.

`preview` reads a file and says what would happen, `commit` does it in one transaction, and
`undo` takes a whole import back as a new change.
"""
