"""What travellers hand in: taxi slips of several cities, tolls, coaches, train tickets, and what is no invoice."""

from __future__ import annotations

import pytest

from extraction.layouts import read_page
from extraction.reading import Reading
from models.evidence import Source
from models.kinds import InvoiceKind
from tests.extraction.layouts.drawing import Drawing


def read(drawing: Drawing) -> Reading:
    (reading,) = read_page(drawing.page(), Source.OCR)
    return reading


def slip(title: str, *rows: str, code: str = "133021934040") -> Drawing:
    """A narrow paper: title, code and number, then rows of print."""
    drawn = Drawing(width=400, height=1000, frame=(20, 100, 380, 980), size=14)
    drawn.put(0.5, -0.02, title, middle=True)
    drawn.put(0.05, 0.1, f"发票代码 {code}").put(0.05, 0.15, "发票号码 05550123")
    for index, text in enumerate(rows):
        drawn.put(0.05, 0.25 + 0.06 * index, text)
    return drawn


def taxi(*rows: str) -> Drawing:
    return slip("浙江省杭州市出租汽车专用发票", *rows)


@pytest.mark.parametrize("printed", ["日期 23年02月11日", "日期 23-02-11", "日期: 23/02/11", "日期 2023-02-11"])
def test_a_meter_may_print_the_year_with_two_digits(printed: str) -> None:
    assert read(taxi(printed, "金额 43.00元")).first("issue_date") == "2023-02-11"


def test_both_times_of_a_ride_may_stand_in_one() -> None:
    reading = read(taxi("日期 2023-02-11", "时间 08:05-08:47", "等候 00:13:40", "金额 43.00元"))
    assert (reading.first("boarding_time"), reading.first("alighting_time")) == ("08:05", "08:47")
    assert reading.first("waiting_time") == "00:13:40"


@pytest.mark.parametrize("label", ["合计", "总计", "总额", "实收"])
def test_what_was_paid_has_other_names_elsewhere(label: str) -> None:
    reading = read(taxi("车费 41.00元", "燃油费 2.00元", f"{label} 43.00元"))
    assert (reading.first("total_incl_tax"), reading.first("fuel_surcharge")) == ("43.00", "2.00")


def toll(*rows: str) -> Reading:
    return read(slip("浙江省高速公路车辆通行费发票", *rows))


@pytest.mark.parametrize("printed", ["金额 38元", "收费金额 ¥38", "通行费: 38元", "实收:38元", "通行费: 38.00"])
def test_a_toll_is_a_whole_number_of_yuan_and_may_be_printed_so(printed: str) -> None:
    assert toll("入口站 虎林", "出口站 北环", printed, "日期: 2020-01-18").first("total_incl_tax") == "38.00"


@pytest.mark.parametrize("printed", ["2019年05月01日 09:41:07", "时间: 2019-05-01 16:22", "时间 2019/05/01 06:22"])
def test_the_one_day_that_a_toll_slip_prints_is_its_day_though_a_clock_follows(printed: str) -> None:
    assert toll("入口 虎林", "出口 北环", "金额 38.00", printed).first("issue_date") == "2019-05-01"


def test_the_words_of_a_toll_are_read_behind_any_label() -> None:
    assert toll("出口 北环", "通行费:人民币壹佰零伍元整", "小写:105.00").first("total_in_words") == "壹佰零伍元整"


def test_a_coach_ticket_prints_its_journey_without_labels() -> None:
    reading = read(slip("浙江省汽车客票", "昆山 → 大石", "2021年10月05日 08:30", "票价 ¥106.5元(含保险1.5元)"))
    assert reading.kind is InvoiceKind.BUS
    wanted = {"travel_date": "2021-10-05", "departure_time": "08:30", "total_incl_tax": "106.50", "issue_date": None}
    assert {name: reading.first(name) for name in wanted} == wanted


def quota(*more: str) -> Drawing:
    return slip("浙江省通用定额发票", "伍拾元整", "付款单位（个人）：", "年   月   日", *more)


def test_the_blanks_of_a_quota_receipt_are_nobodys_name() -> None:
    reading = read(quota())
    assert reading.kind is InvoiceKind.QUOTA
    assert reading.first("buyer_name") is None


