"""What only 数电票 print: the special-business label at the top left, its own columns, and the table below the totals.

旅客运输服务 lists the travellers there, 货物运输服务 the vehicles; ride platforms print its labels alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extraction import normalise
from extraction.layouts import labels
from extraction.layouts.columns import SPECIAL
from extraction.layouts.findings import LABELLED, Findings, plain
from extraction.layouts.rows import Row, Span
from models.evidence import Evidence
from models.invoice import Line

_BUSINESS = re.compile(
    r"成品油|建筑服务|货物运输服务|货物运输|不动产经营租赁服务|不动产租赁|不动产销售|旅客运输服务|旅客运输|机动车|通行费|农产品收购|"
    r"自产农产品销售|光伏收购|代收车船税|稀土|卷烟|二手车|拖拉机和联合收割机|医疗服务|差额征税|代开|报废产品收购|民航|铁路"
)
#: of the table below the totals, left to right
_LOWER: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("traveller", labels.label("出行人")),
    ("traveller_id", labels.label("有效身份证件号码", "有效身份证件号", "身份证件号")),
    ("travel_date", labels.label("出行日期")),
    ("transport_type", labels.label("运输工具种类")),
    ("transport_plate", labels.label("运输工具牌号")),
    ("departure_place", labels.label("出发地", "起运地", "启运地")),
    ("arrival_place", labels.label("到达地")),
    ("travel_class", labels.label("等级")),
    ("travel_by", labels.label("交通工具类型")),
    ("goods_name", labels.label("运输货物名称")),
)
_LEAST_LABELS = 4  #: of the lower table, to know it


def read_special_business(findings: Findings, head: list[Row]) -> None:
    for row in head:
        for chunk in row.chunks():
            found = _BUSINESS.fullmatch(chunk.key)
            if found:
                findings.add("special_business_type", chunk, str, label="special business", raw=chunk.key)
                return


def read_columns(findings: Findings, lines: Sequence[Line]) -> None:
    """What the special columns say is said of the invoice; the rows of one invoice agree."""
    for name in SPECIAL[1:]:
        for line in lines[:1]:
            value = line.extra.get(name)
            if value and not findings.has(name):
                findings.fields[name] = [
                    Evidence(
                        source=findings.source,
                        value=value,
                        raw=value,
                        confidence=line.confidence,
                        box=line.box,
                        label=name,
                    )
                ]


def read_lower_table(findings: Findings, rows: list[Row]) -> None:
    """The first row of travellers or vehicles; `rows` are those between 合计 and 价税合计."""
    for row in rows:
        spans = {name: hit.span for name, pattern in _LOWER for hit in labels.find([row], pattern)[:1]}
        if len(spans) >= _LEAST_LABELS:
            _read_under(findings, rows, row, spans)
            return


def _read_under(findings: Findings, rows: list[Row], head: Row, spans: dict[str, Span]) -> None:
    """Each value stands below its label, at its left; it may reach further right than the label does."""
    starts = sorted(spans.items(), key=lambda entry: entry[1].x0)
    bounds = [*(span.x0 for _, span in starts), float("inf")]
    below = [
        row for row in rows if head.y1 < row.centre_y < head.y1 + 3 * head.height and not labels.GROSS.search(row.key)
    ]
    for row in below[:1]:
        for (name, label), (left, right) in zip(starts, pairwise(bounds), strict=True):
            value = row.within(left - label.height, right - label.height)
            normal = normalise.date_iso if name == "travel_date" else plain
            findings.add(name, value, normal, label=label.key, association=LABELLED)
