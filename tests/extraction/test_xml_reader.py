"""Invoice XML of every dialect, with the traps that real files set."""

from __future__ import annotations

import pytest

from extraction.reading import Reading
from extraction.xml_reader import XmlReader
from models.evidence import Source
from models.kinds import InvoiceKind
from models.pages import Media
from tests.extraction.documents import opened

NUMBER = "24442000000012345678"
EINVOICE = f"""<?xml version="1.0" encoding="utf-8"?>
<EInvoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <Header><EIid>{NUMBER}</EIid><EInvoiceTag>SWEI4400</EInvoiceTag><Version>0.2</Version>
  <InherentLabel><InIssuType><LabelCode>Y</LabelCode><LabelName>是否蓝字发票标志</LabelName></InIssuType>
   <EInvoiceType><LabelCode>01</LabelCode><LabelName>电子发票</LabelName></EInvoiceType>
   <GeneralOrSpecialVAT><LabelCode>02</LabelCode><LabelName>普通发票</LabelName></GeneralOrSpecialVAT></InherentLabel>
  <UndefinedLabel><Label/></UndefinedLabel></Header>
 <EInvoiceData>
  <SellerInformation><SellerIdNum>91330106MA2ABC125C</SellerIdNum><SellerName>杭州（示例）纸业有限公司</SellerName>
   <SellerAddr>杭州市西湖区一号</SellerAddr><SellerTelNum>0571-1</SellerTelNum><SellerBankName/></SellerInformation>
  <BuyerInformation><BuyerIdNum xsi:nil="true"/><BuyerName>个人</BuyerName></BuyerInformation>
  <BasicInformation><TotalAmWithoutTax>100.00</TotalAmWithoutTax><TotalTaxAm>13.00</TotalTaxAm>
   <TotalTax-includedAmount>113.00</TotalTax-includedAmount>
   <TotalTax-includedAmountInChinese>壹佰壹拾叁圆整</TotalTax-includedAmountInChinese>
   <Drawer>张三</Drawer><RequestTime>2024-05-13 23:59:58</RequestTime></BasicInformation>
  <IssuItemInformation><ItemName>*纸制品*复印纸</ItemName><SpecMod/><MeaUnits>箱</MeaUnits>
   <Quantity>3.0000000000000</Quantity><UnPrice>40.0000000000000</UnPrice><Amount>120.00</Amount>
   <TaxRate>0.130000</TaxRate><ComTaxAm>15.60</ComTaxAm><TotaltaxIncludedAmount>135.60</TotaltaxIncludedAmount>
   <TaxClassificationCode>1060105010000000000</TaxClassificationCode></IssuItemInformation>
  <IssuItemInformation><ItemName>*纸制品*复印纸</ItemName><Quantity/><UnPrice/><Amount>-20.00</Amount>
   <TaxRate>0.130000</TaxRate><ComTaxAm>-2.60</ComTaxAm><TotaltaxIncludedAmount>-22.60</TotaltaxIncludedAmount>
   </IssuItemInformation>
  <SpecificInformation/><AdditionalInformation><Remark>订单 7
收款人:李四; 复核人:王五;</Remark></AdditionalInformation>
 </EInvoiceData>
 <TaxSupervisionInfo><InvoiceNumber>{NUMBER}</InvoiceNumber><IssueTime>2024-05-14</IssueTime>
  <TaxBureauCode>14400</TaxBureauCode></TaxSupervisionInfo>
 <TaxBureauSignature><InvoiceNumber>99999999999999999999</InvoiceNumber></TaxBureauSignature>
</EInvoice>"""

