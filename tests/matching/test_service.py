"""What becomes of a captured invoice: linked on its key, offered on evidence, never linked on a likeness."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.companies import add_company
from matching.importing import import_records
from matching.red_links import link_records
from matching.service import confirm, match_invoice, reject, rematch
from models.errors import RequestError
from models.evidence import Source
from models.kinds import InvoiceKind
from models.matching import CauseCode, MatchResult, MatchStatus
from models.settings import Settings
from models.tables import CompanyRow, ImportRow, InvoiceRow, RecordRow
from tests.matching.captures import NUMBER, TODAY, capture
from tests.matching.ledger_rows import SELLER, US, basic_row

Ledger = Callable[..., ImportRow]
Find = Callable[..., MatchResult]
NEIGHBOUR = "25312000000123456790"
PAPER = {"发票代码": "3200251130", "发票号码": "01234567", "发票票种": "增值税专用发票"}
ON_PAPER = {"invoice_code": "3200251130", "invoice_number": "01234567"}


def causes(result: MatchResult) -> list[CauseCode]:
    return [cause.code for cause in result.causes]


def test_an_equal_key_links(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NUMBER))
    row = capture(session)
    found = find(row)
    assert found.status is MatchStatus.MATCHED
    assert row.record_id == session.scalars(select(RecordRow.id)).one()
    assert row.match_status == "matched"
    assert row.match is not None
    assert row.match["differences"] == []
    assert row.matched_at is not None


def test_paper_links_on_code_and_number(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row("", **PAPER))
    assert find(capture(session, kind=InvoiceKind.SPECIAL_PAPER, **ON_PAPER)).status is MatchStatus.MATCHED
    other = capture(session, kind=InvoiceKind.SPECIAL_PAPER, invoice_code="3200251131", invoice_number="01234567")
    assert find(other).record_id is None, "eight digits alone are not an invoice"


def test_either_key_of_platform_paper_links(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NUMBER, 发票代码="3200251130", 发票号码="01234567", 发票票种="数电纸质发票（增值税专用发票）"))
    kind = InvoiceKind.DIGITAL_PAPER_SPECIAL
    assert find(capture(session, kind=kind, **ON_PAPER)).status is MatchStatus.MATCHED


def test_what_disagrees_is_named(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NUMBER))
    found = find(capture(session, total_incl_tax="118.00", buyer_name="上海青禾贸易有限责任公司"))
    assert found.status is MatchStatus.DIFFERS
    assert {d.field: (d.document, d.record) for d in found.differences} == {
        "total_incl_tax": ("118.00", "113.00"),
        "buyer_name": ("上海青禾贸易有限责任公司", US[1]),
    }


def test_brackets_width_and_asterisks_are_no_difference(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NUMBER, 销方名称="苏州云杉（集团）有限公司"))
    row = capture(session, seller_name="苏州云杉(集团)有限公司", total_tax="***", buyer_tax_id=None)
    assert find(row).status is MatchStatus.MATCHED


def test_a_doubted_field_is_a_difference_marked_uncertain(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NUMBER))
    found = find(capture(session, total_incl_tax="118.00", review=["total_incl_tax"], source=Source.OCR))
    assert found.status is MatchStatus.DIFFERS
    assert found.differences[0].document == "118.00（识别存疑）"


def test_a_doubted_number_links_only_with_support(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NUMBER))
    doubted = {"review": ["invoice_number"], "source": Source.OCR}
    alone = capture(session, total_incl_tax=None, total_excl_tax=None, total_tax=None, **doubted)  # type: ignore[arg-type]
    assert find(alone).status is MatchStatus.PROBABLE
    session.delete(alone)
    session.flush()
    assert find(capture(session, **doubted)).status is MatchStatus.MATCHED  # type: ignore[arg-type]


@pytest.mark.parametrize(("label", "status"), [("已作废", MatchStatus.VOID), ("已红冲-全额", MatchStatus.RED_FLUSHED)])
def test_states_of_the_record_decide(
    session: Session, ledger: Ledger, find: Find, label: str, status: MatchStatus
) -> None:
    ledger(basic_row(NUMBER, 发票状态=label))
    found = find(capture(session))
    assert found.status is status
    assert label in found.causes[0].evidence[0]


def test_of_a_partly_flushed_invoice_the_rest_is_told(session: Session, ledger: Ledger, find: Find) -> None:
    red = basic_row(
        NEIGHBOUR,
        金额=-40,
        税额=-5.2,
        价税合计=-45.2,
        是否正数发票="否",
        备注=f"被红冲蓝字数电发票号码：{NUMBER} 红字发票信息确认单编号：1",
    )
    ledger(basic_row(NUMBER, 发票状态="已红冲-部分"), red)
    link_records(session)  # as `rematch` does after an import
    found = find(capture(session))
    assert found.status is MatchStatus.RED_FLUSHED
    assert "67.80" in "".join(found.causes[0].evidence)


def test_one_wrong_digit_is_offered_not_linked(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NUMBER))
    found = find(capture(session, source=Source.OCR, invoice_number="25312000000723456789", review=["invoice_number"]))
    assert found.status is MatchStatus.PROBABLE
    assert causes(found)[0] is CauseCode.MISREAD_OR_MISTYPED
    assert found.score is not None
    assert found.score > 0.9


def test_a_neighbour_with_equal_amount_and_day_is_another_invoice(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NEIGHBOUR))
    found = find(capture(session, source=Source.QR))
    assert found.status is MatchStatus.ABSENT, "both numbers are machine-made and differ"
    assert found.record_id is None


def test_a_record_that_has_its_document_is_not_offered_to_another(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row(NEIGHBOUR))
    find(capture(session, invoice_number=NEIGHBOUR))
    found = find(capture(session, source=Source.OCR, review=["invoice_number"]))
    assert found.status is MatchStatus.NEEDS_REVIEW
    assert found.record_id is None


def test_no_link_and_no_offer_on_a_name_alone(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row("25312000000999999999", 金额=7, 税额=0, 价税合计=7, 开票日期="2025-03-01"))
    found = find(capture(session, source=Source.OCR, review=["invoice_number"], seller_tax_id=None))
    assert found.status is MatchStatus.NEEDS_REVIEW
    assert found.record_id is None


def test_swapped_code_and_number(session: Session, find: Find) -> None:
    swapped = f"发票代码,发票号码,开票日期,供应商,价税合计\n01234567,3200251130,2025-03-14,{SELLER[1]},113\n"
    import_records(session, swapped.encode(), "x.csv")
    found = find(capture(session, kind=InvoiceKind.SPECIAL_PAPER, **ON_PAPER))
    assert found.status is MatchStatus.PROBABLE
    assert causes(found)[0] is CauseCode.CODE_NUMBER_SWAPPED


def test_last_eight_of_twenty(session: Session, find: Find) -> None:
    short = f"发票号码,开票日期,供应商,价税合计\n23456789,2025-03-14,{SELLER[1]},113\n"
    import_records(session, short.encode(), "x.csv")
    found = find(capture(session))
    assert found.status is MatchStatus.PROBABLE
    assert causes(found)[0] is CauseCode.NUMBER_TRUNCATED


def test_a_number_damaged_by_a_spreadsheet(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row("2.5312E+19"))
    found = find(capture(session))
    assert found.status is MatchStatus.PROBABLE
    assert causes(found)[0] is CauseCode.SPREADSHEET_DAMAGE
    assert "2.5312E+19" in "".join(found.causes[0].evidence)


def test_a_table_without_codes_links_when_everything_else_agrees(session: Session, find: Find) -> None:
    table = f"发票号码,开票日期,供应商,价税合计\n01234567,2025-03-14,{SELLER[1]},113\n"
    import_records(session, table.encode(), "x.csv")
    row = capture(session, kind=InvoiceKind.SPECIAL_PAPER, **ON_PAPER)
    assert find(row).status is MatchStatus.MATCHED
    session.delete(row)
    session.flush()
    changed = capture(session, kind=InvoiceKind.SPECIAL_PAPER, total_incl_tax="114.00", **ON_PAPER)
    assert find(changed).status is not MatchStatus.MATCHED


def test_not_our_company(session: Session, us: CompanyRow, find: Find) -> None:
    found = find(capture(session, buyer_tax_id="91440300708461136T", buyer_name="深圳某某有限公司"))
    assert found.status is MatchStatus.NOT_OURS
    assert causes(found)[0] is CauseCode.OTHER_ENTITY


def test_our_name_with_another_id_is_ours_and_wrong(session: Session, us: CompanyRow, find: Find) -> None:
    found = find(capture(session, buyer_tax_id="91440300708461136T"))
    assert found.status is MatchStatus.ABSENT
    assert causes(found)[0] is CauseCode.OTHER_ENTITY
    assert US[0] in found.causes[0].evidence[0]


def test_a_number_that_was_not_read_is_reviewed_not_absent(session: Session, find: Find) -> None:
    assert find(capture(session, invoice_number=None)).status is MatchStatus.NEEDS_REVIEW
    doubted = capture(session, review=["invoice_number"], source=Source.OCR)
    assert find(doubted).status is MatchStatus.NEEDS_REVIEW


def test_probabilities_of_causes_sum_to_one(session: Session, us: CompanyRow, ledger: Ledger, find: Find) -> None:
    ledger(basic_row("25312000000999999999"))
    found = find(capture(session, issue_date="2025-04-19", buyer_tax_id=None))
    assert found.status is MatchStatus.ABSENT
    assert sum(c.probability for c in found.causes) == pytest.approx(1)
    assert [c.probability for c in found.causes] == sorted((c.probability for c in found.causes), reverse=True)
    assert all(c.evidence and c.action for c in found.causes)


class TestRematch:
    """After an import, what was open resolves by itself."""

    @staticmethod
    def again(session: Session) -> int:
        return rematch(session, today=TODAY, settings=Settings())

    def test_pending_ones_resolve(self, session: Session, ledger: Ledger, find: Find) -> None:
        row = capture(session)
        assert find(row).status is MatchStatus.ABSENT
        ledger(basic_row(NUMBER))
        assert self.again(session) == 1
        assert row.match_status == "matched"
        assert self.again(session) == 0

    def test_a_matched_one_whose_record_is_voided_later_is_told(
        self, session: Session, ledger: Ledger, find: Find
    ) -> None:
        ledger(basic_row(NUMBER))
        row = capture(session)
        find(row)
        ledger(basic_row(NUMBER, 发票状态="已作废"))
        self.again(session)
        assert row.match_status == "void"

    def test_a_new_company_makes_it_ours(self, session: Session, us: CompanyRow, find: Find) -> None:
        row = capture(session, buyer_tax_id="91440300708461136T", buyer_name="深圳某某有限公司")
        assert find(row).status is MatchStatus.NOT_OURS
        add_company(session, name="深圳某某有限公司", tax_id="91440300708461136T")
        self.again(session)
        assert row.match_status == "absent"

    def test_invoices_not_matched_yet_are_left_to_the_pipeline(self, session: Session) -> None:
        row = capture(session)
        assert self.again(session) == 0
        assert row.match_status is None


class TestPersonDecides:
    """Confirmed and rejected pairs are remembered."""

    @pytest.fixture
    def offered(self, session: Session, ledger: Ledger, find: Find) -> tuple[InvoiceRow, RecordRow]:
        ledger(basic_row("2.5312E+19"))
        row = capture(session)
        find(row)
        return row, session.scalars(select(RecordRow)).one()

    def test_confirmed(self, session: Session, offered: tuple[InvoiceRow, RecordRow], people: tuple[int, int]) -> None:
        row, record = offered
        result = confirm(session, row, record, user_id=people[0], today=TODAY, settings=Settings())
        assert result.status is MatchStatus.MATCHED
        again = match_invoice(session, row, today=TODAY, settings=Settings())
        assert (again.status, again.record_id) == (MatchStatus.MATCHED, record.id)

    def test_rejected(self, session: Session, offered: tuple[InvoiceRow, RecordRow], people: tuple[int, int]) -> None:
        row, record = offered
        for _again in range(2):
            result = reject(session, row, record, user_id=people[0], today=TODAY, settings=Settings())
            assert result.status is MatchStatus.ABSENT

    def test_one_record_takes_one_document(
        self, session: Session, offered: tuple[InvoiceRow, RecordRow], people: tuple[int, int]
    ) -> None:
        row, record = offered
        confirm(session, row, record, user_id=people[0], today=TODAY, settings=Settings())
        other = capture(session, invoice_number=NEIGHBOUR)
        with pytest.raises(RequestError):
            confirm(session, other, record, user_id=people[0], today=TODAY, settings=Settings())
