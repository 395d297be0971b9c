"""`make bench`: every table of this folder, one after the other."""

from bench import reading
from bench.timing import print_table

for table in (reading,):
    print_table(table.TITLE, table.measure())