ORIGINAL = """<?xml version="1.0" encoding="utf-8"?>
<eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019" Version="1.0"><fp:DocID>01</fp:DocID>
<fp:InvoiceCode>044001900111</fp:InvoiceCode><fp:InvoiceNo>01234567</fp:InvoiceNo>
<fp:IssueDate>2019年11月02日</fp:IssueDate><fp:InvoiceCheckCode>01234567890123456789</fp:InvoiceCheckCode>
<fp:MachineNo>661912345678</fp:MachineNo>
<fp:Buyer><fp:BuyerName>广州示例有限公司</fp:BuyerName><fp:BuyerTaxID>
</fp:BuyerTaxID></fp:Buyer>
<fp:Seller><fp:SellerName>示例餐饮店</fp:SellerName><fp:SellerTaxID>91330106MA2ABC125C</fp:SellerTaxID></fp:Seller>
<fp:TaxInclusiveTotalAmount>57.00</fp:TaxInclusiveTotalAmount><fp:Note></fp:Note>
<fp:InvoiceClerk>admin</fp:InvoiceClerk><fp:Payee>李四</fp:Payee><fp:Checker>王五</fp:Checker>
<fp:TaxTotalAmount>***</fp:TaxTotalAmount><fp:TaxExclusiveTotalAmount>57.00</fp:TaxExclusiveTotalAmount>
<fp:GoodsInfos><fp:GoodsInfo><fp:Item>*餐饮服务*餐费</fp:Item><fp:Price>57</fp:Price><fp:Quantity>1</fp:Quantity>
<fp:Amount>57.00</fp:Amount><fp:TaxScheme>免税</fp:TaxScheme><fp:TaxAmount>***</fp:TaxAmount></fp:GoodsInfo>
</fp:GoodsInfos></eInvoice>"""

RAIL = """<?xml version="1.0" encoding="UTF-8"?><xbrl xmlns="http://www.xbrl.org/2003/instance"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:rai="http://xbrl.mof.gov.cn/taxonomy/2023-12-31/rai">
<context id="A"><entity><identifier scheme="http://xbrl.mof.gov.cn">25449166851000000001</identifier></entity></context>
<rai:TypeOfVoucher contextRef="A">电子发票（铁路电子客票）</rai:TypeOfVoucher>
<rai:ElectronicInvoiceRailwayETicketNumber contextRef="A">25449166851000000001
</rai:ElectronicInvoiceRailwayETicketNumber>
<rai:DateOfIssue contextRef="A">2025-12-26</rai:DateOfIssue><rai:IssueParty contextRef="A" xsi:nil="true"/>
<rai:TypeOfBusiness contextRef="A">售</rai:TypeOfBusiness>
<rai:DepartureStation contextRef="A">甬江</rai:DepartureStation>
<rai:PhonicsOfDepartureStation contextRef="A">Yongjiang</rai:PhonicsOfDepartureStation>
<rai:TrainNumber contextRef="A">G1</rai:TrainNumber>
<rai:Fare contextRef="A" decimals="2">109.00</rai:Fare><rai:Name contextRef="A">＊＊</rai:Name>
<rai:Carriage contextRef="A">06车</rai:Carriage>
<rai:ETicketNumber contextRef="A">1234567890123456789012025</rai:ETicketNumber>
<rai:TotalAmountExcludingTax contextRef="A">100.00</rai:TotalAmountExcludingTax>
<rai:TaxRate contextRef="A">0.09</rai:TaxRate><rai:TaxAmount contextRef="A">9.00</rai:TaxAmount>
<rai:NameOfPurchaser contextRef="A">广州示例有限公司</rai:NameOfPurchaser>
<rai:UnifiedSocialCreditCodeOfPurchaser contextRef="A" xsi:nil="true"/></xbrl>"""

AIR = """<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:atr="http://xbrl.mof.gov.cn/taxonomy/2023-12-31/atr">
<atr:ElectronicInvoiceAirTransportReceiptNumber>25448000000000000001</atr:ElectronicInvoiceAirTransportReceiptNumber>
<atr:IssueDate>2025-07-04</atr:IssueDate><atr:Fare>1000.00</atr:Fare><atr:FuelSurcharge>100.00</atr:FuelSurcharge>
<atr:VatRate>0.09</atr:VatRate><atr:VatTaxAmount>99.00</atr:VatTaxAmount>
<atr:CivilAviationDevelopmentFund>50.00</atr:CivilAviationDevelopmentFund><atr:TotalAmount>1249.00</atr:TotalAmount>
<atr:ETicketNumber>7810000000001</atr:ETicketNumber><atr:PassengerName>某某</atr:PassengerName></xbrl>"""

