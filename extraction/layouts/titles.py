"""Kind of an invoice from its printed title, its code, and the shape of its number.

The code's structure (domain §2.1) is stronger than a half-read title under a seal; the title is stronger than nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from extraction.layouts.rows import Row, Span
from models.kinds import InvoiceKind as K

_PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|大连|吉林|黑龙江|上海|江苏|浙江|宁波|安徽|福建|厦门|江西|山东|青岛|河南|湖北|湖南|广东|深圳|广西|"
    "海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆"
)
#: most particular first; searched in the key of a chunk of a row
TITLES: tuple[tuple[re.Pattern[str], K], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"电子发票\(?铁路电子客票\)?|铁路电子客票", K.RAIL_E),
        (r"电子发票\(?航空运输.{0,8}行程单\)?|航空运输电子客票行程单", K.AIR_E),
        (r"电子发票\(?机动车销售统一发票\)?", K.DIGITAL_VEHICLE),
        (r"电子发票\(?二手车销售统一发票\)?", K.DIGITAL_USED_VEHICLE),
        (r"电.?发票\(?增?值?税?专用发?票?\)?", K.DIGITAL_SPECIAL),
        (r"电.?发票\(?普通发?票?\)?", K.DIGITAL_ORDINARY),
        (r"机动车销售统一发票|机动车销售统.发票", K.MOTOR_VEHICLE),
        (r"二手车销售统一发票", K.USED_VEHICLE),
        (r"货物运输业增值税专用发票", K.FREIGHT_OLD),
        (rf"(?:{_PROVINCES})?增值税普通发票\(?卷票\)?", K.ORDINARY_ROLL),
        (rf"(?:{_PROVINCES})?增?值?税?电.?专用发票", K.SPECIAL_E),
        (r"深圳电子普通发票|深.电子普通发票", K.BLOCKCHAIN_SZ),
        (rf"(?:{_PROVINCES})?增值?税?电.?普通发票|值税电.?普通发票", K.ORDINARY_E),
        (rf"(?:{_PROVINCES})?(?:增值?税?|值税)专用发票", K.SPECIAL_PAPER),
        (rf"(?:{_PROVINCES})?(?:增值?税?|值税)普通发票", K.ORDINARY_PAPER),
        (r"出租.{0,2}[车军].{0,8}发|[汽气][车军](?:专用|统一|通.机打)发|出租汽车.{0,4}(?:专用|统一)", K.TAXI),
        (r"通用定.?发票|定额(?:专用)?发票|定额.{0,4}发票", K.QUOTA),
        (r"过(?:路|桥).{0,6}发票|公路联网收费.{0,4}发票|车辆通行费.{0,8}(?:发票|票据)|通行费.{0,4}发票", K.TOLL_PAPER),
        (r"(?:公路|道路|汽车)(?:旅客|客运).{0,10}(?:发票|客票)|公路内河|长途汽车|(?:汽车|大巴)客票", K.BUS),
        (r"退票费报销凭证", K.TRAIN_PAPER),
        (r"(?:船|水路|轮渡).{0,8}(?:发票|客票)", K.SHIP),
        (r"通用机打.{0,8}发?票?|机打发票|通用\(?电子\)?发票|通用发票", K.MACHINE),
        (r"非税|非税收入.{0,10}票据|(?:医疗|财政|捐赠|行政事业).{0,14}(?:票据|收据)|票据\(电子\)", K.OTHER),
        (r"(?:行程单|itinerary)", K.OTHER),
    )
)


_ANY = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in TITLES))


@dataclass(frozen=True, slots=True)
class Title:
    """The printed title, what it says, and how far down it stands."""

    kind: K
    text: str
    span: Span

    @property
    def alone(self) -> bool:
        """It is not named in a sentence."""
        return len(self.text) * 1.6 >= len(self.span.key)


def find_title(rows: list[Row]) -> Title | None:
    """The largest print that carries a title on its own; failing that, the first row that mentions one."""
    alone = find_titles(rows)
    if alone:
        return max(alone, key=lambda title: title.span.height)
    return next((title for row in rows for chunk in row.chunks() if (title := _read(chunk))), None)


def find_titles(rows: list[Row]) -> list[Title]:
    """Every title that stands alone, from top to bottom."""
    titles = [title for row in rows for chunk in row.chunks() if (title := _read(chunk))]
    return [title for title in titles if title.alone]


def _read(chunk: Span) -> Title | None:
    said = _said(chunk.key)
    return Title(*said, chunk) if said else None


@lru_cache(maxsize=512)  # a page's chunks are asked several times
def _said(text: str) -> tuple[K, str] | None:
    if not _ANY.search(text):  # as most chunks: one search instead of one for each title
        return None
    return next((kind, found.group()) for pattern, kind in TITLES if (found := pattern.search(text)))
