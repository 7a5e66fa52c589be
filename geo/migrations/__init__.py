"""Changes to the tables of registers that are there already, one script for each schema number.

A script that leaves the views, the boxes, the sums and the search entries as this program would
make them says so: `KEEPS_SHOWN = True`. Where all that are run say it, nothing is made anew, so a
large register is changed at once; all of it is still proved. Of the indexes those are made whose
name is not there, and those go that are no longer declared: such a script drops an index itself
that is to be another one under the same name.
"""
