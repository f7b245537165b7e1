"""Pages of one invoice made one: multi-page 数电票 (head from the first page, lines from all, totals from the last) and
清单 pages, whose lines replace the row （详见销货清单） on the face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extraction.reading import Reading
from models.evidence import Evidence

_LAST_PAGE = (
    "total_excl_tax",
    "total_tax",
    "total_incl_tax",
    "total_in_words",
    "remarks",
    "drawer",
    "payee",
    "reviewer",
)


def join_pages(pages: Sequence[Sequence[Reading]]) -> list[Reading]:
    """One reading per invoice from the readings of each page, in page order."""
    groups: list[list[Reading]] = []
    for readings in pages:
        for reading in readings:
            home = _home(groups, reading)
            if home is None:
                groups.append([reading])
            else:
                home.append(reading)
    return [_joined(group) for group in groups]


def _home(groups: list[list[Reading]], reading: Reading) -> list[Reading] | None:
    """The group this page belongs to: same number, or a 清单 after a face that calls for one."""
    if is_list(reading):
        waiting = [group for group in groups if not group[0].lines_complete]
        named = [g for g in waiting if _same_identity(g[0], reading)]
        return (named or waiting)[-1] if waiting else None
    if reading.pages[0] == 1 or not reading.first("invoice_number"):
        return None
    for group in groups:
        if _same_identity(group[0], reading) and reading.pages[0] not in group[-1].pages:
            return group if _continues(group[-1], reading) else None
    return None


def is_list(reading: Reading) -> bool:
    return reading.title is not None and "清单" in reading.title


def _same_identity(one: Reading, other: Reading) -> bool:
    number = one.first("invoice_number")
    same_code = one.first("invoice_code") in (None, other.first("invoice_code")) or other.first("invoice_code") is None
    return number is not None and number == other.first("invoice_number") and same_code


def _continues(before: Reading, reading: Reading) -> bool:
    """A following page: the page before it had no totals yet, or both print a 小计."""
    return before.first("total_incl_tax") is None or before.page_subtotal is not None


def _joined(group: list[Reading]) -> Reading:
    if len(group) == 1:
        return group[0]
    face, rest = group[0], group[1:]
    lists = [reading for reading in rest if is_list(reading)]
    pages = tuple(number for reading in group for number in reading.pages)
    torn = any(reading.torn for reading in group)
    if lists:
        return replace(
            face,
            pages=pages,
            torn=torn,
            lines=tuple(line for reading in lists for line in reading.lines),
            lines_complete=all(reading.lines_complete for reading in lists),
            notes=face.notes + tuple(note for reading in lists for note in reading.notes),
        )
    fields: dict[str, tuple[Evidence, ...]] = {}
    for reading in group:
        for name, found in reading.fields.items():
            if name in _LAST_PAGE or name not in fields:
                fields[name] = found
    return replace(
        face,
        pages=pages,
        torn=torn,
        fields=fields,
        lines=tuple(line for reading in group for line in reading.lines),
        lines_complete=all(reading.lines_complete for reading in group) and "total_incl_tax" in fields,
        page_subtotal=None,
        notes=tuple(note for reading in group for note in reading.notes),
    )
