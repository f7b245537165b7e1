"""Layouts: from one page of positioned text to readings, one per invoice on the page.

One file per kind or family; the registry picks by title, code and shape. Adding a kind is one file and one entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from extraction.checks import codes
from extraction.layouts import (
    air,
    fiscal,
    freight,
    labels,
    local_papers,
    rail,
    roll,
    sales_list,
    taxi,
    used_vehicle,
    values,
    vehicle,
)
from extraction.layouts.findings import Findings
from extraction.layouts.lean import lean
from extraction.layouts.rows import Row, Sheet, sheet_of
from extraction.layouts.titles import Title, find_title
from extraction.layouts.vat_table import find_forms, read_form
from extraction.reading import Reading
from models.evidence import EXACT, Source
from models.kinds import InvoiceKind
from models.pages import Page

__all__ = ["read_page"]

_Read = Callable[[Findings, list[Row], Sheet, InvoiceKind], None]
_TICKETS: tuple[tuple[frozenset[InvoiceKind], _Read], ...] = (
    (rail.KINDS, lambda findings, rows, _sheet, _kind: rail.read_rail(findings, rows)),
    (air.KINDS, lambda findings, rows, _sheet, _kind: air.read_air(findings, rows)),
    (taxi.KINDS, lambda findings, rows, _sheet, _kind: taxi.read_taxi(findings, rows)),
    (roll.KINDS, lambda findings, rows, _sheet, _kind: roll.read_roll(findings, rows)),
    (vehicle.KINDS, lambda findings, rows, _sheet, kind: vehicle.read_vehicle(findings, rows, kind)),
    (used_vehicle.KINDS, lambda findings, rows, _sheet, kind: used_vehicle.read_used_vehicle(findings, rows, kind)),
    (freight.KINDS, lambda findings, rows, _sheet, _kind: freight.read_freight(findings, rows)),
    (local_papers.KINDS, lambda findings, rows, _sheet, kind: local_papers.read_local_paper(findings, rows, kind)),
    (fiscal.KINDS, lambda findings, rows, sheet, _kind: fiscal.read_fiscal(findings, rows, sheet)),
)


def read_page(page: Page, source: Source) -> list[Reading]:
    """Every invoice on the page; an empty list where nothing of an invoice was recognised."""
    sheet = sheet_of(page, slope=lean(page) if source not in EXACT else 0.0)
    rows = sheet.rows()
    if sales_list.is_sales_list(rows):
        return [sales_list.read_sales_list(sheet, rows, source)]
    title = find_title(rows)
    title = _inquiry(rows) or title
    kind = title.kind if title else None
    if kind in (InvoiceKind.RAIL_E, InvoiceKind.AIR_E) and title and not title.alone:
        kind = kind if values.shaped(rows, values.TWENTY) else None  # named in a sentence
    if kind in (None, InvoiceKind.MACHINE):
        kind = _kind_by_shape(rows) or kind
    if _may_be_roll(kind, rows):
        kind = InvoiceKind.ORDINARY_ROLL
    if kind in (None, InvoiceKind.OTHER) and air.looks_like_air(rows):
        kind = InvoiceKind.AIR_E
    for kinds, read in _TICKETS:
        if kind in kinds and kind is not None:
            return [_ticket(sheet, rows, source, kind, title=title, read=read)]
    return [read_form(form, source) for form in find_forms(page, slope=sheet.slope, exact=source in EXACT)]


def _may_be_roll(kind: InvoiceKind | None, rows: list[Row]) -> bool:
    """通用机打 paper comes on rolls too, with the same labels: only the code tells it from a 卷票."""
    if kind is InvoiceKind.MACHINE:
        return any(codes.kind_from_code(v.text) is InvoiceKind.ORDINARY_ROLL for v in values.shaped(rows, values.CODE))
    return kind in (None, *_SAME_TITLE) and roll.looks_like_roll(rows)


def _inquiry(rows: list[Row]) -> Title | None:
    """The result of a verification shows all of an invoice's values and is not that invoice."""
    hits = [found[0] for pattern in _INQUIRY if (found := labels.find(rows, pattern))]
    return Title(InvoiceKind.OTHER, hits[0].span.text, hits[0].span) if len(hits) >= 2 else None


def _ticket(
    sheet: Sheet, rows: list[Row], source: Source, kind: InvoiceKind, *, title: Title | None, read: _Read
) -> Reading:
    findings = Findings(sheet, source)
    read(findings, rows, sheet, kind)
    return Reading(
        source=source,
        pages=(sheet.page.number,),
        kind=kind,
        title=title.text if title else None,
        fields=findings.frozen(),
        lines=findings.lines,
        notes=tuple(findings.notes),
    )


