"""CustomDatas and CustomTags of an OFD."""

from __future__ import annotations

from extraction.ofd_reader import OfdReader
from extraction.reading import Reading
from models.evidence import Source
from models.kinds import InvoiceKind
from models.pages import Media
from tests.extraction.documents import opened

NUMBER = "24442000000012345678"
DATA = {
    "Author": "China Tax",
    "CreationDate": "2024-05-31",
    "template-version": "1.0.20.0422",
    "发票号码": NUMBER,
    "开票日期": "2024年05月28日",
    "合计金额": "100.00",
    "合计税额": "13.00",
    "购买方纳税人识别号": "91440300586123453R",
    "销售方纳税人识别号": "91330106MA2ABC125C",
}
TAGS: dict[str, tuple[str, ...]] = {
    "InvoiceNo": (NUMBER,),
    "BuyerName": ("广州⻓江示例", "有限公司"),
    "SellerName": ("杭州（示例）纸业有限公司",),
    "TaxExclusiveTotalAmount": ("¥", "100.00"),
    "TaxTotalAmount": ("¥", "13.00"),
    "TaxInclusiveTotalAmount": ("壹佰壹拾叁圆整", "¥", "113.00"),
    "InvoiceClerk": ("张三", "张三"),
    "Note": ("    ", "收款人:李四;    ", "复核人:王五;"),
    "Item": ("*纸制品*复印", "纸"),
    "Amount": ("100.00",),
    "TaxScheme": ("13%",),
    "TaxAmount": ("13.00",),
    "Quantity": ("1",),
    "Price": ("100",),
}


def read(metadata: dict[str, str] | None = None, tags: dict[str, tuple[str, ...]] | None = None) -> list[Reading]:
    return OfdReader().read(opened(Media.OFD, metadata=metadata, tags=tags))


def test_custom_datas() -> None:
    (reading,) = read(DATA)
    assert reading.source is Source.OFD
    assert {name: reading.first(name) for name in reading.fields} == {
        "invoice_number": NUMBER,
        "issue_date": "2024-05-28",
        "total_excl_tax": "100.00",
        "total_tax": "13.00",
        "buyer_tax_id": "91440300586123453R",
        "seller_tax_id": "91330106MA2ABC125C",
    }


def test_the_date_of_the_file_is_not_the_date_of_the_invoice() -> None:
    assert "issue_date" not in read({"发票号码": NUMBER, "CreationDate": "2024-05-31"})[0].fields


def test_an_electronic_invoice_is_known_by_its_code() -> None:
    (reading,) = read({"发票代码": "044001900111", "发票号码": "01234567", "校验码": "01234 56789 01234 56789"})
    assert reading.kind is InvoiceKind.ORDINARY_E
    assert reading.first("check_code") == "01234567890123456789"


def test_tags_bind_texts_to_fields() -> None:
    (reading,) = read({}, TAGS)
    assert reading.first("buyer_name") == "广州长江示例有限公司"
    assert reading.first("seller_name") == "杭州（示例）纸业有限公司"
    assert (reading.first("total_excl_tax"), reading.first("total_incl_tax")) == ("100.00", "113.00")
    assert reading.first("total_in_words") == "壹佰壹拾叁圆整"
    assert reading.first("drawer") == "张三", "drawn twice, written once"
    assert reading.first("remarks") == "收款人:李四; 复核人:王五;"


def test_the_row_of_a_wrapped_name() -> None:
    (line,) = read({}, TAGS)[0].lines
    assert (line.item_name, line.amount_excl_tax, line.tax_rate, line.quantity) == (
        "*纸制品*复印纸",
        "100.00",
        "13%",
        "1",
    )


def test_rows_that_cannot_be_told_apart_are_left_to_the_page() -> None:
    two = TAGS | {"Amount": ("90.00", "10.00"), "TaxScheme": ("13%", "13%"), "TaxAmount": ("11.70", "1.30")}
    assert read({}, two | {"Item": ("*纸制品*复印", "纸", "*笔*笔")})[0].lines == ()
    (reading,) = read({}, two | {"Item": ("*纸制品*纸", "*笔*笔")})
    assert reading.lines == (), "one quantity for two rows"
    assert not reading.lines_complete


def test_data_and_tags_that_disagree_are_both_kept() -> None:
    (reading,) = read(DATA, TAGS | {"TaxTotalAmount": ("¥", "13.01")})
    assert [(e.value, e.label) for e in reading.fields["total_tax"]] == [
        ("13.00", "CustomData: 合计税额"),
        ("13.01", "CustomTag: TaxTotalAmount"),
    ]


def test_nothing_is_claimed_without_a_number_or_for_another_medium() -> None:
    assert read({"开票日期": "2024年05月28日"}) == []
    assert OfdReader().read(opened(Media.PDF, metadata=DATA)) == []
