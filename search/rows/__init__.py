"""What the index knows of each passage: one row a passage, in the order of the vectors and of the
term index. A row holds all that a result shows, so that search needs no other part of a generation.

``model`` has the rows, ``records`` makes them of what was read, ``table`` reads and ``writing``
writes the files of an index.
"""

from search.rows.model import DocumentRow, FindingRow, Row
from search.rows.records import of_record
from search.rows.table import Rows, load
from search.rows.writing import Writer

__all__ = ["DocumentRow", "FindingRow", "Row", "Rows", "Writer", "load", "of_record"]
