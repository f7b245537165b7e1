"""电子发票（铁路电子客票）: stations beside the train number, date and seat below, fare, buyer at the foot.

That a ticket was sold is printed nowhere; that it was given back (退票费) or changed (改签) is.
"""

from __future__ import annotations

import re

from extraction import normalise
from extraction.layouts import labels, values
from extraction.layouts.findings import GUESSED, PLACED, Findings, plain
from extraction.layouts.labelled import CLOCK, HAN, Labelled, read_labelled
from extraction.layouts.rows import Row, Span
from models.kinds import InvoiceKind

KINDS = frozenset({InvoiceKind.RAIL_E})

_MONEY = re.compile(r"¥?-?\d[\d,]*\.\d{2}(?!\d)")
_FIELDS = (
    Labelled("invoice_number", labels.NUMBER, values.TWENTY, normalise.digits),
    Labelled("issue_date", labels.DATE, values.DATE, normalise.date_iso),
    Labelled("total_incl_tax", labels.label("票价", "退票费", "改签费", "差额"), _MONEY, normalise.money_text),
    Labelled("e_ticket_number", labels.label("电子客票号码", "电子客票号"), re.compile(r"[0-9A-Z]{15,30}")),
    Labelled("buyer_name", labels.label("购买方名称"), re.compile(r"[^|:;]{2,60}")),
    Labelled("buyer_tax_id", labels.label("统一社会信用代码", "社会信用代码"), values.TAX_ID, normalise.tax_id),
)
_TRAIN = re.compile(r"(?<![0-9A-Z])[GDCZTKYLS]?\d{1,4}(?![0-9A-Z年月日:.车])")
_STATION = re.compile(r"([\u4e00-\u9fff]{1,8})站(?!台)")
_PHONICS = re.compile(r"(?<![0-9A-Za-z])[A-Z][a-z']{2,}[A-Za-z']*(?![0-9A-Za-z])")
_BUSINESS = {"退票费": "退", "改签": "改"}
_SEAT = re.compile(r"(\d{1,2})车(\d{1,3}[A-F]?号?(?:[上中下]铺)?|无座)")
_CLASS = re.compile(r"(?:新空调)?(?:商务|特等|一等|二等|软|硬|优选一等|动|高级软)(?:座|卧)|无座")
_STANDING = "无座"  #: stands in the seat's place; beside it the class is printed as on any ticket
_MASKED_ID = re.compile(r"\d{6,10}\*{2,}\d{3,4}[0-9X]?")


def read_rail(findings: Findings, rows: list[Row]) -> None:
    read_labelled(findings, rows, _FIELDS)
    _stations(findings, rows)
    _business(findings, rows)
    for row in rows:
        _travel(findings, row)
        for found in row.search(_MASKED_ID):
            findings.add("passenger_id", found.span, plain, label="id shape", association=PLACED)
            rest = row.after(found.end)
            for name in rest.search(HAN) if rest else ():
                findings.add("passenger_name", name.span, plain, label="after id", association=PLACED)


def _stations(findings: Findings, rows: list[Row]) -> None:
    """Two names before 站; the train number between them."""
    for row in rows:
        found = row.search(_STATION)
        if len(found) != 2:
            continue
        for name, station in zip(("departure_station", "destination_station"), found, strict=True):
            findings.add(name, station.span, plain, label="站", association=PLACED, raw=station.match.group(1))
            _phonics(findings, rows, f"{name}_phonics", station.span)
        left, right = found[0].span, found[1].span
        for near in rows:
            for train in near.search(_TRAIN):
                level = abs(train.span.centre_y - left.centre_y) < 1.2 * left.height
                if level and left.x1 < train.span.centre_x < right.x0:
                    findings.add("train_number", train.span, plain, label="between the stations", association=PLACED)
        return


def _phonics(findings: Findings, rows: list[Row], name: str, station: Span) -> None:
    """The station's name in Latin letters, right below it and under its middle."""
    under = [
        found.span
        for row in rows
        if 0.3 * station.height < row.centre_y - station.centre_y < 2.5 * station.height
        for found in row.search(_PHONICS)
        if abs(found.span.centre_x - station.centre_x) < 2 * station.height
    ]
    if len(under) == 1:
        findings.add(name, under[0], plain, label="below the station", association=PLACED)


def _business(findings: Findings, rows: list[Row]) -> None:
    """Given back or changed, where the face says so in its fare's label or beside the seat."""
    for printed in _BUSINESS:
        for row in rows:
            for found in row.search(re.compile(printed)):
                findings.add("business_type", found.span, _BUSINESS.get, label=printed, raw=printed)
                return


def _travel(findings: Findings, row: Row) -> None:
    clocks = [found for found in row.search(CLOCK) if "开" in row.key[row.key.find(found.match.group()) :][:8]]
    dates = [found for found in row.search(values.DATE) if "开票" not in row.key]
    if clocks and dates:
        findings.add(
            "travel_date", dates[0].span, normalise.date_iso, label="开", association=PLACED, raw=dates[0].span.key
        )
        findings.add(
            "departure_time", clocks[0].span, plain, label="开", association=PLACED, raw=clocks[0].match.group()
        )
    for found in row.search(_SEAT):
        findings.add("carriage", found.span, plain, label="车", association=PLACED, raw=found.match.group(1))
        findings.add("seat", found.span, plain, label="车", association=PLACED, raw=found.match.group(2))
    for found in row.search(_CLASS):
        if not findings.has("seat_class") and found.match.group() != _STANDING:
            findings.add("seat_class", found.span, plain, label="seat class", association=PLACED if clocks else GUESSED)
