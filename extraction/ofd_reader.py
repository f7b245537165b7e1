"""Reads what an OFD says about its invoice beside the page: CustomDatas, and CustomTags that name the page's texts.

Tags bind a text to its meaning by object id, so that buyer and seller are never mixed up. Page text is read by
`text_reader`; nothing here ever says that a value is absent, because issuers tag only what they like.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extraction import field_values
from extraction.checks import codes, words
from extraction.normalise import money_text
from extraction.reading import Reading
from extraction.xml.dialects import ORIGINAL, PLAIN
from extraction.xml.kinds import titled
from extraction.xml.parsing import plain
from models.evidence import Source
from models.invoice import MONEY_FIELDS, Line
from models.pages import Media, OpenedDocument

_CONFIDENCE = 0.995
_BY_TAG = {name.rsplit("/", 1)[-1]: field for field, names in ORIGINAL.fields.items() for name in names}
_BY_TAG["invoicenumber"] = "invoice_number"
_BY_DATA = {name: field for field, names in PLAIN.fields.items() for name in names}
_CELLS = {name: cell for cell, names in ORIGINAL.cells.items() for name in names}
_EVERY_ROW = ("item_name", "amount_excl_tax", "tax_rate", "tax_amount")


class OfdReader:
    """At most one reading: metadata and tags speak of the document's one invoice."""

    source = Source.OFD

    def read(self, document: OpenedDocument) -> list[Reading]:
        if document.media is not Media.OFD:
            return []
        found = [*_data(document.metadata), *_tagged(document.tags)]
        fields, notes = field_values.collect(
            ((field, text, label) for field, text, label in found if text), source=Source.OFD, confidence=_CONFIDENCE
        )
        numbers = fields.get("invoice_number", ())
        if not numbers:
            return []
        code = next((item.value for item in fields.get("invoice_code", ())), None)
        kind = codes.kind_from_code(code) if code else None
        lines = _lines(document.tags)
        return [
            Reading(
                source=Source.OFD,
                pages=tuple(page.number for page in document.pages) or (1,),
                kind=kind,
                title=titled(kind),
                fields=fields,
                lines=lines,
                lines_complete=bool(lines),
                notes=tuple(notes),
            )
        ]


def _data(metadata: Mapping[str, str]) -> Iterator[tuple[str, str | None, str]]:
    for name, text in metadata.items():
        field = _BY_DATA.get(plain(name))
        if field:
            yield field, text, f"CustomData: {name}"


def _tagged(tags: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str | None, str]]:
    for name, texts in tags.items():
        field = _BY_TAG.get(plain(name))
        if field is None:
            continue
        label = f"CustomTag: {name}"
        if field in MONEY_FIELDS:
            yield from _amounts(field, texts, label)
        else:
            yield field, _joined(texts), label


def _amounts(field: str, texts: Sequence[str], label: str) -> Iterator[tuple[str, str | None, str]]:
    """The currency sign is a text of its own; the amount in words may be tagged along with the amount."""
    for text in texts:
        if money_text(text) is not None:
            yield field, text, label
        elif words.parse(text) is not None:
            yield "total_in_words", text, label


def _joined(texts: Sequence[str]) -> str:
    """Parts of one value in file order; the same text twice is drawn twice, not written twice."""
    distinct = list(dict.fromkeys(texts))
    return distinct[0] if len(distinct) == 1 else "".join(texts)


def _lines(tags: Mapping[str, Sequence[str]]) -> tuple[Line, ...]:
    """Rows, only where every column that each row fills has one text per row: a wrapped name breaks the count."""
    columns = {cell: list(texts) for name, texts in tags.items() if (cell := _CELLS.get(plain(name)))}
    count = len(columns.get("amount_excl_tax", ()))
    if count == 1 and "item_name" in columns:
        columns["item_name"] = ["".join(columns["item_name"])]
    if not count or any(len(columns.get(cell, ())) != count for cell in _EVERY_ROW):
        return ()
    if any(len(texts) != count for texts in columns.values()):
        return ()  # a row without quantity, unit or specification: which one, the page tells
    rows = [field_values.line({cell: texts[row] for cell, texts in columns.items()}) for row in range(count)]
    return tuple(row for row in rows if row is not None)
