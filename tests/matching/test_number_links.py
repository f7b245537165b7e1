"""What a record's number, whole or damaged, says of the invoice in hand; and whose name a 代开 record bears."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest
from sqlalchemy.orm import Session

from matching.importing import import_records
from models.evidence import Source
from models.kinds import InvoiceKind
from models.matching import CauseCode, MatchResult, MatchStatus
from models.tables import CompanyRow, ImportRow
from tests.matching.captures import NUMBER, capture
from tests.matching.ledger_rows import SELLER, basic_row

Ledger = Callable[..., ImportRow]
Find = Callable[..., MatchResult]


@pytest.fixture(autouse=True)
def _us(us: CompanyRow) -> None:
    """Our company is registered."""


def test_the_last_eight_digits_are_a_truncated_number(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row("", 发票号码=NUMBER[-8:]))
    found = find(capture(session))
    assert found.status is MatchStatus.PROBABLE
    assert found.causes[0].code is CauseCode.NUMBER_TRUNCATED


def test_damaged_digits_of_another_number_speak_against(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row("2.6445E+19"))
    assert find(capture(session)).status is MatchStatus.ABSENT


def test_damaged_digits_of_this_number_speak_for(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row("2.5312E+19"))
    found = find(capture(session))
    assert found.status is MatchStatus.PROBABLE
    assert found.causes[0].code is CauseCode.SPREADSHEET_DAMAGE


class TestTheNextInvoiceOfTheSameAmount:
    """Same seller, day and amount, a number a few further: two invoices, unless something shows a misreading."""

    LOOKS_ALIKE, UNLIKE = "25312000000123456788", "25312000000123456792"

    @pytest.mark.parametrize("neighbour", [LOOKS_ALIKE, UNLIKE])
    def test_an_accepted_number_is_another_invoice(
        self, session: Session, ledger: Ledger, find: Find, neighbour: str
    ) -> None:
        ledger(basic_row(neighbour))
        row = capture(session, source=Source.OCR)
        found = find(row)
        assert found.status is MatchStatus.ABSENT
        assert row.match is not None
        assert [c["probability"] < 0.1 for c in row.match["candidates"]] == [True], "shown, but not offered"
        said = [text for cause in found.causes if cause.code is CauseCode.NEVER_RECORDED for text in cause.evidence]
        assert any(neighbour in text for text in said)

    def test_a_doubted_number_is_offered_where_digits_look_alike(
        self, session: Session, ledger: Ledger, find: Find
    ) -> None:
        ledger(basic_row(self.LOOKS_ALIKE))
        found = find(capture(session, source=Source.OCR, review=["invoice_number"]))
        assert found.status is MatchStatus.PROBABLE

    def test_a_doubted_number_whose_digits_do_not_look_alike_is_reviewed(
        self, session: Session, ledger: Ledger, find: Find
    ) -> None:
        ledger(basic_row(self.UNLIKE))
        found = find(capture(session, source=Source.OCR, review=["invoice_number"]))
        assert found.status is MatchStatus.NEEDS_REVIEW
        assert found.record_id is None

    def test_another_reading_that_is_the_record_s_number_shows_a_misreading(
        self, session: Session, ledger: Ledger, find: Find
    ) -> None:
        ledger(basic_row(self.LOOKS_ALIKE))
        row = capture(session, source=Source.OCR)
        field = row.data["fields"]["invoice_number"]
        reading = {"source": "qr", "value": self.LOOKS_ALIKE, "raw": self.LOOKS_ALIKE, "confidence": 0.9}
        row.data = row.data | {"fields": row.data["fields"] | {"invoice_number": field | {"evidence": [reading]}}}
        assert find(row).status is MatchStatus.PROBABLE

    def test_a_typed_record_may_be_a_slip_of_the_hand(self, session: Session, find: Find) -> None:
        table = f"发票号码,开票日期,供应商,价税合计\n{self.LOOKS_ALIKE},2025-03-14,{SELLER[1]},113\n"
        import_records(session, table.encode(), "x.csv")
        assert find(capture(session, source=Source.OCR)).status is MatchStatus.PROBABLE


def test_a_record_may_bear_the_company_of_the_remarks(session: Session, ledger: Ledger, find: Find) -> None:
    ledger(basic_row())
    office = {"seller_name": "国家税务总局苏州工业园区税务局", "seller_tax_id": "11320500014150000X"}
    found = find(capture(session, **office, remarks=f"代开企业税号:{SELLER[0]} 代开企业名称:{SELLER[1]}"))
    assert found.status is MatchStatus.MATCHED
    assert find(capture(session, **office, invoice_number="25312000000100000001")).status is MatchStatus.ABSENT


class TestADoubtedCodeAndANumberThatOnePersonMistyped:
    """Each a slip from the record's: two slips, of which one is known to be likely."""

    CODE, MISREAD = "3100253130", "3180253130"
    TOLD, NEXT, TYPED = "79922739", "79922740", "79972739"

    def look(
        self, session: Session, ledger: Ledger, find: Find, recorded: str, review: Collection[str] = ()
    ) -> MatchResult:
        ledger(basic_row("", 发票代码=self.CODE, 发票号码=recorded, 发票票种="增值税专用发票"))
        paper = InvoiceKind.SPECIAL_PAPER
        row = capture(
            session, source=Source.OCR, kind=paper, invoice_code=self.MISREAD, invoice_number=self.TOLD, review=review
        )  # fmt: skip
        return find(row)

    def test_it_is_offered_with_both(self, session: Session, ledger: Ledger, find: Find) -> None:
        found = self.look(session, ledger, find, self.TYPED, review=["invoice_code"])
        assert found.status is MatchStatus.PROBABLE
        assert all(digits in str(found.why) for digits in (self.CODE, self.MISREAD, self.TYPED, self.TOLD))
        assert "号码相同" not in str(found.why)

    def test_a_code_that_is_not_in_doubt_is_another_invoice(self, session: Session, ledger: Ledger, find: Find) -> None:
        assert self.look(session, ledger, find, self.TYPED).status is MatchStatus.ABSENT

    def test_the_next_number_is_another_invoice(self, session: Session, ledger: Ledger, find: Find) -> None:
        found = self.look(session, ledger, find, self.NEXT, review=["invoice_code"])
        assert found.status is MatchStatus.NEEDS_REVIEW