STANDARD = """<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:inv="http://xbrl.mof.gov.cn/taxonomy/2021-11-30/inv">
<inv:CodeOfInvoice>044001900111</inv:CodeOfInvoice><inv:NumberOfInvoice>01234567</inv:NumberOfInvoice>
<inv:DateOfIssue>2019-11-02</inv:DateOfIssue><inv:NameOfSeller>示例店</inv:NameOfSeller>
<inv:TotalAmountExcludingTax>100.00</inv:TotalAmountExcludingTax><inv:TotalTaxAmount>6.00</inv:TotalTaxAmount>
<inv:TaxIncludedAmountInFigures>106.00</inv:TaxIncludedAmountInFigures>
<inv:InformationOfTaxableGoodsOrServicesDetailItemsTuple>
<inv:NameOfTaxableGoodsOrServices>*现代服务*后勤服务</inv:NameOfTaxableGoodsOrServices>
<inv:AmountExcludingTax>100.00</inv:AmountExcludingTax><inv:TaxRate>6.00%</inv:TaxRate>
<inv:TaxAmount>6.00</inv:TaxAmount></inv:InformationOfTaxableGoodsOrServicesDetailItemsTuple></xbrl>"""

CHINESE = f"""<电子发票><发票类型>电子发票（增值税专用发票）</发票类型><发票号码>{NUMBER}</发票号码>
<开票日期>2024-05-14</开票日期>
<购买方信息><名称>广州示例有限公司</名称><统一社会信用代码>91440300586123453R</统一社会信用代码></购买方信息>
<销售方信息><名称>杭州示例有限公司</名称><纳税人识别号>91330106MA2ABC125C</纳税人识别号></销售方信息>
<明细列表><明细><名称>*研发*开发</名称><数量>1</数量><单价>100</单价><金额>100.00</金额><税率>6%</税率><税额>6.00</税额></明细></明细列表>
<合计金额>100.00</合计金额><合计税额>6.00</合计税额><价税合计>106.00</价税合计></电子发票>"""

PINYIN = """<business><REQUEST><FPDM>044001900111</FPDM><FPHM>01234567</FPHM><KPRQ>20191102103000</KPRQ>
<GMF_MC>广州示例有限公司</GMF_MC><GMF_NSRSBH/>
<XSFMC>示例店</XSFMC><HJJE>100</HJJE><HJSE>6</HJSE><JSHJ>106</JSHJ><KPR>张三</KPR>
<XMXXS><XMXX><XMMC>*餐饮服务*餐费</XMMC><XMSL>2</XMSL><XMDJ>50</XMDJ><XMJE>100.00</XMJE><SL>0.06</SL><SE>6.00</SE></XMXX>
</XMXXS></REQUEST></business>"""


def read(xml: str | bytes) -> list[Reading]:
    return XmlReader().read(opened(Media.XML, xml.encode() if isinstance(xml, str) else xml))


def values(reading: Reading) -> dict[str, str | None]:
    return {name: reading.first(name) for name in reading.fields}


def test_a_digital_invoice() -> None:
    (reading,) = read(EINVOICE)
    assert (reading.source, reading.kind) == (Source.XML, InvoiceKind.DIGITAL_ORDINARY)
    assert values(reading) == {
        "invoice_number": NUMBER,
        "issue_date": "2024-05-14",
        "buyer_name": "个人",
        "buyer_tax_id": None,
        "seller_name": "杭州（示例）纸业有限公司",
        "seller_tax_id": "91330106MA2ABC125C",
        "seller_address_phone": "杭州市西湖区一号 0571-1",
        "seller_bank_account": None,
        "total_excl_tax": "100.00",
        "total_tax": "13.00",
        "total_incl_tax": "113.00",
        "total_in_words": "壹佰壹拾叁圆整",
        "drawer": "张三",
        "remarks": "订单 7\n收款人:李四; 复核人:王五;",
        "payee": "李四",
        "reviewer": "王五",
        "invoice_code": None,
        "check_code": None,
        "machine_number": None,
    }