def test_a_face_value_printed_in_figures_too_is_read_from_both() -> None:
    reading = read(quota("¥50.00"))
    assert (reading.fields["total_incl_tax"][0].raw, reading.first("total_in_words")) == ("¥50.00", "伍拾元整")


def train(*, foot: bool) -> Drawing:
    ticket = Drawing(width=860, height=540, frame=(20, 20, 840, 520), size=30)
    ticket.put(0.02, 0.05, "E045127").put(0.75, 0.05, "检票:A12")
    ticket.put(0.08, 0.2, "苏州北站").put(0.42, 0.2, "G79").put(0.65, 0.2, "长沙南站")
    ticket.put(0.02, 0.4, "2019年03月08日10:33开").put(0.65, 0.4, "05车无座")
    ticket.put(0.02, 0.52, "￥649.5元").put(0.65, 0.52, "二等座")
    if foot:
        ticket.put(0.02, 0.64, "限乘当日当次车").put(0.1, 0.84, "买票请到12306 发货请到95306")
    return ticket


@pytest.mark.parametrize("foot", [True, False])
def test_a_train_ticket_is_known_by_its_print_though_the_next_one_is_glued_over_its_foot(foot: bool) -> None:
    reading = read(train(foot=foot))
    assert (reading.kind, reading.first("total_incl_tax")) == (InvoiceKind.TRAIN_PAPER, "649.50")


def test_without_a_seat_the_class_is_still_the_class() -> None:
    reading = read(train(foot=True))
    assert (reading.first("seat"), reading.first("seat_class")) == ("无座", "二等座")


def test_what_was_kept_of_a_ticket_given_back_is_not_what_it_had_cost() -> None:
    paper = Drawing().put(0.5, 0.0, "退票费报销凭证", middle=True).put(0.02, 0.2, "原票价: ￥264.0元   核收退票费")
    reading = read(paper.put(0.02, 0.3, "退票费: ￥53.0元").put(0.02, 0.4, "仅供报销使用"))
    assert (reading.kind, reading.first("total_incl_tax")) == (InvoiceKind.TRAIN_PAPER, "53.00")
    assert reading.first("business_type") == "退"


def test_an_order_of_the_railways_application_is_no_ticket() -> None:
    screen = Drawing().put(0.3, 0.0, "订单详情").put(0.02, 0.1, "苏州北 09:07开 - 长沙南").put(0.02, 0.2, "￥212.0元")
    assert read_page(screen.put(0.02, 0.3, "限乘当日当次车 中国铁路12306").page(), Source.OCR) == []


def test_the_result_of_a_verification_is_not_the_invoice_that_it_shows() -> None:
    form = Drawing().put(0.5, -0.25, "电子发票（普通发票）", middle=True)
    form.put(0.02, -0.2, "查验次数：第1次").put(0.4, -0.2, "查验时间：2024-06-11 10:22:18")
    form.put(0.02, 0.0, "发票号码：24312000000188123456").put(0.6, 0.0, "开票日期：2024年06月03日")
    reading = read(form)
    assert (reading.kind, reading.first("invoice_number")) == (InvoiceKind.OTHER, None)


def machine(*rows: str) -> Reading:
    return read(slip("广东通用机打发票", "机打号码: 05550123", *rows, code="144001872105"))


def test_a_machine_printed_roll_is_no_vat_roll_though_its_labels_are_the_same() -> None:
    reading = machine("收款单位: 佛山栖岚粥城", "纳税人识别号: 91440604MA4WTY8K2B", "付款单位: 佛山禾汀公司")
    assert (reading.kind, reading.first("seller_tax_id")) == (InvoiceKind.MACHINE, "91440604MA4WTY8K2B")


def test_a_number_below_the_buyer_is_not_the_sellers() -> None:
    reading = machine("收款单位: 佛山栖岚粥城", "付款单位: 佛山禾汀公司", "纳税人识别号: 91440604MA4WTY8K2B")
    assert reading.first("seller_tax_id") is None


