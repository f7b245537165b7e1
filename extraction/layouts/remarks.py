"""The remarks box: its own rows only, without the letters of the strip and without seal text."""

from __future__ import annotations

import re

from extraction.layouts.findings import LABELLED, PLACED, Findings
from extraction.layouts.rows import Glyph, Row, Sheet, Span
from models.evidence import Source
from models.pages import Box

_SEAL = re.compile(r"发票专用章|票专用章|专用章|^[(（]?章[)）]?$|监制章|税务总局|^\d{13}$|^\(\d+\)$")
_STRIP = frozenset("备注")
_MARGIN = 0.12  #: remarks begin at the left of their box; a seal stands at its right
_LEAST_CONFIDENCE = 0.6  #: curved seal text is read badly


def read_remarks(
    findings: Findings, sheet: Sheet, box: Box, strip_end: float, known: tuple[str | None, ...], *, plain: bool
) -> Span | None:
    """Read the box; `known` are the seller's number and name, which the seal repeats. `plain`: no seal stands there."""
    recognised = findings.source is Source.OCR
    kept: list[Glyph] = []
    lines: list[str] = []
    for row in sheet.rows(box):
        clean = _clean(row, strip_end, known)
        if (
            clean is None
            or (recognised and len(clean.key) == 1)
            or (recognised and not plain and clean.x0 > strip_end + _MARGIN * (box.x1 - box.x0))
        ):
            continue
        lines.append(clean.text)
        kept.extend(clean.glyphs)
    if not kept:
        return None
    span = Span(tuple(kept))
    findings.add(
        "remarks", span, str.strip, label="备注", association=LABELLED if plain else PLACED, raw="\n".join(lines)
    )
    return span


def _clean(row: Row, strip_end: float, known: tuple[str | None, ...]) -> Row | None:
    kept: list[Glyph] = []
    for chunk in _by_token(row):
        key = chunk.key
        if set(key) <= _STRIP and chunk.glyphs[0].token_length <= 2:
            continue
        if _SEAL.search(key) or chunk.confidence < _LEAST_CONFIDENCE or _repeats(key, known):
            continue
        if len(key) == 1 and kept and chunk.x0 - kept[-1].x1 > 3 * chunk.height:
            continue  # a stray stroke
        kept.extend(chunk.glyphs)
    return Span(tuple(kept)) if kept else None


def _repeats(key: str, known: tuple[str | None, ...]) -> bool:
    return any(
        value and (key == value or (len(key) >= 5 and (key in value or (value in key and len(key) - len(value) <= 2))))
        for value in known
    )


def _by_token(row: Row) -> list[Span]:
    out: list[list[Glyph]] = []
    for glyph in row.glyphs:
        if out and out[-1][-1].token == glyph.token:
            out[-1].append(glyph)
        else:
            out.append([glyph])
    return [Span(tuple(part)) for part in out]
