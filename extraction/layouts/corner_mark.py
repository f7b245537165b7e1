"""The mark in the corner of the old VAT forms (通行费, 代开, 销项负数 …), above the buyer and left of the title.

Source: the corner marks of the domain reference §1.3. A word that is not one of them is left alone.
"""

from __future__ import annotations

import re

from extraction.layouts.findings import PLACED, Findings, plain
from extraction.layouts.rows import Row

_MARK = re.compile(r"通行费|成品油|农产品收购|收购|代开|销项负数|机动车|稀土|卷烟")


def read_corner_mark(findings: Findings, head: list[Row], *, left: float, right: float) -> None:
    """`head` are the rows above the party block; the mark stands alone between `left` and `right`."""
    for row in head:
        for chunk in row.chunks():
            if _MARK.fullmatch(chunk.key) and left < chunk.centre_x < right:
                findings.add("corner_mark", chunk, plain, label="corner mark", association=PLACED, raw=chunk.key)
                return