def test_rows_are_told_from_totals_and_padding_zeros_are_dropped() -> None:
    item, discount = read(EINVOICE)[0].lines
    assert item.export() == {
        "item_name": "*纸制品*复印纸",
        "specification": None,
        "unit": "箱",
        "quantity": "3",
        "unit_price": "40",
        "amount_excl_tax": "120.00",
        "tax_rate": "13%",
        "tax_amount": "15.60",
        "tax_classification_code": "1060105010000000000",
    }
    assert (discount.quantity, discount.unit_price, discount.amount_excl_tax) == (None, None, "-20.00")


def test_every_value_says_where_it_stood() -> None:
    (reading,) = read(EINVOICE)
    (total,) = reading.fields["total_incl_tax"]
    assert (total.raw, total.label) == ("113.00", "数电票 XML: basicinformation/totaltaxincludedamount")


@pytest.mark.parametrize("label", ["02</LabelCode><LabelName/>", "02</LabelCode><LabelName>普通发票</LabelName>"])
def test_the_kind_comes_from_the_label_or_its_code(label: str) -> None:
    assert read(EINVOICE.replace("02</LabelCode><LabelName>普通发票</LabelName>", label))[0].kind is (
        InvoiceKind.DIGITAL_ORDINARY
    )
    special = EINVOICE.replace(
        "02</LabelCode><LabelName>普通发票</LabelName>", label.replace("02", "01").replace("普通", "专用")
    )
    assert read(special)[0].kind is InvoiceKind.DIGITAL_SPECIAL


def test_a_red_invoice_names_the_blue_one() -> None:
    red = EINVOICE.replace(
        "<SpecificInformation/>",
        "<SpecificInformation><RedEInvoice><OriginalInvoiceCode>24442000000000000001</OriginalInvoiceCode>"
        "<CreditNoteNumber>44010024051000000001</CreditNoteNumber></RedEInvoice></SpecificInformation>",
    ).replace("113.00", "-113.00")
    (reading,) = read(red)
    assert reading.first("original_invoice_number") == "24442000000000000001"
    assert reading.first("red_confirmation_number") == "44010024051000000001"
    assert reading.first("invoice_number") == NUMBER
    assert reading.first("total_incl_tax") == "-113.00"


def test_what_the_remarks_say_in_set_phrases_is_read_there() -> None:
    (reading,) = read(EINVOICE.replace("订单 7", "差额征税：80.00。"))
    assert reading.first("deduction_amount") == "80.00"
    assert reading.fields["deduction_amount"][0].label == "数电票 XML: remarks"


def test_a_toll_block_names_the_plate_and_the_days_of_each_row() -> None:
    toll = (
        "<Toll><PlateNumber>浙A12345</PlateNumber><VehicleType>客车</VehicleType>"
        "<StartDatesOfPassage>20240501094742000</StartDatesOfPassage>"
        "<EndDatesOfPassage>2024-05-02</EndDatesOfPassage></Toll>"
    )
    blocks = f"<SpecificInformation>{toll}{toll.replace('客车', '货车')}</SpecificInformation>"
    (reading,) = read(EINVOICE.replace("<SpecificInformation/>", blocks))
    assert (reading.first("special_business_type"), reading.first("plate")) == ("通行费", "浙A12345")
    assert reading.first("vehicle_type") is None, "the blocks differ"
    assert [dict(line.extra) for line in reading.lines] == [
        {
            "plate_number": "浙A12345",
            "vehicle_type": kind,
            "travel_date_from": "20240501",
            "travel_date_to": "2024-05-02",
        }
        for kind in ("客车", "货车")
    ]


def test_blocks_that_are_not_one_for_each_row_are_no_rows() -> None:
    block = "<SpecificInformation><Toll><PlateNumber>浙A12345</PlateNumber></Toll></SpecificInformation>"
    (reading,) = read(EINVOICE.replace("<SpecificInformation/>", block))
    assert [dict(line.extra) for line in reading.lines] == [{}, {}]
    assert reading.first("plate") == "浙A12345"


