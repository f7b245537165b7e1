"""What one reader finds: evidence per field for one invoice. Readers are small and know one source each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from models.evidence import Evidence, Source
from models.invoice import Line
from models.kinds import InvoiceKind
from models.pages import Box, OpenedDocument, PageBox

FROM_WORDS = "figure from words"  #: an amount that is printed in words alone: its words do not bear it out once more
TOTAL_ROW = -1  #: the row of 合计, as the row of a blank cell


@dataclass(frozen=True, slots=True)
class BlankCell:
    """A cell in which recognition found no text: index of its item row or TOTAL_ROW, column, place on the page."""

    line: int
    column: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One source's account of one invoice.

    `fields` maps a field's name to every reading of it (both printed positions of a paper invoice's code give two).
    A name with an empty tuple means: the source is complete and the document has no such value.
    """

    source: Source
    pages: tuple[int, ...] = (1,)
    kind: InvoiceKind | None = None
    title: str | None = None
    fields: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    lines_complete: bool = True  #: False where the face says 详见销货清单 or a page is missing
    blank_cells: tuple[BlankCell, ...] = ()  #: of `lines`, where text may have been overlooked; recognised pages only
    page_subtotal: str | None = None
    notes: tuple[str, ...] = ()
    region: PageBox | None = None  #: the part of its page, where a page was parted into several invoices
    torn: bool = False  #: a part of its pages' text was not believed: their picture must be read as well
    mixed: bool = False  #: several invoices on the page could not be told apart: no value is safe

    def first(self, name: str) -> str | None:
        found = self.fields.get(name)
        return found[0].value if found else None


class Reader(Protocol):
    """Reads one source of a document. Returns one Reading per invoice found, none where it has nothing to say."""

    @property
    def source(self) -> Source: ...

    def read(self, document: OpenedDocument) -> list[Reading]: ...