_TAXI_LABELS = tuple(labels.label(text) for text in ("上车", "下车", "单价", "里程", "等候", "状态", "车号", "证号"))
_FISCAL_LABELS = tuple(labels.label(text) for text in ("票据代码", "票据号码", "交款人", "收款单位"))
_VEHICLE_LABELS = tuple(
    labels.label(text)
    for text in ("车辆类型", "厂牌型号", "合格证号", "发动机号码", "完税凭证号码", "限乘人数", "商检单号")
)
_USED_LABELS = tuple(
    labels.label(text) for text in ("买方单位", "卖方单位", "车牌照号", "登记证号", "转入地车辆", "二手车市场")
)
_TOLL_LABELS = tuple(labels.label(text) for text in ("入口", "出口", "车型", "收费员", "收费站", "车类"))
_SHIP_LABELS = tuple(labels.label(text) for text in ("起运港", "到达港", "乘船日期", "开航时间"))
_BUS_LABELS = tuple(labels.label(text) for text in ("起点站", "到达站", "乘车日期", "发车时间"))
_MACHINE_LABELS = tuple(
    labels.label(text) for text in ("付款方名称", "收款方名称", "付款方识别号", "收款方识别号", "行业分类")
)
#: kinds whose title, half read, is also that of a 卷票
_SAME_TITLE = (InvoiceKind.ORDINARY_PAPER, InvoiceKind.ORDINARY_E)
#: what the tax bureau's verification page prints around the invoice that it describes
_INQUIRY = tuple(labels.label(text) for text in ("查验次数", "查验时间", "查验明细", "查验结果"))
#: of a train ticket whose foot another slip covers: the clock with 开, the fare with one decimal, two stations
_DEPARTURE = re.compile(r"\d{1,2}:\d{2}\|?开")
_FARE = re.compile(r"¥\|?\d{1,4}\.\d\|?元")
_STATIONS = re.compile(r"[\u4e00-\u9fff]站.*[\u4e00-\u9fff]站")
_PHRASES = ("限乘当日当次车", "仅供报销使用")
_TRAIN_MARKS = ("12306", "中国铁路", *_PHRASES)
_JOURNEYS = frozenset(
    {
        InvoiceKind.TAXI, InvoiceKind.TRAIN_PAPER, InvoiceKind.RAIL_E, InvoiceKind.BUS, InvoiceKind.SHIP,
        InvoiceKind.TOLL_PAPER,
    }
)  # fmt: skip
_NO_VOUCHER = re.compile(r"订单|不(?:能)?作为?报销凭证")


def _kind_by_shape(rows: list[Row]) -> InvoiceKind | None:
    """A paper whose title was not read. A slip of a journey that calls itself an order, or no voucher, is none."""
    kind = _kind_by_labels(rows) or _train_by_phrases(rows)
    if kind in _JOURNEYS and labels.find(rows, _NO_VOUCHER):
        return None
    return kind


def _kind_by_labels(rows: list[Row]) -> InvoiceKind | None:
    if sum(bool(labels.find(rows, pattern)) for pattern in _TAXI_LABELS) >= 3:
        return InvoiceKind.TAXI
    if sum(bool(labels.find(rows, pattern)) for pattern in _USED_LABELS) >= 3:
        return InvoiceKind.USED_VEHICLE
    if sum(bool(labels.find(rows, pattern)) for pattern in _VEHICLE_LABELS) >= 4:
        return InvoiceKind.MOTOR_VEHICLE
    if sum(bool(labels.find(rows, pattern)) for pattern in _TOLL_LABELS) >= 3:
        return InvoiceKind.TOLL_PAPER
    for kind, own in ((InvoiceKind.SHIP, _SHIP_LABELS), (InvoiceKind.BUS, _BUS_LABELS)):
        if sum(bool(labels.find(rows, pattern)) for pattern in own) >= 3:
            return kind
    if sum(bool(labels.find(rows, pattern)) for pattern in _FISCAL_LABELS) >= 2:
        return InvoiceKind.OTHER
    if sum(bool(labels.find(rows, pattern)) for pattern in _MACHINE_LABELS) >= 3:
        return InvoiceKind.MACHINE
    return None


def _train_by_phrases(rows: list[Row]) -> InvoiceKind | None:
    text = "".join(row.key for row in rows)
    if all(labels.find(rows, pattern) for pattern in (_DEPARTURE, _FARE, _STATIONS)):
        return InvoiceKind.TRAIN_PAPER
    journey = any(labels.find(rows, pattern) for pattern in (_DEPARTURE, _STATIONS)) or any(p in text for p in _PHRASES)
    if journey and sum(mark in text for mark in _TRAIN_MARKS) >= 2:
        digital = labels.find(rows, labels.label("电子客票号")) and values.shaped(rows, values.TWENTY)
        return InvoiceKind.RAIL_E if digital else InvoiceKind.TRAIN_PAPER
    return None
