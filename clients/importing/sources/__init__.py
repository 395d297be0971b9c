"""Where rows come from: a spreadsheet or text file, or jedeclare.com. A source only yields rows."""

from clients.importing.sources.opening import SourceKind, open_source
from clients.importing.sources.refusal import SheetRefused
from clients.importing.sources.spool import Sheet

__all__ = ["Sheet", "SheetRefused", "SourceKind", "open_source"]
