"""Several invoices on one page: parted where each can be told from the next, else nothing of it is safe to use."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.fusion import fuse
from extraction.parting import MIXED, UNREAD, in_doubt, read_parted
from models.evidence import FieldStatus, Source
from models.invoice import KEY_FIELDS
from models.kinds import InvoiceKind
from models.pages import Box, Page, PageBox, Segment, Token
from tests.extraction.layouts.drawing import Drawing, fill_old_form, old_form

OTHER_VALUES = {
    "20418837": "55120946",
    "033002100411": "031002000211",
    "424.80": "600.00",
    "55.22": "78.00",
    "480.02": "678.00",
    "肆佰捌拾圆零贰分": "陆佰柒拾捌圆整",
}


def invoice() -> Page:
    return fill_old_form(old_form()).page()


def another_invoice() -> Page:
    return replace(invoice(), tokens=tuple(replace(t, text=_changed(t.text)) for t in invoice().tokens))


def taxi() -> Page:
    slip = Drawing(width=500, height=1000, frame=(40, 40, 460, 960), size=26)
    slip.put(0.5, 0.03, "浙江省出租汽车专用发票", middle=True).put(0.5, 0.09, "发票联", middle=True)
    for y, text in (
        (0.16, "发票代码 133012270131"),
        (0.22, "发票号码 08123457"),
        (0.30, "车号 浙AT1234"),
        (0.36, "证号 123456"),
        (0.42, "日期 2022年03月09日"),
        (0.48, "上车 10:21"),
        (0.54, "下车 10:48"),
        (0.60, "单价 2.50元"),
        (0.66, "里程 12.3km"),
        (0.72, "等候 00:02:10"),
        (0.78, "状态 1"),
        (0.84, "金额 37.00元"),
    ):
        slip.put(0.05, y, text)
    return slip.page()


def beside(left: Page, right: Page, *, shift: float | None = None, down: float = 0.0) -> Page:
    """Both on one page; `shift`: how far to the right the second lies; less than a page's width makes them overlap."""
    aside = left.width if shift is None else shift
    tokens = [*left.tokens, *(replace(t, box=_moved(t.box, aside, down)) for t in right.tokens)]
    rules = [Segment(s.x0 + aside, s.y0 + down, s.x1 + aside, s.y1 + down) for s in right.segments]
    height = max(left.height, right.height + down)
    return Page(1, aside + right.width, height, tuple(tokens), (*left.segments, *rules))


def below(upper: Page, lower: Page) -> Page:
    tokens = [*upper.tokens, *(replace(t, box=_moved(t.box, 0, upper.height)) for t in lower.tokens)]
    return Page(1, max(upper.width, lower.width), upper.height + lower.height, tuple(tokens))


def _changed(text: str) -> str:
    for old, new in OTHER_VALUES.items():
        text = text.replace(old, new)
    return text


def _moved(box: Box, right: float, down: float) -> Box:
    return Box(box.x0 + right, box.y0 + down, box.x1 + right, box.y1 + down)


@pytest.mark.parametrize("down", [0.0, 35.0, 180.0])
def test_two_invoices_side_by_side_are_read_apart(down: float) -> None:
    found = read_parted(beside(invoice(), another_invoice(), down=down), Source.OCR)
    assert {(r.first("invoice_number"), r.first("total_incl_tax"), r.mixed) for r in found} == {
        ("20418837", "480.02", False),
        ("55120946", "678.00", False),
    }
    assert all(r.first("buyer_name") == "宁波栖岚机械有限公司" for r in found)


def test_a_taxi_slip_beside_an_invoice_is_an_invoice_of_its_own_kind() -> None:
    wide, slip = read_parted(beside(invoice(), taxi()), Source.OCR)
    assert (wide.first("invoice_number"), wide.first("total_incl_tax")) == ("20418837", "480.02")
    assert (slip.kind, slip.first("invoice_number"), slip.first("total_incl_tax")) == (
        InvoiceKind.TAXI,
        "08123457",
        "37.00",
    )