@pytest.mark.parametrize(
    "data",
    [
        EINVOICE.replace("utf-8", "UTF-16").encode("utf-16"),
        EINVOICE.replace("utf-8", "GB18030").encode("gb18030"),
        EINVOICE.encode("utf-8-sig"),
        EINVOICE.replace("utf-8", "UTF-16").encode("utf-8"),
        EINVOICE.replace("<EInvoice ", '<EInvoice xmlns="urn:tax" ').encode(),
        EINVOICE.replace("<Header>", "<tax:Header>").replace("</Header>", "</tax:Header>").encode(),
    ],
    ids=["utf-16", "gb18030", "bom", "wrong declaration", "namespace", "undeclared prefix"],
)
def test_encodings_and_namespaces_make_no_difference(data: bytes) -> None:
    (reading,) = read(data)
    assert values(reading) == values(read(EINVOICE)[0])


def test_original_invoice_of_an_ofd() -> None:
    document = opened(Media.OFD, b"PK", attachments={"original_invoice.xml": ORIGINAL.encode(), "seal.bin": b"\0\1"})
    (reading,) = XmlReader().read(document)
    assert reading.kind is InvoiceKind.ORDINARY_E
    assert (reading.first("invoice_code"), reading.first("invoice_number")) == ("044001900111", "01234567")
    assert (reading.first("issue_date"), reading.first("total_tax")) == ("2019-11-02", "***")
    assert (reading.first("drawer"), reading.first("payee"), reading.first("reviewer")) == ("admin", "李四", "王五")
    assert (reading.lines[0].tax_rate, reading.lines[0].tax_amount) == ("免税", "***")


def test_a_blank_element_says_absent_and_a_missing_one_says_nothing() -> None:
    attached = opened(Media.OFD, b"PK", attachments={"original_invoice.xml": ORIGINAL.encode()})
    (reading,) = XmlReader().read(attached)
    assert reading.fields["buyer_tax_id"] == ()
    assert reading.fields["remarks"] == ()
    assert "total_in_words" not in reading.fields, "the page has them"


def test_an_xml_of_its_own_has_nothing_beside_what_it_holds() -> None:
    (reading,) = read(ORIGINAL.replace("<fp:TaxTotalAmount>***</fp:TaxTotalAmount>", ""))
    assert reading.fields["total_in_words"] == ()
    assert "total_tax" not in reading.fields, "a total is never claimed to be absent"


def test_a_railway_ticket_attached_to_a_pdf() -> None:
    document = opened(Media.PDF, b"%PDF", attachments={"0": RAIL.encode()})
    (reading,) = XmlReader().read(document)
    assert reading.kind is InvoiceKind.RAIL_E
    assert reading.first("invoice_number") == "25449166851000000001"
    assert [reading.first(f"total_{name}") for name in ("excl_tax", "tax", "incl_tax")] == ["100.00", "9.00", "109.00"]
    assert (reading.first("train_number"), reading.first("e_ticket_number")) == ("G1", "1234567890123456789012025")
    assert (reading.first("business_type"), reading.first("departure_station_phonics")) == ("售", "Yongjiang")
    assert reading.fields["buyer_tax_id"] == ()
    assert reading.first("carriage") == "06"
    assert reading.first("passenger_name") is None, "put out of sight"


def test_the_fare_of_a_refund_voucher_is_not_taken_for_its_total() -> None:
    (reading,) = read(RAIL.replace(">售<", ">退<").replace(">100.00<", ">10.00<").replace(">9.00<", ">0.90<"))
    assert "total_incl_tax" not in reading.fields
    assert "10.00 + 0.90 ≠ 109.00" in reading.notes[0]


def test_an_air_itinerary() -> None:
    (reading,) = read(AIR)
    assert reading.kind is InvoiceKind.AIR_E
    assert (reading.first("fare"), reading.first("civil_aviation_fund")) == ("1000.00", "50.00")
    assert (reading.first("total_tax"), reading.first("total_incl_tax")) == ("99.00", "1249.00")


