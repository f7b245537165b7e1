"""Tickets and other papers: rail, taxi, vehicle, fiscal receipts, papers whose title was not read."""

from __future__ import annotations

import pytest

from extraction.layouts import read_page
from extraction.layouts.findings import GUESSED
from extraction.reading import FROM_WORDS, Reading
from models.evidence import Source
from models.kinds import InvoiceKind
from tests.extraction.layouts.drawing import Drawing


def read(drawing: Drawing) -> Reading:
    (reading,) = read_page(drawing.page(), Source.OCR)
    return reading


def rail() -> Drawing:
    ticket = Drawing()
    ticket.put(0.5, -0.25, "电子发票（铁路电子客票）", middle=True)
    ticket.put(0.02, -0.15, "发票号码:25339100000000123456").put(0.7, -0.15, "开票日期:2025年10月08日")
    ticket.put(0.15, 0.0, "湖州东站").put(0.48, 0.01, "G7321").put(0.75, 0.0, "甬江站")
    ticket.put(0.02, 0.2, "2025年09月30日").put(0.2, 0.2, "08:05开").put(0.4, 0.2, "03车12F号").put(0.7, 0.2, "二等座")
    ticket.put(0.02, 0.3, "票价:").put(0.08, 0.3, "￥73.50")
    ticket.put(0.02, 0.6, "电子客票号:3391077086112990000012025")
    ticket.put(0.02, 0.7, "购买方名称:宁波栖岚机械有限公司").put(0.6, 0.7, "统一社会信用代码:91330205MA2AF1234X")
    return ticket


def test_a_rail_ticket_has_no_tax_on_its_face() -> None:
    reading = read(rail())
    assert reading.kind is InvoiceKind.RAIL_E
    assert {name: reading.first(name) for name in ("invoice_number", "issue_date", "total_incl_tax", "total_tax")} == {
        "invoice_number": "25339100000000123456",
        "issue_date": "2025-10-08",
        "total_incl_tax": "73.50",
        "total_tax": None,
    }
    assert (reading.first("buyer_name"), reading.first("buyer_tax_id")) == (
        "宁波栖岚机械有限公司",
        "91330205MA2AF1234X",
    )


def test_the_journey_of_a_rail_ticket_is_read_by_place() -> None:
    reading = read(rail())
    wanted = {
        "departure_station": "湖州东",
        "destination_station": "甬江",
        "train_number": "G7321",
        "travel_date": "2025-09-30",
        "departure_time": "08:05",
        "carriage": "03",
        "seat": "12F号",
        "seat_class": "二等座",
        "e_ticket_number": "3391077086112990000012025",
    }
    assert {name: reading.first(name) for name in wanted} == wanted


def taxi(*amounts: tuple[float, str, str]) -> Drawing:
    slip = Drawing(width=400, height=1000, frame=(20, 100, 380, 980))
    slip.put(0.5, -0.02, "出租汽车通用机打发票", middle=True)
    slip.put(0.05, 0.1, "发票代码：133021934040").put(0.05, 0.15, "发票号码：05550123")
    slip.put(0.05, 0.45, "日期：").put(0.5, 0.45, "2023-02-11").put(0.05, 0.5, "上车：").put(0.7, 0.5, "09:33")
    slip.put(0.05, 0.6, "单价：").put(0.7, 0.6, "2.55").put(0.05, 0.65, "里程：").put(0.7, 0.65, "15.2")
    for y, label, amount in amounts:
        slip.put(0.05, y, label).put(0.65, y, amount)
    return slip


def test_a_taxi_slip() -> None:
    reading = read(taxi((0.8, "金额：", "￥43.00")))
    assert reading.kind is InvoiceKind.TAXI
    found = {n: reading.first(n) for n in ("invoice_code", "invoice_number", "issue_date", "total_incl_tax")}
    assert found == {
        "invoice_code": "133021934040",
        "invoice_number": "05550123",
        "issue_date": "2023-02-11",
        "total_incl_tax": "43.00",
    }


def test_the_total_paid_goes_before_the_fare() -> None:
    slip = taxi((0.75, "金额", "￥88.90"), (0.8, "燃油附加费", "￥1.00"), (0.9, "实收金额", "￥90.00"))
    assert read(slip).first("total_incl_tax") == "90.00"


def test_an_unread_total_is_not_replaced_by_a_surcharge() -> None:
    slip = taxi((0.75, "金额", "￥88.90"), (0.8, "燃油附加费", "￥1.00")).put(0.05, 0.9, "实收金额")
    assert read(slip).first("total_incl_tax") is None


