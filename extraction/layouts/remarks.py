"""The remarks box: its own rows only, without the letters of the strip and without seal text."""

from __future__ import annotations

import re
from dataclasses import replace

from extraction.layouts.findings import LABELLED, PLACED, Findings
from extraction.layouts.glyphs import Glyph
from extraction.layouts.rows import Row, Sheet, Span
from extraction.remark_facts import facts_in_remarks
from models.evidence import Source
from models.pages import Box

_SEAL = re.compile(r"发票专用章|票专用章|专用章|^[(（]?章[)）]?$|监制章|税务总局|^\d{13}$|^\(\d+\)$")
_MISREAD_SEMICOLON = re.compile(r"([:：][^:：;；\n]{2,40})[:：](?=[\u4e00-\u9fff]{2,8}[:：]|$)")
_STRIP = frozenset("备注")
_MARGIN = 0.12  #: remarks begin at the left of their box; a seal stands at its right
_LEAST_CONFIDENCE = 0.6  #: curved seal text is read badly


def read_remarks(
    findings: Findings, sheet: Sheet, box: Box, strip_end: float, known: tuple[str | None, ...], *, plain: bool
) -> Span | None:
    """Read the box; `known` are the seller's number and name, which the seal repeats. `plain`: no seal stands there."""
    recognised = findings.source is Source.OCR
    intruding = frozenset() if recognised else _reaching_in(sheet, box)
    kept: list[Glyph] = []
    lines: list[str] = []
    for row in sheet.rows(box):
        clean = _clean(row, strip_end, known, intruding)
        clean = _level(clean, recognised) if clean and not plain else clean
        if (
            clean is None
            or not clean.glyphs
            or (recognised and len(clean.key) == 1)
            or (not plain and clean.x0 > strip_end + _MARGIN * (box.x1 - box.x0))
        ):
            continue
        lines.append(clean.text)
        kept.extend(clean.glyphs)
    if not kept:
        return None
    span = Span(tuple(kept))
    normal = _with_semicolons if recognised else str.strip
    findings.add("remarks", span, normal, label="备注", association=LABELLED if plain else PLACED, raw="\n".join(lines))
    return span


def read_phrases(findings: Findings) -> None:
    """What the remarks say in set phrases, each as a reading of its own field."""
    for remarks in findings.fields.get("remarks", [])[:1]:
        for name, text in facts_in_remarks(remarks.raw).items():
            if not findings.has(name):
                said = replace(remarks, value=text, raw=text, label="备注")
                findings.fields[name] = [said]


def _reaching_in(sheet: Sheet, box: Box) -> frozenset[int]:
    """Words of the box at the left whose last figures stand over this one."""
    return frozenset(token[0].token for token in sheet.tokens if token[0].x1 < box.x0 < token[-1].centre_x)


def _with_semicolons(text: str) -> str:
    """`收款人:张一：复核人:李二：`: a colon after a value, at the end or before the next label, is a semicolon."""
    return _MISREAD_SEMICOLON.sub(r"\1;", text.strip())


def _level(row: Row, recognised: bool) -> Row:
    """What stands on one line with the row's first piece: letters around a seal do not."""
    first = row.glyphs[0]
    slack, least, most = (0.4, 0.6, 1.7) if recognised else (0.15, 0.85, 1.2)
    kept: list[Glyph] = []
    for glyph in row.glyphs:
        if glyph.token_length == 1 and any(_covers(other, glyph) for other in row.glyphs):
            continue
        same_size = least <= glyph.height / max(first.height, 1e-6) <= most
        near = not kept or glyph.x0 - kept[-1].x1 < 4 * first.height
        if same_size and near and abs(glyph.centre_y - first.centre_y) <= slack * first.height:
            kept.append(glyph)
    return Span(tuple(kept))


def _covers(other: Glyph, glyph: Glyph) -> bool:
    """A lone letter printed over a longer run is of the seal."""
    shared = min(other.x1, glyph.x1) - max(other.x0, glyph.x0)
    return other.token != glyph.token and other.token_length > 2 and shared > 0.2 * (glyph.x1 - glyph.x0)


def _clean(row: Row, strip_end: float, known: tuple[str | None, ...], intruding: frozenset[int]) -> Row | None:
    kept: list[Glyph] = []
    for chunk in _by_token(row):
        key = chunk.key
        if chunk.glyphs[0].token in intruding:
            continue
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
