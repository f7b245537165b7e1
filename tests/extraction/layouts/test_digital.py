"""数电票: two boxes beside each other, clerks in the remarks, titles under the seal."""

from __future__ import annotations

from extraction.layouts import read_page
from extraction.reading import Reading
from models.evidence import Source
from models.kinds import InvoiceKind
from tests.extraction.layouts.test_item_lines import digital_form


def read(*remarks: str, without: str = "") -> Reading:
    form = digital_form()
    form.tokens = [t for t in form.tokens if not without or without not in t.text]
    form.put(0.725, 0.66, "¥10.00", right=True).put(0.98, 0.66, "¥0.60", right=True).put(0.755, 0.73, "¥10.60")
    form.put(0.30, 0.73, "壹拾圆陆角整").put(0.01, 0.82, "备").put(0.01, 0.90, "注")
    for row, text in enumerate(remarks):
        form.put(0.04, 0.80 + 0.04 * row, text)
    (reading,) = read_page(form.page(), Source.PDF)
    return reading


def test_the_left_box_is_the_buyer_and_the_right_one_the_seller() -> None:
    form = digital_form()
    names = [i for i, token in enumerate(form.tokens) if token.text.startswith("名称")]
    form.tokens = [t for i, t in enumerate(form.tokens) if i != names[1]]
    form.put(0.535, 0.05, "名称：绍兴禾沐饮品有限公司")
    (reading,) = read_page(form.page(), Source.PDF)
    assert (reading.first("buyer_name"), reading.first("seller_name")) == (
        "宁波栖岚机械有限公司",
        "绍兴禾沐饮品有限公司",
    )
    assert reading.first("invoice_number") == "24332000000012345678"


def test_a_credit_code_broken_over_two_lines_is_whole_where_its_check_characters_say_so() -> None:
    form = digital_form()
    form.tokens = [t for t in form.tokens if "纳税人识别号" not in t.text]
    for x in (0.035, 0.535):
        form.put(x, 0.11, "统一社会信用代码/纳税人识别号：91110108")
    form.put(0.035, 0.155, "769914581E").put(0.535, 0.155, "769914581F")
    (reading,) = read_page(form.page(), Source.PDF)
    assert reading.first("buyer_tax_id") == "91110108769914581E"
    assert reading.first("seller_tax_id") is None, "no check character bears it out"
    assert reading.first("buyer_name") == "宁波栖岚机械有限公司"


def test_payee_and_reviewer_stand_in_the_remarks_even_where_a_name_wraps() -> None:
    reading = read("收款人:张一; 复核人:郑强", "桂;")
    assert (reading.first("payee"), reading.first("reviewer")) == ("张一", "郑强桂")
    assert reading.first("drawer") == "何知秋"
    assert reading.first("remarks") == "收款人:张一; 复核人:郑强\n桂;"


def test_an_order_number_of_twenty_digits_in_the_remarks_is_not_the_invoice_number() -> None:
    reading = read("订单号:25441000000098765432")
    assert [e.value for e in reading.fields["invoice_number"]] == ["24332000000012345678"]


def test_a_title_that_was_not_read_leaves_the_kind_open() -> None:
    assert read(without="电子发票").kind is None


def test_a_half_read_title_still_tells_ordinary_from_special() -> None:
    form = digital_form()
    form.tokens = [t for t in form.tokens if "电子发票" not in t.text]
    (reading,) = read_page(form.put(0.55, -0.30, "专用发").page(), Source.OCR)
    assert reading.kind is InvoiceKind.DIGITAL_SPECIAL


def test_boxes_beside_each_other_make_it_digital_though_the_seal_parts_its_title() -> None:
    form = digital_form()
    form.tokens = [t for t in form.tokens if "电子发票" not in t.text]
    form.put(0.36, -0.30, "电子发票").put(0.55, -0.30, "增值税专用发票）")
    (reading,) = read_page(form.page(), Source.OCR)
    assert reading.kind is InvoiceKind.DIGITAL_SPECIAL
    assert reading.first("buyer_name") == reading.first("seller_name") == "宁波栖岚机械有限公司"


def test_semicolons_of_recognised_remarks_that_were_read_as_colons() -> None:
    form = digital_form()
    form.put(0.725, 0.66, "¥10.00", right=True).put(0.98, 0.66, "¥0.60", right=True).put(0.755, 0.73, "¥10.60")
    form.put(0.04, 0.80, "收款人：张一：复核人：郑强：")
    (reading,) = read_page(form.page(), Source.OCR)
    assert reading.first("remarks") == "收款人：张一;复核人：郑强;"