def test_slips_in_two_rows_are_read_apart() -> None:
    row = beside(taxi(), taxi())
    numbers = iter(("08123451", "08123452", "08123453", "08123454"))
    page = below(row, row)
    tokens = tuple(replace(t, text=f"发票号码 {next(numbers)}") if "发票号码" in t.text else t for t in page.tokens)
    found = read_parted(replace(page, tokens=tokens), Source.OCR)
    assert [r.first("invoice_number") for r in found] == ["08123451", "08123452", "08123453", "08123454"]


def over_the_foot(upper: Page, lower: Page, down: float) -> Page:
    """The lower page glued over the upper one from `down` on: what it covers is not in the picture."""
    seen = [t for t in upper.tokens if t.box.y1 < down]
    tokens = [*seen, *(replace(t, box=_moved(t.box, 12, down)) for t in lower.tokens)]
    return replace(upper, height=down + lower.height, tokens=tuple(tokens), segments=())


def train(serial: str, fare: str) -> Page:
    ticket = Drawing(width=860, height=540, frame=(20, 20, 840, 520), size=30)
    ticket.put(0.02, 0.03, serial).put(0.75, 0.03, "检票:A12")
    ticket.put(0.08, 0.15, "苏州北站").put(0.42, 0.15, "G79").put(0.65, 0.15, "长沙南站")
    ticket.put(0.02, 0.3, "2019年03月08日10:33开").put(0.65, 0.3, "05车12F号")
    ticket.put(0.02, 0.4, fare).put(0.65, 0.4, "二等座").put(0.02, 0.5, "限乘当日当次车").put(0.02, 0.7, "周晓")
    return ticket.page()


def test_tickets_glued_over_each_other_like_roof_tiles_are_read_apart() -> None:
    last_two = over_the_foot(train("E045128", "￥88.5元"), train("E045129", "￥7.0元"), 300)
    tiles = over_the_foot(train("E045127", "￥649.5元"), last_two, 300)
    readings = read_parted(tiles, Source.OCR)
    assert [r.first("total_incl_tax") for r in readings] == ["649.50", "88.50", "7.00"]
    assert [r.first("ticket_number") for r in readings] == ["E045127", "E045128", "E045129"]
    assert {r.kind for r in readings} == {InvoiceKind.TRAIN_PAPER}


def test_each_part_says_where_on_the_page_it_stands() -> None:
    page = beside(invoice(), another_invoice())
    left, right = (r.region for r in read_parted(page, Source.OCR))
    assert left is not None and right is not None
    assert 0 <= left.x0 < left.x1 <= 0.5 <= right.x0 < right.x1 <= 1
    number = read_parted(page, Source.OCR)[1].fields["invoice_number"][0].box
    assert number is not None and number.x0 > 0.5


def test_invoices_that_overlap_are_not_parted_and_nothing_of_them_is_accepted() -> None:
    found = read_parted(beside(invoice(), another_invoice(), shift=1250.0), Source.PDF)
    assert found and all(r.mixed and MIXED in r.notes for r in found)
    doubted = in_doubt(fuse(found, source="a.jpg"))
    assert {doubted.fields[name].status for name in KEY_FIELDS} == {FieldStatus.REVIEW}
    assert all(f.status is not FieldStatus.ACCEPTED for f in doubted.fields.values())


def test_a_part_that_cannot_be_read_is_not_lost() -> None:
    stub = Drawing(width=700)
    stub.put(0.1, -0.1, "江苏增值税普通发票").put(0.1, 0.0, "发票号码：77120034").put(0.1, 0.3, "价税合计（大写）")
    found = read_parted(beside(invoice(), stub.page()), Source.OCR)
    assert [(r.mixed, UNREAD in r.notes) for r in found] == [(False, False), (True, True)]


def test_invoices_below_each_other_are_left_to_the_layouts() -> None:
    found = read_parted(below(invoice(), another_invoice()), Source.PDF)
    assert [r.first("invoice_number") for r in found] == ["20418837", "55120946"]
    assert all(r.region is None and not r.mixed for r in found)


def test_two_codes_of_different_invoices_make_a_page_doubtful_even_where_the_text_shows_one() -> None:
    codes = [PageBox(1, 0.03, 0.03, 0.09, 0.12), PageBox(1, 0.5, 0.4, 0.56, 0.5)]
    assert all(r.mixed for r in read_parted(invoice(), Source.OCR, codes))


