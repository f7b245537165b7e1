"""Item rows: wrapping, discounts, touching columns, toll and passenger columns, 小计."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.layouts import read_page
from extraction.reading import TOTAL_ROW
from models.evidence import Source
from models.invoice import Line
from models.pages import Box
from tests.extraction.layouts.drawing import Drawing, old_form

DIGITAL = {
    "项目名称": 0.088,
    "规格型号": 0.218,
    "单位": 0.333,
    "数量": 0.463,
    "单价": 0.583,
    "金额": 0.714,
    "税率/征收率": 0.803,
    "税额": 0.967,
}


def lines(form: Drawing, source: Source = Source.OCR) -> tuple[Line, ...]:
    (reading,) = read_page(form.page(), source)
    return reading.lines


def digital_form(columns: dict[str, float] = DIGITAL) -> Drawing:
    form = Drawing(size=15)
    form.put(0.5, -0.30, "电子发票（普通发票）", middle=True).put(0.74, -0.32, "发票号码：24332000000012345678")
    form.put(0.74, -0.25, "开票日期：2024年05月06日")
    for x in (0.035, 0.535):
        form.put(x, 0.05, "名称：宁波栖岚机械有限公司").put(
            x, 0.14, "统一社会信用代码/纳税人识别号：91330205MA2AF1234X"
        )
    for text, x in columns.items():
        form.put(x, 0.24, text, middle=True)
    form.put(0.08, 0.66, "合").put(0.16, 0.66, "计").put(0.06, 0.73, "价税合计（大写）").put(0.69, 0.73, "（小写）")
    return form.put(0.07, 1.05, "开票人：何知秋")


def amounts(form: Drawing, y: float, amount: str, tax: str) -> Drawing:
    form.put(0.785, y, amount, right=True).put(0.83, y, "13%", right=True)
    return form.put(0.995, y, tax, right=True)


def test_a_wrapped_name_belongs_to_the_row_where_the_amount_stands() -> None:
    form = old_form().put(0.008, 0.33, "*电子元件*无线耳机运动").put(0.008, 0.38, "款闪连快充")
    assert [line.item_name for line in lines(amounts(form, 0.33, "485.84", "63.16"))] == [
        "*电子元件*无线耳机运动款闪连快充"
    ]


@pytest.mark.parametrize("source", [Source.PDF, Source.OCR])
def test_an_item_whose_name_says_total_or_subtotal_is_an_item(source: Source) -> None:
    form = old_form().put(0.008, 0.33, "*餐饮服务*合计餐费(小计另计)").put(0.008, 0.39, "*食品*米粉")
    form = amounts(amounts(form, 0.33, "485.84", "63.16"), 0.39, "34.51", "4.49")
    (reading,) = read_page(
        form.put(0.785, 0.67, "￥520.35", right=True).put(0.995, 0.67, "￥67.65", right=True).page(), source
    )
    assert [line.amount_excl_tax for line in reading.lines] == ["485.84", "34.51"]
    assert reading.first("total_excl_tax") == "520.35"


def test_a_discount_row_is_a_line_of_its_own() -> None:
    form = old_form().put(0.008, 0.33, "*食品*米粉").put(0.008, 0.38, "*食品*米粉")
    found = lines(amounts(amounts(form, 0.33, "34.51", "4.49"), 0.38, "-10.62", "-1.38"))
    assert [(line.item_name, line.amount_excl_tax, line.quantity) for line in found] == [
        ("*食品*米粉", "34.51", None),
        ("*食品*米粉", "-10.62", None),
    ]


def test_names_centred_on_their_amounts_are_shared_out_by_their_star_labels() -> None:
    form = old_form()
    for y, text in ((0.31, "*食品*一号"), (0.35, "米粉"), (0.39, "*食品*二号"), (0.43, "面条")):
        form.put(0.008, y, text)
    found = lines(amounts(amounts(form, 0.33, "1.00", "0.13"), 0.41, "2.00", "0.26"))
    assert [line.item_name for line in found] == ["*食品*一号米粉", "*食品*二号面条"]


def test_name_and_specification_read_as_one_run_are_parted() -> None:
    form = old_form().put(0.008, 0.33, "*药品*布地奈德混悬液吸入用粉雾剂型 1mg:2ml*5支")
    (line,) = lines(amounts(form, 0.33, "36.00", "4.68"))
    assert (line.item_name, line.specification) == ("*药品*布地奈德混悬液吸入用粉雾剂型", "1mg:2ml*5支")
    assert line.confidence < 0.99


def test_a_name_and_a_specification_in_figures_and_letters_that_touch_are_parted() -> None:
    form = digital_form().put(0.005, 0.33, "*计算机外部设备*无线鼠G102").put(0.005, 0.38, "标")
    form.put(0.735, 0.33, "485.84", right=True).put(0.83, 0.33, "13%", right=True).put(0.99, 0.33, "63.16", right=True)
    token = next(t for t in form.tokens if "G102" in t.text)
    edge = form.x(0.17)  # between the two columns
    steps = [token.box.x0 + i * (edge - token.box.x0) / 12 for i in range(12)]
    edges = (*steps, *(edge + 12 * i for i in range(5)))
    place = replace(token.box, x1=edges[-1])
    form.tokens[form.tokens.index(token)] = replace(token, box=place, edges=edges)
    (line,) = lines(form)
    assert (line.item_name, line.specification) == ("*计算机外部设备*无线鼠标", "G102")


def test_quantity_and_price_that_touch_are_cut_where_their_product_is_the_amount() -> None:
    form = digital_form().put(0.01, 0.30, "*住宿服务*住宿费").put(0.594, 0.30, "4324.5275", right=True)
    form.put(0.725, 0.30, "1298.11", right=True).put(0.803, 0.30, "6%", middle=True).put(
        0.98, 0.30, "77.89", right=True
    )
    (line,) = lines(form)
    assert (line.quantity, line.unit_price) == ("4", "324.5275")
    assert line.confidence < 0.9


@pytest.mark.parametrize("source", [Source.OCR, Source.PDF])
def test_two_numbers_apart_under_the_price_are_quantity_and_price_whatever_their_digits_make(source: Source) -> None:
    """1 × 95.00 and 19 × 5.00 are both 95.00."""
    form = digital_form().put(0.01, 0.30, "*住宿服务*住宿费").put(0.525, 0.30, "1")
    form.put(0.594, 0.30, "95.00", right=True).put(0.725, 0.30, "95.00", right=True)
    form.put(0.803, 0.30, "6%", middle=True).put(0.98, 0.30, "5.70", right=True)
    (line,) = lines(form, source)
    assert (line.quantity, line.unit_price) == ("1", "95.00")


def test_unit_quantity_and_price_a_column_too_far_right_are_told_by_what_they_are() -> None:
    """As where the labels of a leaning photo were not read, and the columns stand where the form has them."""
    form = digital_form().put(0.01, 0.30, "*印刷品*海报").put(0.463, 0.30, "册", middle=True)
    form.put(0.535, 0.30, "17", right=True).put(0.605, 0.30, "13.75", right=True).put(0.725, 0.30, "233.75", right=True)
    form.put(0.803, 0.30, "13%", middle=True).put(0.98, 0.30, "30.39", right=True)
    (line,) = lines(form)
    assert (line.unit, line.quantity, line.unit_price) == ("册", "17", "13.75")
    assert line.confidence < 0.9


def test_a_price_alone_is_not_cut() -> None:
    form = digital_form().put(0.01, 0.30, "*住宿服务*住宿费").put(0.594, 0.30, "1298.11", right=True)
    form.put(0.725, 0.30, "1298.11", right=True).put(0.98, 0.30, "77.89", right=True)
    (line,) = lines(form)
    assert (line.quantity, line.unit_price) == (None, "1298.11")


def test_passenger_invoices_print_the_price_before_the_quantity() -> None:
    columns = {"项目名称": 0.14, "单价": 0.36, "数量": 0.52, "金额": 0.68, "税率/征收率": 0.81, "税额": 0.967}
    form = digital_form(columns).put(0.01, 0.30, "*运输服务*客运服务费").put(0.38, 0.30, "812.17", right=True)
    form.put(0.52, 0.30, "1", middle=True).put(0.70, 0.30, "812.17", right=True)
    form.put(0.81, 0.30, "3%", middle=True).put(0.99, 0.30, "24.36", right=True)
    (line,) = lines(form)
    assert (line.unit_price, line.quantity, line.amount_excl_tax, line.tax_amount) == ("812.17", "1", "812.17", "24.36")


def test_toll_columns_are_kept_as_printed() -> None:
    form = old_form()
    renamed = {
        "规格型号": "车牌号",
        "单位": "类型",
        "数量": "通行日期起",
        "单价": "通行日期止",
        "货物或应税劳务、服务名称": "项目名称",
    }
    form.tokens = [t for t in form.tokens if t.text not in renamed]
    for text, x in (
        ("项目名称", 0.13),
        ("车牌号", 0.315),
        ("类型", 0.40),
        ("通行日期起", 0.485),
        ("通行日期止", 0.595),
    ):
        form.put(x, 0.26, text, middle=True)
    form.put(0.008, 0.33, "*经营租赁*通行费").put(0.315, 0.33, "浙B12345", middle=True).put(
        0.40, 0.33, "客车", middle=True
    )
    form.put(0.485, 0.33, "20240516", middle=True).put(0.595, 0.33, "20240517", middle=True)
    (line,) = lines(amounts(form, 0.33, "19.07", "0.57"))
    assert (line.specification, line.unit, line.quantity, line.unit_price) == (
        "浙B12345",
        "客车",
        "20240516",
        "20240517",
    )


def test_the_page_total_is_not_the_invoice_total() -> None:
    form = digital_form()
    form.tokens = [t for t in form.tokens if t.text not in ("合", "计", "价税合计（大写）", "（小写）")]
    form.put(0.01, 0.30, "*服务*测试").put(0.725, 0.30, "10.00", right=True).put(0.98, 0.30, "0.60", right=True)
    form.put(0.08, 0.66, "小").put(0.16, 0.66, "计").put(0.725, 0.66, "¥10.00", right=True).put(
        0.98, 0.66, "¥0.60", right=True
    )
    (reading,) = read_page(form.page(), Source.PDF)
    assert reading.page_subtotal == "10.00"
    assert reading.first("total_excl_tax") is None
    assert len(reading.lines) == 1


def test_the_total_row_is_not_an_item_even_where_its_label_was_misread() -> None:
    form = old_form()
    form.tokens = [t for t in form.tokens if t.text not in ("合", "计")]
    form.put(0.10, 0.67, "口").put(0.785, 0.67, "￥1.00", right=True).put(0.995, 0.67, "￥0.13", right=True)
    form.put(0.008, 0.33, "*食品*米粉")
    assert len(lines(amounts(form, 0.33, "1.00", "0.13"))) == 1


def test_a_face_that_sends_to_a_list_is_incomplete() -> None:
    form = amounts(old_form().put(0.008, 0.33, "（详见销货清单）"), 0.33, "90.00", "11.70")
    (reading,) = read_page(form.page(), Source.OCR)
    assert reading.lines_complete is False


def test_print_one_row_too_high_puts_the_first_item_into_the_header_row() -> None:
    form = old_form().put(0.15, 0.262, "*食品*米粉")
    form.tokens = [t for t in form.tokens if t.text != "货物或应税劳务、服务名称"]
    found = lines(amounts(amounts(form, 0.285, "34.51", "4.49"), 0.34, "10.00", "1.30"))
    assert [line.amount_excl_tax for line in found] == ["34.51", "10.00"]


@pytest.mark.parametrize(("printed", "value"), [("96,72", "96.72"), ("1,234.50", "1234.50"), ("72453", "72453")])
def test_a_recognised_amount_is_never_scaled(printed: str, value: str) -> None:
    (line,) = lines(amounts(old_form().put(0.008, 0.33, "*食品*米粉"), 0.33, printed, "1.00"))
    assert line.amount_excl_tax == value


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("餐饮服务*餐费", "*餐饮服务*餐费"),
        ("·餐饮服务*餐费", "*餐饮服务*餐费"),
        ("*餐饮服务*餐费", "*餐饮服务*餐费"),
        ("木板3m*2m", "木板3m*2m"),
        ("餐饮服务", "餐饮服务"),
    ],
)
def test_the_asterisk_before_the_short_name_of_the_code_is_put_back(printed: str, name: str) -> None:
    (line,) = lines(amounts(old_form().put(0.008, 0.33, printed), 0.33, "485.84", "63.16"))
    assert line.item_name == name


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("*化学药品制剂地塞米松磷酸钠注射液", "*化学药品制剂*地塞米松磷酸钠注射液"),
        ("化学药品制剂布地奈德混悬液", "*化学药品制剂*布地奈德混悬液"),
        ("化学药品制剂”布地奈德混悬液", "*化学药品制剂*布地奈德混悬液"),
        ("化学药品制剂米糠油", "*化学药品制剂*米糠油"),
        ("*中成药米鼻窦炎口服液", "*中成药*鼻窦炎口服液"),
        ("*谷物细粮大米5kg", "*谷物细粮大米5kg"),
        ("鼻窦炎口服液", "鼻窦炎口服液"),
    ],
)
def test_asterisks_are_put_back_where_another_row_or_the_first_of_them_shows_their_place(
    printed: str, name: str
) -> None:
    form = amounts(old_form().put(0.008, 0.33, "*化学药品制剂*妥布霉素滴眼液"), 0.33, "34.51", "4.49")
    found = lines(amounts(form.put(0.008, 0.38, printed), 0.38, "10.62", "1.38"))
    assert found[1].item_name == name
    assert (found[1].confidence < found[0].confidence) is (printed != name)


def test_a_text_layer_keeps_its_item_names_as_they_are() -> None:
    form = amounts(old_form().put(0.008, 0.33, "餐饮服务*餐费"), 0.33, "485.84", "63.16")
    assert lines(form, Source.PDF)[0].item_name == "餐饮服务*餐费"


def test_blank_cells_of_a_recognised_page_say_where_they_stand() -> None:
    form = amounts(old_form().put(0.008, 0.33, "*食品*米粉"), 0.33, "34.51", "4.49")
    form.put(0.645, 0.33, "34.51", right=True)
    (reading,) = read_page(form.page(), Source.OCR)
    places = {cell.column: cell.box for cell in reading.blank_cells}
    assert set(places) == {"unit", "quantity"}
    quantity = places["quantity"]
    assert form.x(0.42) < quantity.x0 < form.x(0.485) < quantity.x1 < form.x(0.56)
    assert quantity.y0 < form.y(0.33) < quantity.y1


def test_a_blank_cell_of_a_slanted_page_stands_on_its_own_row() -> None:
    slope = 0.03
    form = amounts(old_form().put(0.008, 0.33, "*食品*米粉"), 0.33, "34.51", "4.49")
    tokens = [
        replace(t, box=Box(t.box.x0, t.box.y0 + slope * t.box.centre_x, t.box.x1, t.box.y1 + slope * t.box.centre_x))
        for t in form.page().tokens
    ]
    (reading,) = read_page(replace(form.page(), tokens=tuple(tokens)), Source.OCR)
    box = next(cell.box for cell in reading.blank_cells if cell.column == "unit")
    assert abs(box.centre_y - (form.y(0.33) + slope * box.centre_x)) < 5


def test_a_text_layer_has_no_cells_to_look_at_again() -> None:
    form = amounts(old_form().put(0.008, 0.33, "*食品*米粉"), 0.33, "34.51", "4.49")
    (reading,) = read_page(form.page(), Source.PDF)
    assert reading.blank_cells == ()


def test_a_negative_quantity_with_decimals_is_parted_from_its_price_by_their_product() -> None:
    form = old_form().put(0.008, 0.33, "*蔬菜*番茄").put(0.645, 0.33, "-1.54.25", right=True)
    (line,) = lines(amounts(form, 0.33, "-6.38", "-0.83"))
    assert (line.quantity, line.unit_price) == ("-1.5", "4.25")


def test_the_last_row_of_the_cipher_is_no_item() -> None:
    form = amounts(old_form().put(0.008, 0.33, "*食品*米粉"), 0.33, "34.51", "4.49")
    form.put(0.62, 0.24, "6<02651").put(0.73, 0.24, "2048").put(0.93, 0.24, "85")
    assert [line.amount_excl_tax for line in lines(form)] == ["34.51"]


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("500m1*2", "500ml*2"),
        ("lmg:2m1", "1mg:2ml"),
        ("M1", "M1"),
        ("φ.2g*20粒", "0.2g*20粒"),
        ("Φ20*1.5mm", "Φ20*1.5mm"),
    ],
)
def test_millilitres_milligrams_and_slashed_zeros_in_a_recognised_specification(printed: str, value: str) -> None:
    form = old_form().put(0.008, 0.33, "*化学药品*滴眼液").put(0.30, 0.33, printed)
    assert lines(amounts(form, 0.33, "34.51", "4.49"))[0].specification == value


def test_a_tax_with_a_letter_of_the_margin_loses_the_letter_and_one_that_is_no_amount_is_blank() -> None:
    form = old_form().put(0.008, 0.33, "*食品*米粉").put(0.008, 0.40, "*食品*米粉")
    found = lines(amounts(amounts(form, 0.33, "34.51", "4.49联"), 0.40, "34.51", "中丰本本"))
    assert [line.tax_amount for line in found] == ["4.49", None]


@pytest.mark.parametrize("misread", ["家容事", "中中中", "*ss", "1巍率"])
def test_a_rate_without_any_sign_of_a_rate_is_blank_and_looked_at_again(misread: str) -> None:
    form = old_form().put(0.008, 0.33, "*经纪代理服务*代订机票").put(0.785, 0.33, "500.00", right=True)
    form.put(0.83, 0.33, misread, right=True).put(0.995, 0.33, "24.00", right=True)
    (reading,) = read_page(form.page(), Source.OCR)
    assert reading.lines[0].tax_rate is None
    assert "tax_rate" in {cell.column for cell in reading.blank_cells}


def test_a_half_read_rate_stays_for_a_person_to_see() -> None:
    form = old_form().put(0.008, 0.33, "*预付卡销售*充值").put(0.785, 0.33, "500.00", right=True)
    (line,) = lines(form.put(0.83, 0.33, "本征税", right=True))
    assert line.tax_rate == "本征税"


def total_cells(form: Drawing) -> list[Box]:
    (reading,) = read_page(form.page(), Source.OCR)
    return [cell.box for cell in reading.blank_cells if cell.line == TOTAL_ROW]


def untaxed(net_y: float = 0.66) -> Drawing:
    form = digital_form().put(0.01, 0.33, "*经营租赁*通行费").put(0.735, 0.33, "39.00", right=True)
    return form.put(0.735, net_y, "￥39.00", right=True).put(0.75, 0.73, "￥39.00").put(0.2, 0.73, "叁拾玖圆整")


@pytest.mark.parametrize("misread", ["火大大", "中中中", "寅亥我"])
def test_asterisks_read_as_characters_leave_the_total_tax_to_be_looked_at_again(misread: str) -> None:
    form = untaxed().put(0.967, 0.66, misread, middle=True)
    token = form.tokens[-1]
    (box,) = total_cells(form)
    assert box.x0 < token.box.x0
    assert token.box.x1 < box.x1


def test_the_total_tax_is_looked_for_beside_a_net_amount_set_right_of_its_column() -> None:
    form = digital_form().put(0.01, 0.33, "*经营租赁*通行费").put(0.735, 0.33, "39.00", right=True)
    form.put(0.795, 0.66, "￥39.00", right=True).put(0.75, 0.73, "￥39.00").put(0.2, 0.73, "叁拾玖圆整")
    assert len(total_cells(form.put(0.967, 0.66, "中中中", middle=True))) == 1


def test_a_total_tax_that_lost_its_last_place_on_the_rule_is_looked_at_again() -> None:
    assert len(total_cells(untaxed().put(0.975, 0.66, "￥1.1", right=True))) == 1


def test_a_printed_figure_beside_the_total_is_never_looked_through() -> None:
    form = untaxed().put(0.96, 0.66, "1.17", right=True)
    assert total_cells(form) == []


def test_the_net_amount_off_its_label_still_says_where_the_total_tax_stands() -> None:
    (box,) = total_cells(untaxed(0.675))
    figure = next(t for t in untaxed(0.675).tokens if t.text == "￥39.00")
    assert box.y0 < figure.box.centre_y < box.y1