@pytest.mark.parametrize(("rest", "whole"), [("27K", True), ("27", False), ("合计", False)])
def test_a_credit_code_runs_on_in_the_next_row_of_a_narrow_roll(rest: str, whole: bool) -> None:
    drawn = slip("浙江增值税普通发票(卷票)", "机打号码:05550123", "销售方名称:杭州禾汀公司", code="033002400107")
    drawn.put(0.05, 0.37, "纳税人识别号:91330602MA2D918").put(0.05, 0.395, rest).put(0.05, 0.43, "开票日期:2024-06-19")
    found = read(drawn).first("seller_tax_id")
    assert found == ("91330602MA2D91827K" if whole else "91330602MA2D918")


def test_times_are_told_by_their_order_where_the_print_has_drifted_from_its_labels() -> None:
    slip = taxi("日期 2023-02-11")
    for y, label, value in ((0.5, "上车", "08:05"), (0.56, "下车", "08:47"), (0.62, "里程", "8.2")):
        slip.put(0.05, y, label).put(0.6, y - 0.035, value)
    reading = read(slip.put(0.05, 0.68, "等候").put(0.6, 0.645, "00:04:00").put(0.05, 0.8, "金额 22.00元"))
    assert (reading.first("boarding_time"), reading.first("alighting_time")) == ("08:05", "08:47")
    assert reading.first("distance") in ("8.2", None)  # and never a part of the waiting time


def test_whole_yuan_are_an_amount() -> None:
    assert read(taxi("金额 38元", "附加费 1元", "实收 39元")).first("total_incl_tax") == "39.00"


def test_the_total_of_a_receipt_glued_beside_a_quota_receipt_is_not_its_value() -> None:
    reading = read(quota("合计 8.80", "日期:2019-06-03 12:37:05"))
    assert {e.value for e in reading.fields["total_incl_tax"]} == {"50.00"}
    assert reading.first("issue_date") is None


def test_a_face_value_may_be_less_than_a_yuan() -> None:
    assert read(slip("浙江省通用定额发票", "伍角")).first("total_incl_tax") == "0.50"


@pytest.mark.parametrize("says", ["此单不作报销凭证", "本单不能作为报销凭证", "订单号 3319"])
def test_a_slip_of_a_ride_that_says_it_is_no_voucher_is_none(says: str) -> None:
    slip = Drawing().put(0.3, 0.0, "电召服务单").put(0.02, 0.1, "上车 08:02").put(0.02, 0.2, "下车 08:31")
    assert read(slip.put(0.02, 0.3, "里程 9.4")).kind is InvoiceKind.TAXI
    assert read_page(slip.put(0.02, 0.5, says).page(), Source.OCR) == []


def test_a_receipt_of_the_dining_car_is_no_ticket() -> None:
    receipt = Drawing().put(0.3, 0.0, "高铁餐车 购物小票").put(0.02, 0.1, "车次 G7351").put(0.02, 0.2, "合计 50.00")
    assert read_page(receipt.put(0.02, 0.3, "中国铁路 12306").page(), Source.OCR) == []


def test_a_mail_that_names_the_electronic_ticket_is_none() -> None:
    mail = Drawing().put(0.02, 0.0, "合肥南站-上海虹桥站，G7195次列车，6车11D号，二等座，票价212.0元")
    mail.put(0.02, 0.1, "如需报销凭证，请于行程结束后180日内开具电子发票（铁路电子客票）。")
    assert read_page(mail.page(), Source.PDF) == []


def test_a_code_without_a_label_is_told_from_the_machines_number() -> None:
    drawn = Drawing(width=400, height=1000, frame=(20, 100, 380, 980), size=14)
    for y, text in (
        (0.0, "浙江通用机打发票"),
        (0.1, "133001670131"),
        (0.15, "09917723"),
        (0.2, "机器编号 005002710348"),
    ):
        drawn.put(0.05, y, text)
    reading = read(drawn.put(0.05, 0.3, "收款员 管理员"))
    assert (reading.first("invoice_code"), reading.first("payee")) == ("133001670131", "管理员")


def test_a_journey_ends_where_the_last_line_names_a_place() -> None:
    form = Drawing().put(0.4, -0.2, "航空运输电子客票行程单", middle=True)
    for y, text in ((0.1, "自：上海虹桥T2"), (0.2, "至：广州白云T1"), (0.3, "至：VOID")):
        form.put(0.02, y, text)
    reading = read(form)
    assert (reading.first("departure_place"), reading.first("arrival_place")) == ("上海虹桥T2", "广州白云T1")
