"""Old e-invoices and paper: fields by label, shape and place; drift, two on a page, seals, 小计."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.layouts import read_page
from extraction.layouts.findings import GUESSED
from extraction.reading import Reading
from extraction.second_look import LEAST_CONFIDENCE
from models.evidence import Source
from models.kinds import InvoiceKind
from models.pages import Box, Page, Token
from tests.extraction.layouts.drawing import Drawing, fill_old_form, old_form

KEY = {
    "invoice_code": "033002100411",
    "invoice_number": "20418837",
    "issue_date": "2022-03-08",
    "buyer_name": "宁波栖岚机械有限公司",
    "buyer_tax_id": "91330205MA2AF1234X",
    "seller_name": "绍兴禾沐饮品有限公司",
    "seller_tax_id": "91330602MA2D91827K",
    "total_excl_tax": "424.80",
    "total_tax": "55.22",
    "total_incl_tax": "480.02",
}
OTHER = {
    "check_code": "10293847565647382910",
    "machine_number": "661912345678",
    "total_in_words": "肆佰捌拾圆零贰分",
    "remarks": "订单号:7788",
    "payee": "沈一舟",
    "reviewer": "陆青",
    "drawer": "何知秋",
}


def only(page: Page, source: Source = Source.OCR) -> Reading:
    readings = read_page(page, source)
    assert len(readings) == 1
    return readings[0]


def values(reading: Reading) -> dict[str, str | None]:
    return {name: reading.first(name) for name in {**KEY, **OTHER}}


def test_every_field_of_an_old_e_invoice_is_read() -> None:
    reading = only(fill_old_form(old_form()).page())
    assert reading.kind is InvoiceKind.ORDINARY_E
    assert values(reading) == {**KEY, **OTHER}
    assert reading.first("buyer_bank_account") == "甬江银行江北支行30100200300"
    assert [line.export() for line in reading.lines] == [
        {
            "item_name": "*软饮料*气泡水",
            "specification": "330ml",
            "unit": "箱",
            "quantity": "12",
            "unit_price": "35.4",
            "amount_excl_tax": "424.80",
            "tax_rate": "13%",
            "tax_amount": "55.22",
        }
    ]


@pytest.mark.parametrize("down", [-0.025, 0.02, 0.03])
def test_print_that_missed_the_form_by_half_a_row_is_still_read(down: float) -> None:
    reading = only(fill_old_form(old_form(), down=down).page())
    assert {name: reading.first(name) for name in KEY} == KEY


@pytest.mark.parametrize("down", [-0.15, -0.075, 0.06, 0.075])
def test_totals_printed_rows_off_their_labels_are_known_by_their_yen_signs(down: float) -> None:
    form = old_form()
    for row in range(6):  # a row of figures without ¥ stands beside the label of 合计
        y = 0.33 + 0.056 * row + down
        form.put(0.785, y, f"{70 + row}.80", right=True).put(0.995, y, f"{9 + row}.20", right=True)
    form.put(0.785, 0.67 + down, "￥424.80", right=True).put(0.995, 0.67 + down, "￥55.22", right=True)
    form.put(0.30, 0.735 + down, "肆佰捌拾圆零贰分").put(0.81, 0.735 + down, "￥480.02")
    reading = only(form.page())
    found = {name: reading.first(name) for name in ("total_excl_tax", "total_tax", "total_incl_tax")}
    assert found == {"total_excl_tax": "424.80", "total_tax": "55.22", "total_incl_tax": "480.02"}


def test_every_value_says_where_it_stands_and_how_it_was_found() -> None:
    reading = only(fill_old_form(old_form()).page())
    for found in reading.fields.values():
        for evidence in found:
            assert evidence.label
            assert evidence.box is not None
            assert 0 <= evidence.box.x0 < evidence.box.x1 <= 1
            assert 0 <= evidence.box.y0 < evidence.box.y1 <= 1.1
    name = reading.fields["buyer_name"][0]
    assert name.confidence == pytest.approx(0.99)


def test_a_slanted_scan_reads_like_a_straight_one() -> None:
    page = fill_old_form(old_form()).page()
    tokens = tuple(
        replace(t, box=Box(t.box.x0, t.box.y0 + 0.012 * t.box.x0, t.box.x1, t.box.y1 + 0.012 * t.box.x0))
        for t in page.tokens
    )
    assert {n: only(replace(page, tokens=tokens)).first(n) for n in KEY} == KEY


def test_two_invoices_on_one_sheet_are_two_readings() -> None:
    upper = fill_old_form(old_form()).page()
    shift = 1100.0
    lower = tuple(
        replace(
            t,
            box=Box(t.box.x0, t.box.y0 + shift, t.box.x1, t.box.y1 + shift),
            text=t.text.replace("20418837", "20418838"),
        )
        for t in upper.tokens
    )
    page = Page(1, upper.width, upper.height + shift, (*upper.tokens, *lower))
    first, second = read_page(page, Source.OCR)
    assert (first.first("invoice_number"), second.first("invoice_number")) == ("20418837", "20418838")
    assert {n: second.first(n) for n in KEY if n != "invoice_number"} == {
        n: v for n, v in KEY.items() if n != "invoice_number"
    }


def test_the_code_settles_a_half_read_title() -> None:
    form = old_form(title="浙江增通发票")
    assert only(fill_old_form(form).page()).kind is InvoiceKind.ORDINARY_E


def test_paper_prints_code_and_number_twice_and_both_readings_are_kept() -> None:
    form = old_form(title="浙江增值税专用发票")
    form.put(0.11, -0.20, "3300211130").put(0.75, -0.20, "No 20418837")
    form.put(0.91, -0.16, "3300211130").put(0.91, -0.12, "20418837")
    reading = only(form.put(0.74, -0.06, "开票日期：").put(0.84, -0.06, "2022年03月08日").page())
    assert reading.kind is InvoiceKind.SPECIAL_PAPER
    assert [e.value for e in reading.fields["invoice_code"]] == ["3300211130", "3300211130"]
    assert [e.value for e in reading.fields["invoice_number"]] == ["20418837", "20418837"]


def test_a_small_number_printed_close_beside_the_large_one_is_a_number_of_its_own() -> None:
    form = old_form(title="浙江增值税专用发票").put(0.11, -0.20, "3300211130").put(0.75, -0.20, "No 20418837")
    large = form.tokens[-1]
    small = Box(large.box.x1 + 2, large.box.y0 + 6, large.box.x1 + 80, large.box.y1 - 3)
    form.tokens.append(Token("20418837", small, 0.99))
    assert [e.value for e in only(form.page()).fields["invoice_number"]] == ["20418837", "20418837"]


def test_two_readings_of_the_number_that_differ_are_both_doubtful() -> None:
    form = old_form(title="浙江增值税专用发票")
    form.put(0.75, -0.20, "No 20418837").put(0.91, -0.12, "20418831")
    found = only(form.page()).fields["invoice_number"]
    assert len(found) == 2
    assert all(evidence.confidence < 0.7 for evidence in found)


def test_paper_printed_from_the_platform_carries_a_digital_number_in_the_cipher_place() -> None:
    form = old_form(title="浙江增值税专用发票")
    form.put(0.11, -0.20, "3300211130").put(0.75, -0.20, "No 20418837").put(0.66, 0.12, "24332000000012345678")
    reading = only(form.page())
    assert reading.kind is InvoiceKind.DIGITAL_PAPER_SPECIAL
    assert reading.first("digital_invoice_number") == "24332000000012345678"
    assert (reading.first("invoice_code"), reading.first("invoice_number")) == ("3300211130", "20418837")


def test_a_bank_that_drifted_beside_the_label_of_the_address_is_no_address() -> None:
    form = fill_old_form(old_form())
    form.tokens = [t for t in form.tokens if "30100200300" not in t.text and "云飞路" not in t.text]
    reading = only(form.put(0.17, 0.15, "甬江银行江北支行6978405093521840966").page())
    assert reading.first("buyer_bank_account") == "甬江银行江北支行6978405093521840966"
    assert reading.first("buyer_address_phone") is None


def test_an_address_that_drifted_beside_the_label_of_the_bank_is_no_account() -> None:
    form = fill_old_form(old_form())
    form.tokens = [t for t in form.tokens if "30100200300" not in t.text and "云飞路" not in t.text]
    reading = only(form.put(0.17, 0.21, "宁波市江北区云飞路9号0574-81230001").page())
    assert reading.first("buyer_address_phone") == "宁波市江北区云飞路9号0574-81230001"
    assert reading.first("buyer_bank_account") is None


def test_a_machine_number_off_its_label_is_proposed_to_a_person_who_sees_whose_it_is() -> None:
    form = fill_old_form(old_form())
    form.tokens = [t for t in form.tokens if "661912345678" not in t.text]
    form.put(0.10, -0.20, "机器编号：").put(0.10, -0.03, "661912345678")
    (found,) = only(form.page()).fields["machine_number"]
    assert found.value == "661912345678"
    assert found.confidence < LEAST_CONFIDENCE, "a second look would confirm the digits, not whose they are"
    assert only(form.page(), Source.PDF).first("machine_number") is None


def test_two_labelled_machine_numbers_contradict_each_other() -> None:
    form = fill_old_form(old_form()).put(0.10, -0.24, "机器编号：539900112233")
    found = only(form.page()).fields["machine_number"]
    assert {evidence.value for evidence in found} == {"539900112233", "661912345678"}


def test_seal_text_does_not_get_into_the_remarks() -> None:
    form = fill_old_form(old_form())
    form.put(0.80, 0.88, "91330602MA2D91827K").put(0.82, 0.94, "发票专用章").put(
        0.79, 0.80, "禾沐饮品有限", confidence=0.7
    )
    assert only(form.page()).first("remarks") == "订单号:7788"


def test_an_amount_that_lost_its_decimals_is_not_believed() -> None:
    form = old_form()
    form.put(0.785, 0.67, "￥42480", right=True).put(0.995, 0.67, "￥55.22", right=True).put(0.81, 0.735, "￥48002")
    reading = only(form.page())
    assert reading.first("total_excl_tax") is None
    assert reading.first("total_incl_tax") is None
    assert reading.first("total_tax") == "55.22"


def test_asterisks_stand_for_the_tax_of_an_untaxed_invoice() -> None:
    form = old_form()
    form.put(0.008, 0.33, "*住宿服务*住宿费").put(0.785, 0.33, "600.00", right=True)
    form.put(0.83, 0.33, "免税", right=True).put(0.995, 0.33, "***", right=True)
    form.put(0.785, 0.67, "￥600.00", right=True).put(0.995, 0.67, "***", right=True).put(0.81, 0.735, "￥600.00")
    reading = only(form.page())
    assert (reading.first("total_tax"), reading.first("total_incl_tax")) == ("***", "600.00")
    assert (reading.lines[0].tax_rate, reading.lines[0].tax_amount) == ("免税", "***")


def test_the_tax_is_never_taken_from_the_gross_row() -> None:
    form = old_form()
    form.put(0.785, 0.67, "￥19.49", right=True).put(0.81, 0.735, "￥19.49")
    assert only(form.page()).first("total_tax") is None


def test_a_gross_that_drifted_into_the_row_of_the_total_is_a_guess_at_the_tax() -> None:
    form = old_form().put(0.93, 0.67, "￥480.02", right=True).put(0.995, 0.60, "￥55.22", right=True)
    for evidence in only(form.page()).fields["total_tax"]:
        assert evidence.confidence < LEAST_CONFIDENCE, "looking at it again would not tell which amount it is"


def test_of_two_amounts_that_drifted_into_its_column_the_tax_is_the_smaller() -> None:
    form = old_form().put(0.93, 0.704, "￥480.02", right=True).put(0.995, 0.635, "￥55.22", right=True)
    (found,) = only(form.page()).fields["total_tax"]
    assert found.value == "55.22"
    assert found.confidence < LEAST_CONFIDENCE


def test_a_tax_that_drifted_beside_the_label_of_the_gross_is_a_guess_at_it() -> None:
    form = old_form().put(0.995, 0.735, "￥27.12", right=True)
    (guess,) = only(form.page()).fields["total_incl_tax"]
    assert guess.confidence < LEAST_CONFIDENCE


def test_words_that_drifted_among_the_sellers_values_are_still_the_amount_and_no_name() -> None:
    reading = only(fill_old_form(old_form(), down=0.095).page())
    assert reading.first("total_in_words") == "肆佰捌拾圆零贰分"
    assert reading.first("seller_name") == KEY["seller_name"]


def test_a_buyer_without_a_number_has_none() -> None:
    form = old_form().put(0.12, 0.03, "个人")
    reading = only(form.page())
    assert reading.first("buyer_name") == "个人"
    assert reading.first("buyer_tax_id") is None


def test_a_page_without_an_item_table_or_title_is_no_invoice() -> None:
    page = Drawing().put(0.1, 0.1, "会议纪要").put(0.1, 0.2, "出席人：沈一舟、陆青").page()
    assert read_page(page, Source.OCR) == []


def test_hidden_text_off_the_page_is_not_read() -> None:
    page = fill_old_form(old_form()).page()
    ghost = Token("开票日期：2011年01月01日", Box(1200, -40, 1500, -16))
    assert [e.value for e in only(replace(page, tokens=(ghost, *page.tokens))).fields["issue_date"]] == ["2022-03-08"]


def test_a_letter_of_the_margin_is_no_part_of_a_name() -> None:
    form = fill_old_form(old_form())
    name = next(t for t in form.tokens if "名称" in t.text and t.box.y0 > form.y(0.6))
    form.tokens.append(Token("用", Box(form.x(-0.015), name.box.y0, form.x(-0.002), name.box.y1), 0.99))
    plain = only(fill_old_form(old_form()).page())
    assert only(form.page()).first("seller_name") == plain.first("seller_name")


@pytest.mark.parametrize("speck", ["•", '"', "•.", "·", "☑"])
def test_a_speck_before_a_name_is_no_part_of_it(speck: str) -> None:
    form = fill_old_form(old_form())
    plain = only(form.page())
    for field in ("buyer_name", "payee"):
        value = plain.first(field)
        at = next(i for i, t in enumerate(form.tokens) if t.text == value)
        form.tokens[at] = replace(form.tokens[at], text=speck + form.tokens[at].text)
    assert {f: only(form.page()).first(f) for f in ("buyer_name", "payee")} == {
        f: plain.first(f) for f in ("buyer_name", "payee")
    }


def test_a_figure_before_a_name_may_belong_to_it() -> None:
    form = fill_old_form(old_form())
    at = next(i for i, t in enumerate(form.tokens) if t.text == only(form.page()).first("buyer_name"))
    form.tokens[at] = replace(form.tokens[at], text="7" + form.tokens[at].text)
    assert only(form.page()).first("buyer_name") == form.tokens[at].text


def test_a_name_with_a_hole_is_doubtful() -> None:
    form = fill_old_form(old_form())
    whole = only(form.page()).fields["seller_name"][0]
    at = next(i for i, t in enumerate(form.tokens) if t.text == whole.value)
    token = form.tokens[at]
    step = token.box.width / len(token.text)
    box = token.box
    form.tokens[at] = Token(token.text[:2], Box(box.x0, box.y0, box.x0 + 2 * step, box.y1), 0.99)
    form.tokens.append(Token(token.text[5:], Box(box.x0 + 5 * step, box.y0, box.x1, box.y1), 0.99))
    holed = only(form.page()).fields["seller_name"][0]
    assert holed.value != whole.value
    assert holed.confidence <= GUESSED


@pytest.mark.parametrize("rest", ["部", "第十二项目部"])
@pytest.mark.parametrize("up", [0.013, 0.024, 0.0])
def test_a_name_on_two_lines_is_whole_wherever_its_label_stands_beside_them(rest: str, up: float) -> None:
    form = fill_old_form(old_form())
    form.tokens = [t for t in form.tokens if t.text != KEY["buyer_name"]]
    form.put(0.17, 0.03 - up, "宁波栖岚机械物流技术服务区域运营管理有限公司")
    form.put(0.17, 0.03 - up + 0.036, rest)
    assert only(form.page(), Source.PDF).first("buyer_name") == "宁波栖岚机械物流技术服务区域运营管理有限公司" + rest


@pytest.mark.parametrize("mark", ["通行费", "代开", "销项负数", "成品油"])
def test_the_mark_in_the_corner_is_read(mark: str) -> None:
    assert only(fill_old_form(old_form()).put(0.24, -0.12, mark).page()).first("corner_mark") == mark


def test_a_toll_mark_in_the_font_of_an_issuing_client_is_named() -> None:
    reading = only(fill_old_form(old_form()).put(0.24, -0.12, "﹊﹋﹌").page(), Source.PDF)
    assert [(e.value, e.raw) for e in reading.fields["corner_mark"]] == [("通行费", "﹊﹋﹌")]


def test_another_word_in_the_corner_and_the_same_word_elsewhere_are_no_mark() -> None:
    form = fill_old_form(old_form()).put(0.24, -0.12, "记账联").put(0.62, 0.9, "代开")
    assert only(form.page()).first("corner_mark") is None
