"""The mark in the corner of the old VAT forms (通行费, 代开, 销项负数 …), above the buyer and left of the title.

Source: the corner marks of the domain reference §1.3. A word that is not one of them is left alone.
"""

from __future__ import annotations

import re

from extraction.layouts.findings import LABELLED, PLACED, Findings
from extraction.layouts.rows import Row
from models.evidence import EXACT

_MARK = re.compile(r"通行费|成品油|农产品收购|收购|代开|销项负数|机动车|稀土|卷烟")
#: issuing clients set 通行费 in a font of their own, whose text layer says these three dashes
_IN_OWN_FONT = {"﹊﹋﹌": "通行费"}


def read_corner_mark(findings: Findings, head: list[Row], *, left: float, right: float) -> None:
    """`head` are the rows above the party block; the mark stands alone between `left` and `right`."""
    sure = LABELLED if findings.source in EXACT else PLACED
    for row in head:
        for chunk in row.chunks():
            printed = _IN_OWN_FONT.get(chunk.text.strip(), chunk.key)
            if _MARK.fullmatch(printed) and left < chunk.centre_x < right:
                findings.add("corner_mark", chunk, _mark, label="corner mark", association=sure)
                return


def _mark(text: str) -> str:
    compact = re.sub(r"\s", "", text)
    return _IN_OWN_FONT.get(compact, compact)
