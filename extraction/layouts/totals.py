"""合计 and 价税合计: net, tax, gross and the amount in words, known by ¥, by the words' own grammar and by place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from extraction import normalise
from extraction.checks import words
from extraction.layouts import labels, values
from extraction.layouts.cells import STARS
from extraction.layouts.columns import Columns, Header
from extraction.layouts.drifted_totals import find_drifted, read_drifted
from extraction.layouts.findings import AMBIGUOUS, GUESSED, LABELLED, PLACED, SHAPED, Findings
from extraction.layouts.labels import Hit
from extraction.layouts.lines import exact_money, money
from extraction.layouts.rows import Row, Span
from models.evidence import EXACT
from models.money import parse_money

_FIGURE = re.compile(r"-?[¥Y]?\|?-?\d[\d,]*(?:\.\d{1,2})?(?![0-9.])|¥?" + STARS.pattern)
_JOINED = 0.3  #: of their height, between characters of one word
_FLUSH = 0.03  #: of the frame's width: the tax column's figures end this near to its right side
_MARK = re.compile(rf"^[{values.BEFORE_WORDS}\s]+")


@dataclass(frozen=True, slots=True)
class TotalRows:
    """The labels found under the items: 小计, 合计 and 价税合计."""

    subtotal: Hit | None
    total: Hit | None
    gross: Hit | None

    @property
    def first_y(self) -> float | None:
        """Top of 小计 or 合计: the items end here."""
        found = [hit.span.y0 for hit in (self.subtotal, self.total) if hit]
        return min(found) if found else None


def find_total_rows(rows: list[Row], header: Header) -> TotalRows:
    """The first of each below the header."""
    below = [row for row in rows if row.centre_y > header.y1]
    gross = next(iter(labels.find(below, labels.GROSS)), None) or next(iter(labels.find(below, values.WORDS)), None)
    limit = gross.span.y0 if gross else float("inf")
    upper = [row for row in below if row.centre_y < limit]
    left = header.spans.get("specification") or header.spans.get("amount_excl_tax")
    edge = left.x0 if left else float("inf")
    total = next((h for h in labels.find(upper, labels.TOTAL) if h.span.x0 < edge and not _in_words(h)), None)
    subtotal = next((h for h in labels.find(upper, labels.SUBTOTAL) if h.span.x0 < edge and not _in_words(h)), None)
    if total is None and gross is not None:
        total = _yen_row([row for row in upper if subtotal is None or row.centre_y > subtotal.span.y1])
    return TotalRows(subtotal, total, gross)


def _in_words(hit: Hit) -> bool:
    """Part of an item's name (*餐饮服务*合计餐费): characters stand before or behind it without a blank."""
    first, last = hit.span.glyphs[0], hit.span.glyphs[-1]
    beside = [
        glyph
        for glyph in hit.row.glyphs
        if (glyph.token == first.token and glyph.x1 <= first.x0 + 0.1 * first.height and not first.blank_before)
        or (glyph.token == last.token and glyph.x0 >= last.x1 - 0.1 * last.height and not glyph.blank_before)
    ]
    near = [g for g in beside if min(abs(first.x0 - g.x1), abs(g.x0 - last.x1)) < _JOINED * first.height]
    return any(g.key in "*()" or "\u4e00" <= g.key <= "\u9fff" for g in near)


def _yen_row(rows: list[Row]) -> Hit | None:
    """合计 unread: the lowest row above 价税合计 that prints ¥."""
    for row in reversed(rows):
        found = row.search(values.YEN_MONEY)
        if found:
            return Hit(found[0].span, row, 0)
    return None


def read_totals(
    findings: Findings, rows: list[Row], columns: Columns, marks: TotalRows, *, top: float, bottom: float
) -> None:
    """Read the rows between the last item and the block below."""
    if marks.total is None and marks.gross is None:
        return  # a page that is continued: its 小计 is not the invoice's total
    zone = [row for row in rows if top <= row.centre_y < bottom and not labels.SUBTOTAL.search(row.key)]
    drifted = find_drifted(rows, columns, marks.total, marks.gross) if findings.source not in EXACT else None
    if drifted is not None:
        read_drifted(findings, drifted)
    _sums(findings, zone, columns, marks)
    if not findings.has("total_incl_tax"):
        _gross(findings, zone, columns, marks)
    _words(findings, zone)
    if not findings.has("total_in_words"):
        _words(findings, [row for row in rows if row.centre_y >= bottom], drifted=True)


def subtotal_text(rows: list[Row], columns: Columns, marks: TotalRows) -> str | None:
    """Net amount of this page's 小计."""
    if marks.subtotal is None:
        return None
    found = _in_column(_on_row(rows, marks.subtotal), columns, "amount_excl_tax")
    return money(found.key) if found else None


def _on_row(rows: list[Row], hit: Hit) -> list[Row]:
    return [row for row in rows if abs(row.centre_y - hit.span.centre_y) < 0.9 * max(hit.span.height, row.height)]


def _in_column(rows: list[Row], columns: Columns, name: str) -> Span | None:
    interval = columns.interval(name)
    if interval is None:
        return None
    for row in rows:
        for found in row.search(_FIGURE):
            centre = found.span.centre_x
            if interval[0] - found.span.height <= centre <= interval[1] + found.span.height:
                return found.span
    return None