def test_a_date_cut_off_by_recognition_is_not_a_date() -> None:
    slip = taxi((0.8, "金额：", "￥43.00"))
    slip.tokens = [t for t in slip.tokens if t.text != "2023-02-11"]
    assert read(slip.put(0.5, 0.45, "2023-02-1")).first("issue_date") is None


def test_a_taxi_slip_without_a_title_is_known_by_its_labels() -> None:
    slip = taxi((0.8, "金额：", "￥43.00"))
    slip.tokens = [t for t in slip.tokens if "出租" not in t.text]
    assert read(slip).kind is InvoiceKind.TAXI


def test_vehicle_amounts_are_told_apart_by_their_sum() -> None:
    form = Drawing()
    form.put(0.5, -0.2, "机动车销售统一发票", middle=True)
    form.put(0.65, -0.12, "发票代码133002134660").put(0.65, -0.07, "发票号码00452821").put(
        0.02, -0.07, "开票日期2021-07-22"
    )
    form.put(0.02, 0.15, "购买方名称及").put(0.2, 0.16, "宁波栖岚机械有限公司")
    form.put(0.02, 0.20, "身份证号码/").put(0.2, 0.22, "91330205MA2AF1234X")
    form.put(0.02, 0.30, "车辆类型").put(0.2, 0.30, "轿车").put(0.3, 0.40, "车辆识别代号/车架号码").put(
        0.55, 0.40, "LSVAA49J132022461"
    )
    form.put(0.02, 0.50, "价税合计").put(0.2, 0.50, "壹拾壹万叁仟圆整").put(0.6, 0.50, "小写").put(
        0.7, 0.50, "￥113000.00"
    )
    form.put(0.02, 0.60, "销货单位名称").put(0.2, 0.60, "绍兴禾沐汽车销售有限公司")
    form.put(0.02, 0.66, "纳税人识别号").put(0.2, 0.66, "91330602MA2D91827K")
    form.put(0.3, 0.80, "增值税").put(0.3, 0.84, "税额").put(0.4, 0.82, "￥13000.00")
    form.put(0.02, 0.92, "不含税价").put(0.12, 0.92, "小写").put(0.2, 0.92, "￥100000.00")
    reading = read(form)
    assert reading.kind is InvoiceKind.MOTOR_VEHICLE
    wanted = {
        "invoice_code": "133002134660",
        "invoice_number": "00452821",
        "buyer_name": "宁波栖岚机械有限公司",
        "buyer_tax_id": "91330205MA2AF1234X",
        "seller_name": "绍兴禾沐汽车销售有限公司",
        "seller_tax_id": "91330602MA2D91827K",
        "total_excl_tax": "100000.00",
        "total_tax": "13000.00",
        "total_incl_tax": "113000.00",
        "vin": "LSVAA49J132022461",
    }
    assert {name: reading.first(name) for name in wanted} == wanted


def test_the_tax_of_a_vehicle_stands_on_the_row_of_its_rate_when_the_seal_hides_label_and_net() -> None:
    form = (
        Drawing().put(0.5, -0.2, "机动车销售统一发票", middle=True).put(0.02, 0.30, "车辆类型").put(0.2, 0.30, "轿车")
    )
    form.put(0.02, 0.50, "价税合计").put(0.6, 0.50, "小写").put(0.7, 0.50, "￥113000.00")
    form.put(0.02, 0.80, "增值税税率").put(0.3, 0.81, "售 值税").put(0.4, 0.81, "￥13000.00").put(
        0.02, 0.84, "或征收率"
    )
    form.put(0.02, 0.92, "不含税价").put(0.12, 0.92, "小写2￥79097358XR")
    (tax,) = read(form).fields["total_tax"]
    assert tax.value == "13000.00"
    assert tax.confidence <= GUESSED, "nothing confirms it: for a person to see"


def test_a_fiscal_receipt_is_kept_and_named() -> None:
    form = Drawing()
    form.put(0.5, -0.2, "中央非税收入统一票据（电子）", middle=True)
    form.put(0.02, -0.1, "票据代码：00010199").put(0.7, -0.1, "票据号码：0010000123")
    form.put(0.02, -0.05, "交款人统一社会信用代码：91330205MA2AF1234X").put(0.7, -0.05, "校验码：c3d9f1")
    form.put(0.02, 0.0, "交款人：宁波栖岚机械有限公司").put(0.7, 0.0, "开票日期：2024-06-09")
    form.put(0.02, 0.6, "金额合计（大写）玖拾元整").put(0.7, 0.6, "（小写）90.00")
    form.put(0.02, 0.9, "收款单位（章）：某某管理局").put(0.5, 0.9, "复核人：王一").put(0.8, 0.9, "收款人：董二")
    reading = read(form)
    assert reading.kind is InvoiceKind.OTHER
    wanted = {
        "invoice_code": "00010199",
        "invoice_number": "0010000123",
        "issue_date": "2024-06-09",
        "buyer_name": "宁波栖岚机械有限公司",
        "total_incl_tax": "90.00",
        "seller_name": "某某管理局",
    }
    assert {name: reading.first(name) for name in wanted} == wanted


