"""Cells that touch, and what is put back into item names: asterisks by the tax classification, closing brackets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.evidence import Source
from tests.extraction.layouts.drawing import Drawing, old_form
from tests.extraction.layouts.test_item_lines import DIGITAL, amounts, digital_form, lines


def property_form() -> Drawing:
    columns = {"项目名称": 0.088, "产权证书/不动产权证号": 0.22, "面积单位": 0.36, **DIGITAL}
    return digital_form({name: x for name, x in columns.items() if name not in ("规格型号", "单位")})


def test_a_certificate_glued_to_the_name_begins_its_own_cell_and_so_does_the_unit_of_area() -> None:
    form = property_form()
    form.put(0.015, 0.33, "*经营租赁*房屋及其停车位租金浙（2021）湖州市不动")
    form.put(0.165, 0.38, "产权第0012345号").put(0.36, 0.33, "平方米", middle=True)
    (line,) = lines(amounts(form, 0.33, "485.84", "63.16"))
    assert (line.item_name, line.extra["property_certificate"], line.unit) == (
        "*经营租赁*房屋及其停车位租金",
        "浙（2021）湖州市不动产权第0012345号",
        "平方米",
    )
    assert line.confidence < 0.9, "cut where nothing but the text says so"


def test_a_short_name_far_left_of_its_label_is_read_where_a_special_business_has_columns_of_its_own() -> None:
    columns = {"项目名称": 0.088, "产权证书/不动产权证号": 0.295, "面积单位": 0.443, "数量": 0.529, "单价": 0.608}
    form = digital_form({**columns, "金额": 0.723, "税率/征收率": 0.815, "税额": 0.973})
    form.put(0.004, 0.33, "*不动产*住宅").put(0.21, 0.33, "浙（2021）湖州市不动产权").put(0.21, 0.38, "第0012345号")
    form.put(0.744, 0.33, "485.84", right=True).put(0.995, 0.33, "63.16", right=True)
    (line,) = lines(form, Source.PDF)
    assert line.item_name == "*不动产*住宅"


def test_a_unit_glued_to_the_specification_is_the_unit() -> None:
    form = digital_form().put(0.015, 0.33, "*电子元件*耳机").put(0.2, 0.33, "HTB-1100S 25KM 对")
    (line,) = lines(amounts(form, 0.33, "485.84", "63.16"))
    assert (line.specification, line.unit) == ("HTB-1100S 25KM", "对")


def test_a_label_inside_a_word_of_an_item_is_no_column() -> None:
    columns = {name: x for name, x in DIGITAL.items() if name not in ("规格型号", "单位", "数量", "单价")}
    form = digital_form({**columns, "建筑服务发生地": 0.26, "建筑项目名称": 0.45})
    form.put(0.015, 0.28, "*建筑服务*工程服务").put(0.21, 0.28, "浙江省湖州市").put(0.41, 0.28, "南岸标准厂房工程")
    (line,) = lines(amounts(form, 0.28, "485.84", "63.16"))
    assert line.extra == {"construction_place": "浙江省湖州市", "construction_project": "南岸标准厂房工程"}


def digital_amounts(form: Drawing, y: float, amount: str, tax: str) -> Drawing:
    form.put(0.728, y, amount, right=True).put(0.803, y, "13%", middle=True)
    return form.put(0.98, y, tax, right=True)


@pytest.mark.parametrize("read_as", ["餐饮服务餐费", "*餐饮服务餐费"])
def test_a_name_that_begins_with_a_short_name_of_the_classification_has_its_asterisks_again(read_as: str) -> None:
    (line,) = lines(digital_amounts(digital_form().put(0.015, 0.33, read_as), 0.33, "485.84", "63.16"))
    assert line.item_name == "*餐饮服务*餐费"
    assert line.confidence < 0.9, "put back, not read"


@pytest.mark.parametrize("read_as", ["餐费", "餐饮服务", "某某服务餐费"])
def test_a_name_that_is_no_short_name_with_more_behind_it_stays_as_read(read_as: str) -> None:
    (line,) = lines(digital_amounts(digital_form().put(0.015, 0.33, read_as), 0.33, "485.84", "63.16"))
    assert line.item_name == read_as


def test_a_text_layer_and_an_invoice_of_before_the_rule_have_no_asterisks_put_back() -> None:
    form = digital_form().put(0.015, 0.33, "餐饮服务餐费")
    assert lines(digital_amounts(form, 0.33, "485.84", "63.16"), Source.PDF)[0].item_name == "餐饮服务餐费"
    old = old_form().put(0.71, -0.14, "开票日期：2017年03月08日").put(0.008, 0.33, "餐饮服务餐费")
    assert lines(amounts(old, 0.33, "485.84", "63.16"))[0].item_name == "餐饮服务餐费"


def test_a_bracket_alone_on_its_line_is_closed_again() -> None:
    form = old_form().put(0.008, 0.33, "*广告服务*展板制作（含现场").put(0.008, 0.38, "布置与拆除")
    (line,) = lines(amounts(form, 0.33, "485.84", "63.16"))
    assert line.item_name == "*广告服务*展板制作（含现场布置与拆除）"
    assert line.confidence < 0.9


def test_ideographs_that_step_wide_where_the_next_column_begins_are_two_cells() -> None:
    form = digital_form().put(0.075, 0.33, "*软件*企业数据管理平台企业标准版").put(0.075, 0.38, "软件")
    name = form.tokens[-2]
    edges = [name.box.x0 + 15 * i - (7.5 if i > 0 else 0) - (7.5 if i > 3 else 0) for i in range(18)]
    wide = [x + (12 if i >= 12 else 0) for i, x in enumerate(edges)]
    form.tokens[-2] = replace(name, box=replace(name.box, x1=wide[-1]), edges=tuple(wide))
    (line,) = lines(digital_amounts(form, 0.33, "485.84", "63.16"))
    assert (line.item_name, line.specification) == ("*软件*企业数据管理平台软件", "企业标准版")
