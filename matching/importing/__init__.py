"""Import of stored records: bureau exports and ERP tables → records, with damage told and coverage kept."""

from matching.importing.changes import history, undo_import
from matching.importing.importer import import_records

__all__ = ["history", "import_records", "undo_import"]