def test_the_underscores_that_a_fiscal_receipt_prints_for_blanks_are_blanks() -> None:
    form = Drawing()
    form.put(0.5, -0.2, "中央非税收入统一票据（电子）", middle=True).put(0.02, -0.1, "票据代码：00010199")
    form.put(0.02, 0.6, "金额合计（大写）玖拾元整").put(0.7, 0.6, "（小写）90.00")
    form.put(0.02, 0.75, "申请号:2025_1_缴费方式:网上支付_").put(0.02, 0.9, "收款单位（章）：某某管理局")
    assert read(form).first("remarks") == "申请号:2025_1 缴费方式:网上支付"


def test_a_used_vehicle_without_a_title_is_known_by_its_labels_and_its_plate_is_simplified() -> None:
    form = Drawing()
    form.put(0.02, 0.1, "买方单位/个人").put(0.2, 0.1, "宁波栖岚机械有限公司").put(0.5, 0.1, "单位代码/身份证号码")
    form.put(0.7, 0.1, "91330205MA2AF1234X").put(0.02, 0.2, "卖方单位/个人").put(0.2, 0.2, "沈一舟")
    form.put(0.5, 0.2, "单位代码/身份证号码").put(0.7, 0.2, "330205198003070513")
    form.put(0.02, 0.3, "车牌照号").put(0.12, 0.3, "粵B12796").put(0.4, 0.3, "登记证号").put(0.5, 0.3, "330012345678")
    form.put(0.02, 0.4, "转入地车辆").put(0.02, 0.44, "管理所名称").put(0.12, 0.4, "宁波市公安局交通警察支队车")
    form.put(0.12, 0.433, "辆管理所").put(0.02, 0.5, "车价合计（大写）").put(0.2, 0.5, "肆万圆整")
    form.put(0.6, 0.5, "小写").put(0.7, 0.5, "￥40000.00")
    reading = read(form)
    assert reading.kind is InvoiceKind.USED_VEHICLE
    wanted = {
        "buyer_name": "宁波栖岚机械有限公司",
        "seller_name": "沈一舟",
        "seller_tax_id": "330205198003070513",
        "plate": "粤B12796",
        "transfer_office": "宁波市公安局交通警察支队车辆管理所",
        "total_incl_tax": "40000.00",
    }
    assert {name: reading.first(name) for name in wanted} == wanted


def test_an_air_itinerary_whose_title_the_seal_has_torn_is_known_by_its_labels() -> None:
    form = Drawing()
    form.put(0.3, -0.2, "电子发票（航空运").put(0.5, -0.2, "统一输发票电").put(0.4, -0.14, "子客票行程单）")
    form.put(0.7, -0.1, "发票号码：24958000000458340205").put(0.02, 0.1, "承运人").put(0.2, 0.1, "航班号")
    form.put(0.02, 0.2, "自：厦门高崎").put(0.2, 0.2, "东航").put(0.3, 0.2, "MU3492")
    form.put(0.02, 0.3, "票价").put(0.2, 0.3, "燃油附加费").put(0.5, 0.3, "民航发展基金").put(0.8, 0.3, "合计")
    form.put(0.02, 0.4, "CNY 2522.93").put(0.2, 0.4, "CNY 36.70").put(0.5, 0.4, "CNY 50.00")
    form.put(0.8, 0.4, "CNY 2840.00")
    form.put(0.02, 0.5, "电子客票号码").put(0.2, 0.5, "999-7370952909").put(0.5, 0.5, "验证码").put(0.6, 0.5, "2625")
    reading = read(form)
    assert reading.kind is InvoiceKind.AIR_E
    assert reading.first("total_incl_tax") == "2840.00"


def test_an_itinerary_of_rides_is_no_air_ticket() -> None:
    form = Drawing().put(0.5, -0.2, "滴滴出行-行程单", middle=True).put(0.02, 0.1, "订单号：24958000000458340205")
    form.put(0.02, 0.2, "上车时间").put(0.2, 0.2, "起点").put(0.4, 0.2, "终点").put(0.6, 0.2, "金额")
    assert read(form).kind is InvoiceKind.OTHER


