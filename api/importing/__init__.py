"""Ledger tables on their way into the records: at once, or kept and previewed first; and taken back. Shared by pages
and REST. Knows no column of a table: that is `matching.importing`."""

from api.importing.direct import ImportOutcome, import_uploads

__all__ = ["ImportOutcome", "import_uploads"]
