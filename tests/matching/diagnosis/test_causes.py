"""Each cause comes first when its own evidence is there. One test a row of the domain's table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matching.companies import add_company, close_company
from matching.diagnosis import RULES
from matching.drafts import draft_for
from matching.importing import import_records
from matching.red_links import link_records
from models.kinds import InvoiceKind
from models.matching import Cause, CauseCode, MatchResult
from models.tables import CompanyRow, ImportRow
from tests.matching.captures import NUMBER, capture
from tests.matching.ledger_rows import SELLER, US, basic_row

Ledger = Callable[..., ImportRow]
Find = Callable[..., MatchResult]
GROUP = ("91440300708461136T", "深圳青禾贸易有限公司")


@pytest.fixture(autouse=True)
def march(us: CompanyRow, ledger: Ledger) -> ImportRow:
    """March 2025, all of it, imported for us: every kind below, none of them our invoice."""
    return ledger(
        basic_row("25312000000900000001", 开票日期="2025-03-01", 价税合计=7),
        basic_row("25312000000900000002", 开票日期="2025-03-31", 价税合计=8, 发票票种="数电发票（普通发票）"),
    )


@pytest.fixture
def first(session: Session, find: Find) -> Callable[..., Cause]:
    def diagnose(**changes: Any) -> Cause:
        return find(capture(session, **changes)).causes[0]

    return diagnose


def test_never_recorded(first: Callable[..., Cause]) -> None:
    cause = first()
    assert cause.code is CauseCode.NEVER_RECORDED
    assert "2025-03-01 至 2025-03-31" in cause.evidence[0]


def test_not_synced_yet(first: Callable[..., Cause]) -> None:
    cause = first(issue_date="2025-04-19")
    assert cause.code is CauseCode.NOT_SYNCED_YET
    assert any("1 天" in said for said in cause.evidence)


def test_period_not_imported(first: Callable[..., Cause]) -> None:
    cause = first(issue_date="2025-01-10")
    assert cause.code is CauseCode.PERIOD_NOT_IMPORTED
    assert "2025-01" in cause.action


def test_periods_that_overlap_or_meet_are_told_as_one(first: Callable[..., Cause], ledger: Ledger) -> None:
    for n, (start, end) in enumerate([("2025-03-20", "2025-04-02"), ("2025-04-03", "2025-04-10"),
                                      ("2024-11-05", "2024-11-09")]):  # fmt: skip
        ledger(*(basic_row(f"2531200000091{n}0000{k}", 开票日期=day, 价税合计=9) for k, day in enumerate((start, end))))
    (said, *_) = first(issue_date="2025-01-10").evidence
    assert "（2024-11-05 – 2024-11-09; 2025-03-01 – 2025-04-10）" in said


@pytest.mark.parametrize("kind", [InvoiceKind.TAXI, InvoiceKind.QUOTA, InvoiceKind.TRAIN_PAPER])
def test_kind_never_in_any_feed(first: Callable[..., Cause], kind: InvoiceKind) -> None:
    cause = first(kind=kind, invoice_code="131001570151", invoice_number="12345678")
    assert cause.code is CauseCode.KIND_NOT_IN_FEED


def test_plain_invoices_are_not_in_a_deduction_export(
    session: Session, march: ImportRow, first: Callable[..., Cause]
) -> None:
    march.format = "bureau_deduction"
    assert first(kind=InvoiceKind.DIGITAL_ORDINARY).code is CauseCode.KIND_NOT_IN_FEED
    assert first(invoice_number="25312000000123456700").code is CauseCode.NEVER_RECORDED, "专票 would be in it"


def test_wrong_direction(first: Callable[..., Cause]) -> None:
    sold = {"seller_name": US[1], "seller_tax_id": US[0], "buyer_name": SELLER[1], "buyer_tax_id": SELLER[0]}
    cause = first(**sold)
    assert cause.code is CauseCode.WRONG_DIRECTION
    assert "销项" in cause.action


def test_other_entity(first: Callable[..., Cause]) -> None:
    assert first(buyer_tax_id=GROUP[0], buyer_name=GROUP[1]).code is CauseCode.OTHER_ENTITY


def test_former_name(session: Session, first: Callable[..., Cause]) -> None:
    add_company(session, name=US[1], tax_id=US[0], former_names=["上海青禾商行"])
    cause = first(buyer_name="上海青禾商行")
    assert cause.code is CauseCode.OTHER_ENTITY
    assert "曾用名" in cause.evidence[0]


def test_a_former_name_before_and_after_its_last_day(session: Session, first: Callable[..., Cause]) -> None:
    add_company(session, name=US[1], tax_id=US[0], former_names=["上海青禾商行 2025-03-10"])
    after = first(buyer_name="上海青禾商行", issue_date="2025-03-11")
    assert after.code is CauseCode.OTHER_ENTITY
    assert "只用到 2025-03-10" in after.evidence[0]
    before = first(buyer_name="上海青禾商行", issue_date="2025-03-10", invoice_number="25312000000123456700")
    assert before.code is not CauseCode.OTHER_ENTITY, "it was the name on that day"


def test_head_office_and_branch_are_told_apart(session: Session, us: CompanyRow, first: Callable[..., Cause]) -> None:
    add_company(session, name=GROUP[1], tax_id=GROUP[0], parent=us)
    branch_named = first(buyer_name=GROUP[1], buyer_tax_id=US[0])
    assert (branch_named.code, "总机构的" in branch_named.evidence[0]) == (CauseCode.OTHER_ENTITY, True)
    head_named = first(buyer_name=US[1], buyer_tax_id=GROUP[0], invoice_number="25312000000123456700")
    assert (head_named.code, "分支机构的" in head_named.evidence[0]) == (CauseCode.OTHER_ENTITY, True)


def test_a_branch_that_shares_the_tax_id_is_we(session: Session, us: CompanyRow, first: Callable[..., Cause]) -> None:
    add_company(session, name="上海青禾苏州分公司", tax_id="", parent=us)
    assert first(buyer_name="上海青禾苏州分公司").code is CauseCode.NEVER_RECORDED


def test_issued_after_the_company_closed(session: Session, us: CompanyRow, first: Callable[..., Cause]) -> None:
    close_company(session, us, date(2025, 3, 5))
    cause = first(issue_date="2025-03-06")
    assert (cause.code, "停用" in cause.evidence[0]) == (CauseCode.OTHER_ENTITY, True)


def test_an_entity_of_the_group_whose_account_was_not_imported(session: Session, first: Callable[..., Cause]) -> None:
    add_company(session, name=GROUP[1], tax_id=GROUP[0])
    cause = first(buyer_tax_id=GROUP[0], buyer_name=GROUP[1])
    assert cause.code is CauseCode.NO_ACCESS
    assert GROUP[0] in cause.action


def test_buyer_without_id(first: Callable[..., Cause]) -> None:
    assert first(buyer_tax_id=None).code is CauseCode.BUYER_ID_MISSING
    cause = first(buyer_tax_id=None, buyer_name="个人", invoice_number="25312000000123456700")
    assert cause.code is CauseCode.BUYER_ID_MISSING
    assert "个人" in cause.evidence[1]


def test_red_invoice(first: Callable[..., Cause]) -> None:
    blue = "25312000000100000001"
    cause = first(
        total_incl_tax="-113.00", total_excl_tax="-100.00", total_tax="-13.00",
        remarks=f"被红冲蓝字数电发票号码：{blue} 红字发票信息确认单编号：31200025030000000001",
    )  # fmt: skip
    assert cause.code is CauseCode.IS_RED
    assert blue in cause.evidence[1]


def test_red_flushed_by_a_red_record(session: Session, ledger: Ledger, first: Callable[..., Cause]) -> None:
    ledger(
        basic_row("25312000000800000001", 金额=-100, 税额=-13, 价税合计=-113, 备注=f"被红冲蓝字数电发票号码：{NUMBER}")
    )
    link_records(session)  # as `rematch` does after an import
    cause = first()
    assert cause.code is CauseCode.RED_FLUSHED
    assert "25312000000800000001" in cause.evidence[0]


def test_issued_on_behalf_is_among_the_causes(session: Session, find: Find) -> None:
    row = capture(
        session, seller_name="国家税务总局苏州市某区税务局", seller_tax_id="13205000000000A",
        remarks=f"代开企业税号:{SELLER[0]} 代开企业名称:{SELLER[1]}",
    )  # fmt: skip
    assert CauseCode.ISSUED_ON_BEHALF in [c.code for c in find(row).causes]


def test_on_behalf_is_offered_by_the_company_in_the_remarks(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row("2.5312E+19"))
    row = capture(
        session, seller_name="国家税务总局苏州市某区税务局", seller_tax_id=None,
        remarks=f"代开企业税号:{SELLER[0]} 代开企业名称:{SELLER[1]}",
    )  # fmt: skip
    assert find(row).record_id is not None


def test_suspicious_only_when_overdue_and_exactly_read(first: Callable[..., Cause]) -> None:
    failed = ["qr_amount", "code_kind"]
    cause = first(failed=failed)
    assert cause.code is CauseCode.SUSPICIOUS
    assert "查验" in cause.action
    fresh = first(failed=failed, issue_date="2025-04-19", invoice_number="25312000000123456700")
    assert fresh.code is CauseCode.NOT_SYNCED_YET


def test_a_broken_seal_is_suspicious_at_once_and_gets_no_draft(session: Session, find: Find) -> None:
    """Neither overdue nor a failed check is needed: the signature is arithmetic over the file itself."""
    row = capture(session, broken_seal="签名后追加了可见内容", issue_date="2025-04-19")
    cause = find(row).causes[0]
    assert cause.code is CauseCode.SUSPICIOUS
    assert "签名后追加了可见内容" in cause.evidence[0]
    assert draft_for(session, row) is None


def test_a_broken_seal_blocks_the_draft_even_where_another_cause_comes_first(session: Session, find: Find) -> None:
    row = capture(session, broken_seal="内容被改动")
    find(row)
    row.match = (row.match or {}) | {"causes": []}
    assert draft_for(session, row) is None


def test_code_and_number_of_each_other_s_length(first: Callable[..., Cause]) -> None:
    cause = first(kind=InvoiceKind.SPECIAL_PAPER, invoice_code="01234567", invoice_number="3200251130")
    assert cause.code is CauseCode.CODE_NUMBER_SWAPPED


def test_a_digital_number_of_eight_digits(first: Callable[..., Cause]) -> None:
    assert first(invoice_number="23456789").code is CauseCode.NUMBER_TRUNCATED


def test_a_record_known_without_its_code(session: Session, find: Find) -> None:
    table = f"发票号码,开票日期,供应商,价税合计\n01234567,2025-03-15,{SELLER[1]},113\n"
    import_records(session, table.encode(), "x.csv")
    row = capture(session, kind=InvoiceKind.SPECIAL_PAPER, invoice_code="3200251130", invoice_number="01234567")
    assert find(row).causes[0].code is CauseCode.STORED_UNDER_OTHER_KEY


def test_a_typing_slip_in_the_ledger(session: Session, find: Find) -> None:
    table = f"发票号码,开票日期,供应商,价税合计\n{NUMBER[:10]}9{NUMBER[11:]},2025-03-14,{SELLER[1]},113\n"
    import_records(session, table.encode(), "x.csv")
    assert find(capture(session)).causes[0].code is CauseCode.MISREAD_OR_MISTYPED


def test_without_any_import_the_period_is_what_is_missing(session: Session, march: ImportRow, find: Find) -> None:
    march.direction = "output"
    cause = find(capture(session)).causes[0]
    assert cause.code is CauseCode.PERIOD_NOT_IMPORTED
    assert "尚未导入任何进项记录" in cause.evidence[0]


def test_every_cause_of_absence_has_a_rule() -> None:
    """voided and duplicate are told by a record or an earlier capture; never_recorded is what remains."""
    named = {rule.__name__ for rule in RULES}
    assert {code.value for code in CauseCode} - named == {"voided", "duplicate", "never_recorded"}