def test_a_freight_invoice_names_carrier_and_payer_and_never_one_for_the_other() -> None:
    form = Drawing()
    form.put(0.5, -0.24, "浙江货物运输业增值税专用发票", middle=True)
    form.put(0.1, -0.2, "3300151730").put(0.75, -0.2, "20418837").put(0.9, -0.16, "3300151730").put(
        0.9, -0.12, "20418837"
    )
    form.put(0.02, 0.02, "承运人及").put(0.02, 0.06, "纳税人识别号").put(0.18, 0.02, "绍兴禾沐客运有限公司")
    form.put(0.18, 0.06, "91330602MA2D91827K")
    form.put(0.02, 0.12, "实际受票方及").put(0.02, 0.16, "纳税人识别号").put(0.18, 0.12, "宁波栖岚机械有限公司")
    form.put(0.18, 0.16, "91330205MA2AF1234X")
    form.put(0.02, 0.5, "合计金额").put(0.15, 0.5, "￥1000.00").put(0.3, 0.5, "税率").put(0.36, 0.5, "11%")
    form.put(0.45, 0.5, "税额").put(0.52, 0.5, "￥110.00")
    form.put(0.02, 0.6, "价税合计（大写）").put(0.2, 0.6, "壹仟壹佰壹拾圆整").put(0.6, 0.6, "（小写）").put(
        0.7, 0.6, "￥1110.00"
    )
    reading = read(form)
    assert reading.kind is InvoiceKind.FREIGHT_OLD
    wanted = {
        "invoice_code": "3300151730", "invoice_number": "20418837", "seller_name": "绍兴禾沐客运有限公司",
        "seller_tax_id": "91330602MA2D91827K", "buyer_name": "宁波栖岚机械有限公司",
        "buyer_tax_id": "91330205MA2AF1234X", "total_excl_tax": "1000.00", "total_tax": "110.00",
        "total_incl_tax": "1110.00",
    }  # fmt: skip
    assert {name: reading.first(name) for name in wanted} == wanted


def test_rows_of_a_machine_printed_invoice_keep_their_gross_amounts() -> None:
    form = Drawing()
    form.put(0.5, -0.2, "浙江通用机打发票", middle=True).put(0.7, -0.12, "发票代码133021934040")
    form.put(0.7, -0.07, "发票号码05550123")
    for x, text in ((0.1, "项目"), (0.4, "单价"), (0.6, "数量"), (0.8, "金额")):
        form.put(x, 0.2, text, middle=True)
    for x, text in ((0.1, "维修费"), (0.4, "79.03"), (0.6, "3"), (0.8, "237.09")):
        form.put(x, 0.3, text, middle=True)
    form.put(0.05, 0.6, "金额合计（大写）").put(0.25, 0.6, "贰佰叁拾柒圆零玖分").put(0.6, 0.6, "（小写）")
    form.put(0.7, 0.6, "￥237.09")
    reading = read(form)
    assert reading.first("total_incl_tax") == "237.09"
    (line,) = reading.lines
    assert (line.item_name, line.unit_price, line.quantity) == ("维修费", "79.03", "3")
    assert line.extra == {"amount_incl_tax": "237.09"}


def test_a_machine_printed_invoice_whose_title_the_seal_has_torn_is_known_by_its_labels() -> None:
    form = Drawing().put(0.4, -0.2, "浙江通用机").put(0.6, -0.19, "发").put(0.7, -0.12, "发票代码133021934040")
    form.put(0.7, -0.07, "发票号码05550123").put(0.05, 0.0, "付款方名称：宁波栖岚机械有限公司")
    form.put(0.55, 0.0, "付款方识别号：91330205MA2AF1234X").put(0.05, 0.06, "收款方名称：绍兴禾沐客运有限公司")
    form.put(0.05, 0.6, "金额合计（大写）").put(0.25, 0.6, "贰佰叁拾柒圆零玖分").put(0.6, 0.6, "（小写）")
    form.put(0.7, 0.6, "￥237.09")
    reading = read(form)
    assert reading.kind is InvoiceKind.MACHINE
    assert (reading.first("seller_name"), reading.first("total_incl_tax")) == ("绍兴禾沐客运有限公司", "237.09")


