"""What only 数电票 print: the special-business label at the top left, and 共N页 第M页."""

from __future__ import annotations

import re

from extraction.layouts.findings import Findings
from extraction.layouts.rows import Row

_BUSINESS = re.compile(
    r"成品油|建筑服务|货物运输服务|货物运输|不动产经营租赁服务|不动产租赁|不动产销售|旅客运输服务|旅客运输|机动车|通行费|农产品收购|"
    r"自产农产品销售|光伏收购|代收车船税|稀土|卷烟|二手车|拖拉机和联合收割机|医疗服务|差额征税|代开"
)


def read_special_business(findings: Findings, head: list[Row]) -> None:
    for row in head:
        for chunk in row.chunks():
            found = _BUSINESS.fullmatch(chunk.key)
            if found:
                findings.add("special_business_type", chunk, str, label="special business", raw=chunk.key)
                return
