"""What every invoice prints once: its title, its labels, its code. Two of one kind on a page are two invoices.

Counts marks and says where they stand; never reads a value. A head that peeps out from beneath another sheet has no
body of its own and is not counted, as a label alone is not: remarks quote the number of another invoice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extraction.layouts import labels, values
from extraction.layouts.rows import Row, Span, sheet_of
from extraction.layouts.titles import find_titles
from models.pages import Box, Page

TITLE, CODE = "title", "qr"
#: labels of the head, of which each form of any kind prints at most one
_HEAD: dict[str, re.Pattern[str]] = {
    "number": labels.label("发票号码"),
    "code": labels.label("发票代码"),
    "date": labels.label("开票日期"),
    "machine": labels.label("机器编号"),
    "check": labels.label("校验码"),
}
#: labels and phrases of the body
_BODY: dict[str, re.Pattern[str]] = {
    "table": re.compile(r"(?:服务|劳务).{0,3}名\|?称|项目名称(?!:)"),
    "gross": re.compile(labels.spaced("价税合计")),
    "figures": re.compile(r"\(\|?小\|?写\|?\)?"),
    "words": values.WORDS,
    "drawer": labels.label("开票人"),
    "boarding": labels.label("上车"),
    "alighting": labels.label("下车"),
    "printed number": labels.label("机打号码"),
    "printed code": labels.label("机打代码"),
    "day of travel": labels.label("限乘当日"),
    "gate": labels.label("检票"),
    "e-ticket": labels.label("电子客票号"),
    "entrance": labels.label("入口"),
    "exit": labels.label("出口"),
    "fare": labels.label("票价"),
    "seat": labels.label("座位号", "座号"),
}
_FORMS = ("table", "gross", "figures", "words", "drawer")
#: the paper train ticket prints these and no head
_TRAIN = frozenset({"day of travel", "gate"})
_TAXI = frozenset({"boarding", "alighting"})
_RAIL = frozenset({"e-ticket"})
#: what stands in the first line of its paper: the title, and beside a train ticket's serial number the gate
FIRST_LINE = frozenset({TITLE, "gate"})
#: families that share no mark of the body with each other or with the rest: their invoices add up
_FAMILIES = (_TRAIN, _TAXI, _RAIL)
_QUOTED = re.compile(r"(?:正数|蓝字|红冲|对应|原)[^0-9]{0,8}$")
_RUNNING = frozenset(";,。、")
_SIMILAR_TITLE = 0.55  #: of the largest title's height
_LEAST_LABELS = 2  #: of a head, to be another sheet's and not a label that is printed twice
_ONE_COLUMN = 12  #: heights of a mark: heads that stand as much apart are beside, not above each other


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark and its place on the page."""

    name: str
    box: Box

    @property
    def head(self) -> bool:
        return self.name in _HEAD or self.name == TITLE


def marks_on(page: Page, codes: Sequence[Box] = ()) -> list[Mark]:
    """Every mark of the page; `codes` are the QR codes that name different invoices."""
    rows = sheet_of(page).rows()
    found = [Mark(CODE, box) for box in codes]
    found += _titles(rows)
    for name, pattern in (*_HEAD.items(), *_BODY.items()):
        found += [Mark(name, hit.span.box) for hit in labels.find(rows, pattern) if not _quoted(hit.row, hit.span)]
    return found


def invoices(marks: Sequence[Mark]) -> int:
    """How many invoices these marks speak for; 1 where nothing speaks for more."""
    counts: dict[str, int] = {}
    for mark in _without_ghosts(marks):
        counts[mark.name] = counts.get(mark.name, 0) + 1
    tickets = {family: max(counts[name] for name in family) for family in _FAMILIES if counts.keys() >= family}
    often = sorted(counts.values(), reverse=True)
    witnessed = often[1] if len(often) > 1 else 0
    bodies = min(max((counts.get(name, 0) for name in _FORMS), default=0), witnessed)
    heads = min(counts.get("number", 0), counts.get("date", 0))
    papers = max(bodies + sum(tickets.values()), counts.get(TITLE, 0) + tickets.get(_TRAIN, 0), heads)
    return max(1, papers, counts.get(CODE, 0))


def beneath(marks: Sequence[Mark]) -> list[Mark]:
    """The head of another sheet that looks out above this one's: several labels that stand there once more."""
    kept = _without_ghosts(marks)
    ghosts = [mark for mark in marks if mark not in kept]
    return ghosts if len({mark.name for mark in ghosts}) >= _LEAST_LABELS else []


def whole(marks: Sequence[Mark]) -> bool:
    """Whether a part has one head and a body of its own; the paper train ticket has no head."""
    names = [mark.name for mark in _without_ghosts(marks)]
    if "number" not in names and set(names) >= _TRAIN:
        return True
    return bool({TITLE, "number", "printed number"} & set(names)) and bool(_BODY.keys() & set(names))


def alone(marks: Sequence[Mark]) -> bool:
    """Whether no label of the head is there twice, were it only quoted: a part like that may be two invoices."""
    names = [mark.name for mark in _without_ghosts(marks)]
    return all(names.count(name) <= 1 for name in (TITLE, CODE, "number", "date"))


def _titles(rows: list[Row]) -> list[Mark]:
    titles = [title.span for title in find_titles(rows)]
    largest = max((span.height for span in titles), default=0.0)
    kept: list[Span] = []
    for span in titles:
        if span.height >= _SIMILAR_TITLE * largest and not any(_same_title(span, other) for other in kept):
            kept.append(span)
    return [Mark(TITLE, span.box) for span in kept]


def _same_title(one: Span, other: Span) -> bool:
    """A title on two lines."""
    beside = min(one.x1, other.x1) - max(one.x0, other.x0) < 0
    return not beside and abs(one.centre_y - other.centre_y) < 3 * max(one.height, other.height)


def _quoted(row: Row, span: Span) -> bool:
    first = span.glyphs[0]
    before = [glyph for glyph in row.glyphs if glyph.x1 <= first.x0 + 0.1 * span.height]
    if before and before[-1].key in _RUNNING and before[-1].token == first.token and not first.blank_before:
        return True  # in the middle of a sentence: no form prints its labels so
    return bool(_QUOTED.search("".join(glyph.key for glyph in before[-12:])))


def _without_ghosts(marks: Sequence[Mark]) -> list[Mark]:
    """Without the heads that have no body before the next head of the same column."""
    bodies = [mark.box for mark in marks if not mark.head and mark.name != CODE]
    kept = []
    for mark in marks:
        following = [
            other.box for other in marks if other.name == mark.name and mark.head and _below(mark.box, other.box)
        ]
        limit = min((box.y0 for box in following), default=None)
        if limit is None or any(mark.box.y0 <= body.y0 < limit for body in bodies):
            kept.append(mark)
    return kept


def _below(upper: Box, lower: Box) -> bool:
    aside = abs(upper.centre_x - lower.centre_x)
    return lower.centre_y > upper.centre_y + 0.5 * upper.height and aside < _ONE_COLUMN * lower.height