def test_a_second_head_looking_out_from_beneath_is_no_second_invoice() -> None:
    form = fill_old_form(old_form())
    page = form.page()
    lower = tuple(replace(t, box=_moved(t.box, 0, 220)) for t in page.tokens)
    beneath = tuple(
        replace(t, text=_changed(t.text), box=_moved(t.box, 15, 0))
        for t in page.tokens
        if t.text.startswith(("浙江增值税", "发票代码", "发票号码", "开票日期"))
    )
    found = read_parted(replace(page, height=page.height + 220, tokens=(*beneath, *lower)), Source.OCR)
    assert [r.mixed for r in found] == [False]


@pytest.mark.parametrize("gap", [100, 220])
def test_no_value_is_taken_from_a_head_that_looks_out_from_beneath(gap: float) -> None:
    slip = Drawing(size=22).put(0.5, -0.2, "二手车销售统一发票", middle=True).put(0.75, -0.16, "发票代码 044002400017")
    slip.put(0.75, -0.12, "发票号码 94312637").put(0.02, -0.1, "开票日期：2024-04-15")
    for y, text in (
        (0.1, "买方单位/个人 宁波栖岚机械有限公司"),
        (0.2, "卖方单位/个人 何知秋"),
        (0.3, "车牌照号 浙B03374"),
    ):
        slip.put(0.02, y, text)
    slip.put(0.02, 0.5, "车价合计（大写） 伍万圆整").put(0.6, 0.5, "小写 ￥50000.00").put(0.5, 0.8, "开票人：陈一鸣")
    page = slip.page()
    lower = tuple(replace(t, box=_moved(t.box, 0, gap)) for t in page.tokens)
    told = {"044002400017": "012002500017", "94312637": "69086498", "2024-04-15": "2025-01-12"}
    head = [t for t in page.tokens if t.box.y0 < slip.y(-0.05)]
    beneath = [replace(t, text=_told(t.text, told)) for t in head]
    (found,) = read_parted(replace(page, height=page.height + gap, tokens=(*beneath, *lower)), Source.OCR)
    wanted = {"invoice_code": "044002400017", "invoice_number": "94312637", "issue_date": "2024-04-15"}
    assert {name: found.first(name) for name in wanted} == wanted
    assert not found.mixed


def test_the_code_of_a_head_that_looks_out_from_beneath_goes_with_it() -> None:
    page = invoice()
    lower = tuple(replace(t, box=_moved(t.box, 0, 220)) for t in page.tokens)
    heads = ("浙江增值税", "发票代码", "发票号码", "开票日期")
    beneath = tuple(replace(t, text=_changed(t.text)) for t in page.tokens if t.text.startswith(heads))
    both = replace(page, height=page.height + 220, tokens=(*beneath, *lower))
    codes = [PageBox(1, 0.03, y / both.height, 0.1, (y + 90) / both.height) for y in (30, 250)]
    (found,) = read_parted(both, Source.OCR, codes)
    assert (found.first("invoice_number"), found.mixed) == (
        read_parted(page, Source.OCR)[0].first("invoice_number"),
        False,
    )


def _told(text: str, told: dict[str, str]) -> str:
    return next((text.replace(old, new) for old, new in told.items() if old in text), text)


@pytest.mark.parametrize(
    "remark",
    [
        "对应正数发票代码:031002000211 发票号码:55120946",
        "原发票号码:55120946",
        "被红冲蓝字发票号码:55120946",
        "见附件；开票日期：2022年01月02日；发票号码：55120946",
    ],
)
def test_a_number_quoted_in_the_remarks_is_no_second_invoice(remark: str) -> None:
    found = read_parted(fill_old_form(old_form()).put(0.62, 0.9, remark).page(), Source.OCR)
    assert [(r.mixed, r.region) for r in found] == [(False, None)]


def test_an_empty_page_has_no_invoice() -> None:
    assert read_parted(Page(1, 100, 100, (Token("便签", Box(1, 1, 20, 10)),)), Source.OCR) == []
