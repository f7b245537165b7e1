"""What one row of a file did, for those who want to show or answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Told:
    """One row that added a record, changed one, or found it as it is. Columns as in `merging.COMPARED`."""

    kind: Literal["added", "changed", "unchanged"]
    sheet: str
    sheet_row: int
    record_id: int
    before: Mapping[str, Any]  #: empty for an added one; days as `date`
    after: Mapping[str, Any]
