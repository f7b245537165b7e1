"""The bureau's export as downloaded, re-imported, damaged, with sheets that are not ours to read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.companies import add_company
from matching.importing import import_records
from models.errors import RecordsError
from models.ledger import Direction
from models.tables import ImportRow, RecordKeyRow, RecordLineRow, RecordRow
from tests.matching.ledger_rows import BASIC_HEADERS, LINE_HEADERS, SELLER, US, basic_row, line_row

ONE, TWO = "25312000000123456789", "25312000000123456790"
Ledger = Callable[..., ImportRow]


def only(session: Session) -> RecordRow:
    return session.scalars(select(RecordRow)).one()


def counts(row: ImportRow) -> tuple[int, int, int, int]:
    return row.added, row.updated, row.unchanged, row.rejected


def test_every_column_lands_where_it_belongs(session: Session, ledger: Ledger) -> None:
    done = ledger(basic_row(ONE))
    assert (done.format, done.rows, counts(done)) == ("bureau_basic", 1, (1, 0, 0, 0))
    record = only(session)
    assert record.identity_key == ONE
    assert record.number_tail == "23456789"
    assert record.issue_date == date(2025, 3, 14)
    assert (record.seller_tax_id, record.seller_name) == SELLER
    assert (record.buyer_tax_id, record.buyer_name) == US
    assert (record.total_excl_fen, record.total_tax_fen, record.total_incl_fen) == (10000, 1300, 11300)
    assert (record.kind, record.state, record.is_positive) == ("digital_special", "normal", True)
    assert record.damaged == {}


def test_lines_are_attached_by_key_and_equal_lines_all_stay(session: Session, xlsx: Callable[..., bytes]) -> None:
    book = xlsx(
        {
            "信息汇总表": [LINE_HEADERS, line_row(ONE), line_row(TWO), line_row(ONE)],
            "发票基础信息": [BASIC_HEADERS, basic_row(ONE), basic_row(TWO)],
            "货物清单": [LINE_HEADERS, line_row(TWO, 数量="7")],
        }
    )
    for _again in range(2):
        import_records(session, book, "a.xlsx")
        lines = session.execute(
            select(RecordRow.identity_key, RecordLineRow.position, RecordLineRow.data)
            .join(RecordRow, RecordRow.id == RecordLineRow.record_id)
            .order_by(RecordRow.identity_key, RecordLineRow.position)
        ).all()
        assert [(key, position) for key, position, _ in lines] == [(ONE, 1), (ONE, 2), (TWO, 1), (TWO, 2)]
        assert lines[0].data == lines[1].data
        assert lines[0].data["item_name"] == "*办公用品*打印纸"
        assert lines[3].data["quantity"] == "7"
        assert session.scalar(select(RecordRow.total_incl_fen).where(RecordRow.identity_key == ONE)) == 11300


def test_a_special_business_sheet_is_passed_over_with_a_note(session: Session, xlsx: Callable[..., bytes]) -> None:
    special = ("序号", "发票号码", "开票日期", "销方名称", "起运地", "到达地", "运输货物名称", "金额")
    book = xlsx(
        {
            "货物运输服务": [special, ("1", TWO, "2025-03-14", SELLER[1], "苏州", "上海", "钢材", 7)],
            "发票基础信息": [BASIC_HEADERS, basic_row(ONE)],
        }
    )
    done = import_records(session, book, "a.xlsx")
    assert [p["sheet"] for p in done.problems] == ["货物运输服务"]
    assert only(session).identity_key == ONE


def test_the_header_may_stand_below_a_title_and_bear_older_names(session: Session, xlsx: Callable[..., bytes]) -> None:
    rows = [
        ["全量发票查询结果"],
        [],
        ["查询条件：", "2025-03"],
        [
            "序号",
            "发票代码",
            "发票号码",
            "全电发票号码",
            "销方识别号",
            "销方名称",
            "开票日期",
            "金额（元）",
            "税额",
            "票种",
            "发票来源",
        ],
        [1, "", "", ONE, SELLER[0], SELLER[1], "2025-03-14", 100, 13, "全电发票（普通发票）", "电子发票服务平台"],
    ]
    import_records(session, xlsx({"Sheet1": rows}), "old.xlsx")
    record = only(session)
    assert record.identity_key == ONE
    assert record.total_incl_fen == 11300, "价税合计 is 金额 + 税额 where the column is missing"


def test_importing_again_changes_nothing(session: Session, ledger: Ledger) -> None:
    ledger(basic_row(ONE), basic_row(TWO))
    assert counts(ledger(basic_row(ONE), basic_row(TWO))) == (0, 0, 2, 0)
    assert session.scalar(select(func.count()).select_from(RecordRow)) == 2


def test_the_newest_state_wins_and_a_void_is_never_undone(session: Session, ledger: Ledger) -> None:
    ledger(basic_row(ONE))
    assert counts(ledger(basic_row(ONE, 发票状态="已作废"))) == (0, 1, 0, 0)
    assert only(session).state == "void"
    assert counts(ledger(basic_row(ONE, 发票状态="正常"))) == (0, 0, 1, 0), "an older export imported later"
    assert only(session).state == "void"


def test_blank_cells_never_erase(session: Session, ledger: Ledger) -> None:
    ledger(basic_row(ONE))
    ledger(basic_row(ONE, 开票人="--", 销方名称="", 税额=None))
    record = only(session)
    assert (record.issuer_clerk, record.seller_name, record.total_tax_fen) == ("王芳", SELLER[1], 1300)


def test_a_damaged_number_is_kept_unkeyed_and_named(session: Session, ledger: Ledger) -> None:
    bad = basic_row("2.5312E+19")
    done = ledger(basic_row(TWO), bad)
    assert done.added == 2
    [problem] = done.problems
    assert (problem["sheet"], problem["row"], problem["column"]) == ("发票基础信息", 3, "数电发票号码")
    assert "2.5312E+19" in problem["what"]
    damaged = session.scalars(select(RecordRow).where(RecordRow.identity_key.is_(None))).one()
    assert damaged.digital_invoice_number is None
    assert damaged.damaged == {"digital_invoice_number": "scientific_notation:2.5312E+19"}
    assert counts(ledger(basic_row(TWO), bad)) == (0, 0, 2, 0), "re-import knows the damaged row again"


def test_equal_damaged_rows_may_be_different_invoices(session: Session, ledger: Ledger) -> None:
    bad = basic_row("2.5312E+19")
    ledger(bad, bad)
    assert session.scalar(select(func.count()).select_from(RecordRow)) == 2
    assert counts(ledger(bad, bad)) == (0, 0, 2, 0)


def test_the_whole_record_takes_the_place_of_the_damaged_one(session: Session, ledger: Ledger) -> None:
    ledger(basic_row("2.5312E+19"), name="打开另存过.xlsx")
    ledger(basic_row(ONE))
    record = only(session)
    assert record.identity_key == ONE
    assert set(session.scalars(select(RecordKeyRow.record_id))) == {record.id}


def test_a_damaged_row_beside_a_whole_one_in_one_file_is_another_invoice(session: Session, ledger: Ledger) -> None:
    for _again in range(2):
        ledger(basic_row(ONE), basic_row("2.5312E+19"))
        assert session.scalar(select(func.count()).select_from(RecordRow)) == 2
    ledger(basic_row(ONE, 开票人="李强"))
    assert session.scalar(select(func.count()).select_from(RecordRow)) == 2


def test_a_damaged_copy_of_what_is_known_is_not_kept_beside_it(session: Session, ledger: Ledger) -> None:
    ledger(basic_row(ONE))
    ledger(basic_row("2.5312E+19"))
    assert only(session).identity_key == ONE
    assert counts(ledger(basic_row("2.5312E+19"))) == (0, 0, 1, 0)


def test_two_that_fit_leave_the_damaged_one_alone(session: Session, ledger: Ledger) -> None:
    ledger(basic_row("2.5312E+19"))
    ledger(basic_row(ONE), basic_row(TWO))
    assert session.scalar(select(func.count()).select_from(RecordRow)) == 3


def test_paper_printed_from_the_platform_answers_to_both_keys(session: Session, ledger: Ledger) -> None:
    ledger(basic_row(ONE, 发票代码="3200251130", 发票号码="01234567", 发票票种="数电纸质发票（增值税专用发票）"))
    assert set(session.scalars(select(RecordKeyRow.key))) == {ONE, "3200251130-01234567"}


def test_halves_of_one_paper_are_joined_by_the_row_that_bears_both_keys(session: Session, ledger: Ledger) -> None:
    paper = {"发票代码": "3200251130", "发票号码": "01234567"}
    ledger(basic_row("", **paper))
    ledger(basic_row(ONE))
    ledger(basic_row(ONE, **paper))
    assert set(session.scalars(select(RecordKeyRow.record_id))) == {only(session).id}


def test_bad_rows_are_rejected_singly(session: Session, ledger: Ledger) -> None:
    done = ledger(basic_row(""), basic_row(ONE), basic_row("见附件"), ["合计", "", "", "", *[""] * 5, 100, 13, 113])
    assert counts(done) == (1, 0, 0, 2)
    assert [p["row"] for p in done.problems] == [2, 4]


def test_an_unreadable_date_or_amount_does_not_lose_the_invoice(session: Session, ledger: Ledger) -> None:
    ledger(basic_row(ONE, 开票日期="三月", 价税合计="约113"))
    record = only(session)
    assert record.identity_key == ONE
    assert (record.issue_date, record.total_incl_fen) == (None, None)
    assert set(record.damaged) == {"issue_date", "total_incl_tax"}


def test_one_number_with_two_amounts_in_a_file_is_told(session: Session, ledger: Ledger) -> None:
    for expected in ((1, 0, 0, 1), (0, 0, 1, 1)):
        done = ledger(basic_row(ONE), basic_row(ONE, 金额=999, 价税合计=1012))
        assert counts(done) == expected
        assert only(session).total_incl_fen == 11300
        assert done.problems[0]["row"] == 3


def test_coverage_is_stored(session: Session, ledger: Ledger) -> None:
    add_company(session, name=US[1], tax_id=US[0])
    done = ledger(
        basic_row(ONE, 开票日期="2025-03-01"), basic_row(TWO, 开票日期="2025-03-31", 发票票种="数电发票（普通发票）")
    )
    assert (done.date_from, done.date_to) == (date(2025, 3, 1), date(2025, 3, 31))
    assert done.kinds == ["digital_ordinary", "digital_special"]
    assert (done.direction, done.owner_tax_id) == (Direction.INPUT.value, US[0])


def test_what_we_sold_is_output(session: Session, ledger: Ledger) -> None:
    add_company(session, name=SELLER[1], tax_id=SELLER[0])
    assert ledger(basic_row(ONE)).direction == Direction.OUTPUT.value
    assert only(session).direction == Direction.OUTPUT.value


def test_direction_is_not_guessed_without_a_company_or_a_word(session: Session, ledger: Ledger) -> None:
    assert ledger(basic_row(ONE)).direction == Direction.UNKNOWN.value
    assert ledger(basic_row(TWO), name="进项发票.xlsx").direction == Direction.INPUT.value


def test_deduction_export(session: Session, xlsx: Callable[..., bytes]) -> None:
    headers = (
        "序号", "是否勾选*", "数电(发)票号码", "发票代码", "发票号码", "开票日期*", "金额*", "票面税额*",
        "有效抵扣税额*", "购买方识别号*", "销售方纳税人名称", "销售方纳税人识别号", "发票来源", "票种*",
        "发票状态", "勾选时间",
    )  # fmt: skip
    row = (1, "是", ONE, "", "", "2025-03-14", 100, 13, 13, US[0], SELLER[1], SELLER[0], "电子发票服务平台",
           "数电发票（增值税专用发票）", "正常", "2025-04-02")  # fmt: skip
    done = import_records(session, xlsx({"抵扣勾选": [headers, row]}), "勾选.xlsx")
    assert (done.format, done.direction) == ("bureau_deduction", Direction.INPUT.value)
    assert (only(session).seller_name, only(session).total_incl_fen) == (SELLER[1], 11300)


def test_details_without_basic_sheet_are_added_up(session: Session, xlsx: Callable[..., bytes]) -> None:
    rows = [LINE_HEADERS, line_row(ONE), line_row(ONE), line_row(ONE, 金额="-50.00", 税额="-6.50", 价税合计="-56.50")]
    done = import_records(session, xlsx({"信息汇总表": rows}), "明细.xlsx")
    record = only(session)
    assert (record.total_excl_fen, record.total_tax_fen, record.total_incl_fen) == (15000, 1950, 16950)
    assert len(record.lines) == 3
    assert "明细行相加" in done.problems[0]["what"]


@pytest.mark.parametrize("rows", [[["甲", "乙", "丙"], [1, 2, 3]], [["姓名", "部门", "工号"], ["王芳", "财务", "7"]]])
def test_unknown_headers_are_refused_and_shown(session: Session, xlsx: Callable[..., bytes], rows: list[Any]) -> None:
    with pytest.raises(RecordsError) as refused:
        import_records(session, xlsx({"Sheet1": rows}), "x.xlsx")
    assert refused.value.code == "records_unknown_headers"
    assert rows[0][0] in str(refused.value)


def test_a_header_without_rows_is_empty(session: Session, ledger: Ledger) -> None:
    with pytest.raises(RecordsError) as refused:
        ledger()
    assert refused.value.code == "records_empty"


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "records_empty"), (b"PK\x03\x04 not a zip", "records_damaged"),
     (b"<html><table/></html>", "records_damaged"), (b"\x00\x01\x02\xff\xfe\x00", "records_damaged")],
)  # fmt: skip
def test_files_that_are_no_tables(session: Session, data: bytes, code: str) -> None:
    with pytest.raises(RecordsError) as refused:
        import_records(session, data, "x.xlsx")
    assert refused.value.code == code


def test_progress_is_told(session: Session, ledger: Ledger) -> None:
    told: list[int] = []
    ledger(*(basic_row(f"2531200000{n:010d}") for n in range(1, 1202)), progress=told.append)
    assert told == [1000, 1201]