def _net_and_tax(rows: list[Row], columns: Columns) -> tuple[Span | None, Span | None]:
    """The two figures of a 合计 row are net and tax in this order; a single one belongs to the nearer column."""
    amount, tax = columns.interval("amount_excl_tax"), columns.interval("tax_amount")
    if amount is None:
        return None, None
    figures = [f.span for row in rows for f in row.search(_FIGURE) if f.span.x1 > amount[0] - 2 * f.span.height]
    figures.sort(key=lambda span: span.x0)
    if len(figures) == 2:
        return figures[0], figures[1]
    if len(figures) == 1 and tax is not None:
        middle = ((amount[0] + amount[1]) / 2 + (tax[0] + tax[1]) / 2) / 2
        return (figures[0], None) if figures[0].centre_x < middle else (None, figures[0])
    return _in_column(rows, columns, "amount_excl_tax"), _in_column(rows, columns, "tax_amount")


def _sums(findings: Findings, zone: list[Row], columns: Columns, marks: TotalRows) -> None:
    """合计 in its own row; where the print has drifted off it, the upper pair of ¥ amounts in the right columns."""
    normal = exact_money if findings.source in EXACT else money
    pairs = (("total_excl_tax", "amount_excl_tax"), ("total_tax", "tax_amount"))
    if marks.total is not None and not findings.has("total_excl_tax"):
        net, tax = _net_and_tax(_on_row(zone, marks.total), columns)
        findings.add("total_excl_tax", net, normal, label="合计")
        # no form prints a tax without its net: alone in the row, it may be the gross of a print that missed its row
        alone = net is None and findings.source not in EXACT
        findings.add("total_tax", tax, normal, label="合计", association=AMBIGUOUS if alone else LABELLED)
    gross_row = marks.gross.span if marks.gross else None
    for field, column in pairs:
        interval = columns.interval(column)
        if findings.has(field) or interval is None:
            continue
        loose = sorted(
            (
                found.span
                for row in zone
                if not (gross_row and row.centre_y > gross_row.centre_y - 0.6 * row.height)
                for found in row.search(values.YEN_MONEY)
                if interval[0] <= found.span.centre_x <= interval[1]
            ),
            key=lambda span: span.centre_y,
        )
        if loose:
            same = len({span.key for span in loose}) == 1
            chosen = loose[-1] if same or field != "total_tax" else min(loose, key=_size)
            association = SHAPED if same else AMBIGUOUS
            findings.add(field, chosen, normal, label="¥ in column", association=association, raw=chosen.key)


def _size(span: Span) -> Decimal:
    """Of a tax and a gross that both drifted into one column, the tax is the smaller."""
    return abs(parse_money(normalise.money_text(span.key)) or Decimal(0))


def _may_be_tax(findings: Findings, span: Span, columns: Columns) -> bool:
    """The tax was not found, and this stands where it would in a print that missed its rows: flush with the frame."""
    if findings.source in EXACT or findings.has("total_tax"):
        return False
    return span.x1 > columns.x1 - _FLUSH * (columns.x1 - columns.x0)


def _gross(findings: Findings, zone: list[Row], columns: Columns, marks: TotalRows) -> None:
    normal = exact_money if findings.source in EXACT else money
    for hit in labels.find(zone, labels.IN_FIGURES):
        rest = hit.rest
        for found in rest.search(_FIGURE) if rest else ():
            if findings.add(
                "total_incl_tax",
                found.span,
                normal,
                label="小写",
                association=AMBIGUOUS if _may_be_tax(findings, found.span, columns) else LABELLED,
                raw=found.span.key,
            ):
                return
    known = {findings.value("total_excl_tax"), findings.value("total_tax")}
    loose = [
        found.span
        for row in zone
        for found in row.search(values.YEN_MONEY)
        if normalise.money_text(found.span.key) not in known
    ]
    if marks.gross:
        loose.sort(key=lambda span: abs(span.centre_y - marks.gross.span.centre_y))  # type: ignore[union-attr]
    if loose:
        sure = len(loose) == 1 and not _may_be_tax(findings, loose[0], columns)
        association = PLACED if sure else AMBIGUOUS
        findings.add(
            "total_incl_tax",
            loose[0],
            normal,
            label="¥ below 合计",
            association=association,
            raw=loose[0].key,
        )


def _words(findings: Findings, zone: list[Row], *, drifted: bool = False) -> None:
    """The first amount in words; where the print missed its row it stands lower down, among the seller's values."""
    for row in zone:
        for found in row.search(values.WORDS):
            rest = row.after(found.end)
            broken = rest is not None and rest.x0 - found.span.x1 < 0.8 * rest.height and rest.key[0] >= "\u4e00"
            sure = words.parse(found.span.key) is not None and not broken
            if drifted and not sure:
                continue
            association = GUESSED if not sure else SHAPED if drifted else LABELLED
            findings.add(
                "total_in_words", found.span, words_text, label="大写", raw=found.span.text, association=association
            )
            return


def words_text(text: str) -> str | None:
    """The words without the printed ⊗ before them."""
    return _MARK.sub("", text.replace(" ", "")) or None