def test_the_accounting_standard() -> None:
    (reading,) = read(STANDARD)
    assert reading.kind is InvoiceKind.ORDINARY_E
    assert (reading.first("total_excl_tax"), reading.first("total_incl_tax")) == ("100.00", "106.00")
    assert (reading.lines[0].item_name, reading.lines[0].tax_rate) == ("*现代服务*后勤服务", "6%")


def test_chinese_tags() -> None:
    (reading,) = read(CHINESE)
    assert reading.kind is InvoiceKind.DIGITAL_SPECIAL
    assert (reading.first("buyer_name"), reading.first("seller_name")) == ("广州示例有限公司", "杭州示例有限公司")
    assert (reading.first("buyer_tax_id"), reading.first("seller_tax_id")) == (
        "91440300586123453R",
        "91330106MA2ABC125C",
    )
    assert (reading.first("total_excl_tax"), reading.first("total_tax")) == ("100.00", "6.00")
    assert (reading.lines[0].item_name, reading.lines[0].amount_excl_tax) == ("*研发*开发", "100.00")


def test_pinyin_tags() -> None:
    (reading,) = read(PINYIN)
    assert reading.kind is InvoiceKind.ORDINARY_E
    assert (reading.first("issue_date"), reading.first("total_incl_tax")) == ("2019-11-02", "106.00")
    assert reading.fields["buyer_tax_id"] == ()
    assert (reading.lines[0].quantity, reading.lines[0].tax_rate) == ("2", "6%")


def test_several_invoices_in_one_file() -> None:
    second = CHINESE.replace(NUMBER, "24442000000087654321").replace("106.00", "106.01")
    readings = read(f"<发票列表>{CHINESE}{second}</发票列表>")
    assert [r.first("invoice_number") for r in readings] == [NUMBER, "24442000000087654321"]
    assert [r.first("total_incl_tax") for r in readings] == ["106.00", "106.01"]
    assert [len(r.lines) for r in readings] == [1, 1]


@pytest.mark.parametrize("document", [EINVOICE, ORIGINAL])
def test_several_invoices_of_a_dialect_in_one_file(document: str) -> None:
    number = read(document)[0].first("invoice_number") or ""
    other = number[:-2] + "98"
    bare = document.partition("?>")[2]
    readings = read(f"<list>{bare}{bare.replace(number, other)}</list>")
    assert [r.first("invoice_number") for r in readings] == [number, other]
    assert [len(r.lines) for r in readings] == [len(read(document)[0].lines)] * 2


def test_the_number_of_the_invoice_that_is_corrected_makes_no_second_one() -> None:
    red = CHINESE.replace("</电子发票>", "<原发票><发票号码>24442000000087654321</发票号码></原发票></电子发票>")
    assert [r.first("invoice_number") for r in read(red)] == [NUMBER]


def test_two_numbers_of_one_invoice_make_no_second_one() -> None:
    both = "<r><FPDM>044002100113</FPDM><FPHM>12345678</FPHM><QDFPHM>24442000000087654321</QDFPHM></r>"
    assert len(read(both)) == 1


def test_a_value_that_is_not_one_gives_a_note_and_no_claim() -> None:
    (reading,) = read(EINVOICE.replace("<TotalTaxAm>13.00<", "<TotalTaxAm>13.005<"))
    assert "total_tax" not in reading.fields
    assert "13.005" in reading.notes[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<EInvoice><broken",
        b"<html><body>hello</body></html>",
        b'<!DOCTYPE x [<!ENTITY e "1">]>' + EINVOICE.split("?>")[1].encode(),
        EINVOICE.replace(NUMBER, "").encode(),
        b"<a>" + b" " * 3_000_000 + b"</a>",
    ],
    ids=["empty", "text", "broken", "html", "doctype", "no number", "too large"],
)
def test_what_is_no_invoice_gives_no_reading(data: bytes) -> None:
    assert read(data) == []


def test_an_entity_is_never_expanded_in_any_encoding() -> None:
    hostile = (
        f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY e "{NUMBER}">]><a><发票号码>&e;</发票号码></a>'
    )
    assert read(hostile.encode("utf-16")) == []
    assert read(hostile.encode("utf-16-be")) == []
