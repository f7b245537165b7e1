"""卷票: known by code or by its labels, names that run on, item rows photographed aslant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.layouts import read_page
from extraction.layouts.findings import GUESSED
from extraction.reading import Reading
from models.evidence import Source
from models.kinds import InvoiceKind
from models.pages import Box, Page
from tests.extraction.layouts.drawing import Drawing


def roll(
    seller: str = "杭州禾汀餐饮有限公司", code: str = "033002400107", title: str = "浙江增值税普通发票"
) -> Drawing:
    drawn = Drawing(width=400, height=1000, frame=(20, 100, 380, 980), size=14)
    if title:
        drawn.put(0.5, -0.02, title, middle=True)
    for y, text in (
        (0.10, f"发票代码 {code}"),
        (0.14, "发票号码 67180001"),
        (0.18, "机打号码:67180001"),
        (0.22, "机器编号:499020850001"),
        (0.26, f"销售方名称:{seller}"),
        (0.32, "纳税人识别号:91330602MA2D91827K"),
        (0.36, "开票日期:2024-06-19"),
        (0.40, "收款员:朱一"),
        (0.44, "购买方名称:宁波栖岚机械有限公司"),
        (0.48, "纳税人识别号:91330205MA2AF1234X"),
        (0.70, "合计金额(小写):¥36.00"),
        (0.74, "合计金额(大写):叁拾陆圆整"),
        (0.78, "校验码:13345 97178 20865 51728"),
    ):
        drawn.put(0.02, y, text)
    for x, text in ((0.02, "项目"), (0.38, "单价"), (0.58, "数量"), (0.78, "金额")):
        drawn.put(x, 0.53, text)
    return drawn


def read(page: Page) -> Reading:
    (reading,) = read_page(page, Source.OCR)
    return reading


def leaning(page: Page, slope: float) -> Page:
    """The page photographed aslant: the right side lower than the left."""
    tokens = []
    for token in page.tokens:
        down = slope * token.box.centre_x
        box = Box(token.box.x0, token.box.y0 + down, token.box.x1, token.box.y1 + down)
        tokens.append(replace(token, box=box))
    return replace(page, tokens=tuple(tokens))


def test_a_roll_is_known_by_its_code_though_its_title_is_the_sheets() -> None:
    reading = read(roll().page())
    assert reading.kind is InvoiceKind.ORDINARY_ROLL
    wanted = {
        "invoice_code": "033002400107",
        "invoice_number": "67180001",
        "seller_name": "杭州禾汀餐饮有限公司",
        "seller_tax_id": "91330602MA2D91827K",
        "buyer_name": "宁波栖岚机械有限公司",
        "buyer_tax_id": "91330205MA2AF1234X",
        "total_incl_tax": "36.00",
        "check_code": "13345971782086551728",
        "payee": "朱一",
    }
    assert {name: reading.first(name) for name in wanted} == wanted
    assert len(reading.fields["invoice_number"]) == 2


def test_a_roll_that_names_its_parties_as_older_papers_do_is_read_the_same() -> None:
    drawn = roll()
    old = {"销售方名称": "收款单位", "购买方名称": "付款单位", "纳税人识别号": "税号"}
    for i, token in enumerate(drawn.tokens):
        label, _, value = token.text.partition(":")
        if label in old:
            drawn.tokens[i] = replace(token, text=f"{old[label]}:{value}")
    parties = ("seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id")
    assert [read(drawn.page()).first(name) for name in parties] == [read(roll().page()).first(name) for name in parties]


def test_a_roll_whose_title_lies_under_the_seal_is_known_by_its_labels() -> None:
    reading = read(roll(title="", code="").page())
    assert reading.kind is InvoiceKind.ORDINARY_ROLL
    assert reading.first("invoice_number") == "67180001"


def test_a_name_that_runs_on_in_the_next_row_is_whole() -> None:
    drawn = roll("禾汀信联（杭州）餐饮管理有限公").put(0.02, 0.29, "司")
    reading = read(drawn.page())
    assert reading.first("seller_name") == "禾汀信联（杭州）餐饮管理有限公司"
    assert reading.first("buyer_name") == "宁波栖岚机械有限公司"


def test_a_name_cut_off_at_the_edge_is_doubtful() -> None:
    drawn = roll("禾汀信联（杭州）餐饮管理发展有限公")
    assert read(drawn.page()).fields["seller_name"][0].confidence <= GUESSED


@pytest.mark.parametrize("slope", [-0.07, 0.0, 0.07])
def test_items_read_the_same_however_the_roll_leans(slope: float) -> None:
    drawn = roll().put(0.02, 0.57, "*餐饮服务*餐费").put(0.38, 0.61, "9").put(0.58, 0.61, "2").put(0.78, 0.61, "18.00")
    drawn.put(0.02, 0.64, "*餐饮服务*茶位").put(0.38, 0.67, "18").put(0.58, 0.67, "1").put(0.78, 0.67, "18.00")
    reading = read(leaning(drawn.page(), slope))
    assert [(line.item_name, line.unit_price, line.quantity) for line in reading.lines] == [
        ("*餐饮服务*餐费", "9", "2"),
        ("*餐饮服务*茶位", "18", "1"),
    ]
    assert all(line.amount_excl_tax is None for line in reading.lines)


def test_price_and_quantity_run_together_are_parted_only_by_their_product() -> None:
    drawn = roll().put(0.02, 0.57, "*家具*办公椅").put(0.38, 0.61, "36.001").put(0.78, 0.61, "36.00")
    drawn.put(0.02, 0.64, "*家具*茶几").put(0.38, 0.67, "36.111").put(0.78, 0.67, "36.00")
    reading = read(drawn.page())
    assert [(line.unit_price, line.quantity) for line in reading.lines] == [("36.00", "1"), ("36.111", None)]