def toll_slip(title: str) -> Drawing:
    slip = Drawing(width=760, height=1100, frame=(40, 60, 720, 1040))
    slip.put(0.5, 0.02, title, middle=True)
    slip.put(0.02, 0.15, "发票代码").put(0.3, 0.15, "133002012345").put(0.02, 0.22, "发票号码").put(
        0.3, 0.22, "20481357"
    )
    for y, label, value in (
        (0.32, "入口：", "云栖"),
        (0.40, "出口：", "科苑北"),
        (0.48, "车型：", "一型车"),
        (0.56, "收费员：", "01037"),
        (0.64, "日期：", "2024-03-05"),
        (0.72, "金额：", "35.00元"),
    ):
        slip.put(0.02, y, label).put(0.3, y, value)
    return slip


@pytest.mark.parametrize("title", ["浙江车辆通行费通用机打发票", "浙江通用机打发票", "浙江"])
def test_a_toll_slip_whose_title_lies_under_the_seal_is_known_by_its_labels(title: str) -> None:
    reading = read(toll_slip(title))
    assert reading.kind is InvoiceKind.TOLL_PAPER
    wanted = {"invoice_number": "20481357", "total_incl_tax": "35.00", "entrance": "云栖", "exit": "科苑北"}
    assert {name: reading.first(name) for name in wanted} == wanted


@pytest.mark.parametrize(("words", "figure"), [("伍拾元整", "50.00"), ("拾元整", "10.00"), ("贰元", "2.00")])
def test_the_face_value_of_a_quota_receipt_is_its_words_in_figures_and_says_so(words: str, figure: str) -> None:
    slip = Drawing().put(0.5, 0.0, "浙江通用定额发票", middle=True).put(0.5, 0.5, words, middle=True)
    slip.put(0.7, 0.1, "发票代码").put(0.8, 0.1, "133002012345").put(0.7, 0.2, "发票号码").put(0.8, 0.2, "20481357")
    (amount,) = read(slip).fields["total_incl_tax"]
    assert (amount.value, amount.raw, amount.repaired) == (figure, words, FROM_WORDS)


@pytest.mark.parametrize("read_as", ["长沙市一一合肥市", "长沙市——合肥市", "长沙市--合肥市"])
def test_the_dash_of_a_route_is_a_dash_however_it_was_read(read_as: str) -> None:
    form = Drawing().put(0.5, -0.24, "浙江货物运输业增值税专用发票", middle=True)
    form.put(0.02, 0.3, "起运地、经由、到达地").put(0.25, 0.3, read_as)
    assert read(form).first("route") == "长沙市——合肥市"


def test_a_station_is_also_named_in_latin_letters_below_itself() -> None:
    reading = read(rail().put(0.15, 0.06, "Huzhoudong").put(0.75, 0.06, "Yongjiang").put(0.5, 0.95, "Huoche"))
    assert reading.first("departure_station_phonics") == "Huzhoudong"
    assert reading.first("destination_station_phonics") == "Yongjiang"


@pytest.mark.parametrize(("printed", "business"), [("退票费:", "退"), ("始发改签", "改"), ("限乘当日当次车", None)])
def test_a_ticket_given_back_or_changed_says_so_and_one_sold_says_nothing(printed: str, business: str | None) -> None:
    assert read(rail().put(0.4, 0.3, printed)).first("business_type") == business


def test_a_label_read_in_its_traditional_form_is_the_same_label() -> None:
    slip = Drawing().put(0.5, -0.2, "浙江公路旅客运输发票", middle=True)
    slip.put(0.02, 0.0, "发票代码 133002410012").put(0.02, 0.1, "发票号码 20418837").put(0.02, 0.2, "发车時間：17:45")
    assert read(slip).first("departure_time") == "17:45"


def test_the_fee_and_the_goods_of_a_freight_invoice_stand_in_the_box_above_the_total() -> None:
    form = Drawing().put(0.5, -0.24, "浙江货物运输业增值税专用发票", middle=True)
    form.put(0.01, 0.30, "费用").put(0.55, 0.30, "运输").put(0.01, 0.34, "项目").put(0.05, 0.34, "费用项目 金额")
    form.put(0.01, 0.38, "及金 国内运费").put(0.2, 0.38, "33481.09").put(0.55, 0.38, "货物 钢材").put(
        0.55, 0.42, "信息"
    )
    form.put(0.02, 0.60, "合计金额 ￥33481.09")
    reading = read(form)
    assert (reading.first("fee_name"), reading.first("goods_name")) == ("国内运费", "钢材")


def test_a_quota_receipt_whose_title_lost_a_character_under_the_seal_is_one() -> None:
    slip = Drawing().put(0.5, 0.0, "浙江通用定 发票", middle=True).put(0.5, 0.5, "伍拾元整", middle=True)
    slip.put(0.7, 0.1, "发票代码133002012345").put(0.7, 0.2, "发票号码20481357")
    assert read(slip).kind is InvoiceKind.QUOTA
