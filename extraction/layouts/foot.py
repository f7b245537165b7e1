"""The foot: payee, reviewer and drawer in a row under the table (数电票: the drawer alone, the rest in the remarks)."""

from __future__ import annotations

import re

from extraction.layouts import labels
from extraction.layouts.findings import LABELLED, SHAPED, Findings
from extraction.layouts.rows import Row, Span

_FIELDS = (("payee", labels.PAYEE), ("reviewer", labels.REVIEWER), ("drawer", labels.DRAWER))
_REMARK_FIELDS = (
    ("payee", re.compile(r"收款人[:：]\s*([^;；:：\s]{1,20})")),
    ("reviewer", re.compile(r"复核人?[:：]\s*([^;；:：\s]{1,20})")),
)
_NAME = re.compile(r"[^\s:：;；|]{1,30}")
_NOT_A_NAME = re.compile(r"销售方|销货单位|开票|收款|复核|[(（]?章|专用|公司|银行|[0-9A-Z]{8,}")


def read_foot(findings: Findings, rows: list[Row]) -> None:
    """`rows` are those below the totals."""
    marks = {name: labels.find(rows, pattern) for name, pattern in _FIELDS}
    stamps = labels.find(rows, labels.SELLER_STAMP)
    starts = [hit.span for hits in (*marks.values(), stamps) for hit in hits]
    for name, hits in marks.items():
        if not hits:
            continue
        hit = hits[-1]
        limit = min((s.x0 for s in starts if s.x0 > hit.span.x1 and _level(s, hit.span)), default=float("inf"))
        value = _in_row(hit.rest, limit, hit.span)
        association = LABELLED
        if value is None or _NOT_A_NAME.search(value.key):
            value, association = _off_row(rows, hit.span, limit, starts), SHAPED
        if value is not None and not _NOT_A_NAME.search(value.key):
            findings.add(name, value, clerk, label=name, association=association)


def _level(span: Span, other: Span) -> bool:
    return abs(span.centre_y - other.centre_y) < 1.5 * other.height


def _in_row(rest: Span | None, limit: float, label: Span) -> Span | None:
    if rest is None:
        return None
    kept = tuple(g for g in rest.glyphs if g.x1 <= limit + 0.5 * g.height and g.key not in ":;")
    if not kept or kept[0].x0 - label.x1 > 9 * label.height:
        return None
    return Span(kept).chunks(2.5)[0]


def _off_row(rows: list[Row], label: Span, limit: float, starts: list[Span]) -> Span | None:
    """A name printed a little above or below its label."""
    found = []
    for row in rows:
        for chunk in row.chunks():
            if chunk.x0 < label.x0 or chunk.x1 > limit + chunk.height or any(s.x0 == chunk.x0 for s in starts):
                continue
            offset = abs(chunk.centre_y - label.centre_y)
            near = chunk.x0 - label.x1 < 5 * label.height
            if 0.3 * label.height < offset < 1.8 * label.height and near and _clerk_like(chunk.key):
                found.append((offset, chunk))
    return min(found, key=lambda entry: entry[0])[1] if found else None


def _clerk_like(key: str) -> bool:
    return re.fullmatch(r"[\u4e00-\u9fff·]{2,5}", key) is not None and not _NOT_A_NAME.search(key)


def clerk(text: str) -> str | None:
    found = _NAME.fullmatch(re.sub(r"\s", "", text).strip(':：;；☑□•·."'))
    return found.group() if found else None


def read_clerks_in_remarks(findings: Findings, remarks: Span) -> None:
    """`收款人:…; 复核人:…;` in the remarks of a 数电票."""
    for name, pattern in _REMARK_FIELDS:
        found = pattern.search(remarks.text)
        if found and not findings.has(name):
            findings.add(name, remarks, clerk, label="remarks", raw=found.group(1))
