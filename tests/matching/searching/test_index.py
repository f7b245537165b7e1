"""What is found in a real ledger, and that the index keeps step with every way in which rows change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matching.importing.changes import undo_import
from matching.searching import Asked, Found, Kind, find, index_of, take_apart
from matching.searching.reasons import reasons
from models.tables import CompanyRow, DocumentRow, ImportRow, RecordRow
from tests.matching.captures import NUMBER, capture
from tests.matching.ledger_rows import basic_row

OTHER = "25312000000999999999"


def look(session: Session, text: str, kind: Kind = Kind.RECORD, **asked: Any) -> Found:
    session.commit()
    index = index_of(session)
    index.follow(session)
    index.wait()
    return find(index, kind, Asked(terms=take_apart(text), **asked), limit=30)


def numbers(session: Session, found: Found) -> list[str | None]:
    return [session.get_one(RecordRow, hit.id).digital_invoice_number for hit in found.hits]


@pytest.fixture
def two(session: Session, ledger: Callable[..., ImportRow]) -> Session:
    ledger(
        basic_row(NUMBER, 备注="合同 HT-77 尾款"),
        basic_row(OTHER, 开票日期="2025-06-30 08:00:00", 销方名称="重庆长江物流有限公司",
                  销方识别号="91500000MA5U000000", 价税合计=226.0, 金额=200.0, 税额=26.0),
    )  # fmt: skip
    return session


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("99999", [OTHER]), ("0000012345", [NUMBER]), ("253120", [OTHER, NUMBER]), ("长江", [OTHER]), ("cqcj", [OTHER]),
        ("szys", [NUMBER]), ("226.00", [OTHER]), ("¥200", [OTHER]), ("110-120", [NUMBER]), (">200", [OTHER]),
        ("2025-06", [OTHER]), ("2025-03-14", [NUMBER]), ("2025-03~2025-06", [OTHER, NUMBER]), ("ht-77", [NUMBER]),
        ("5U0000", [OTHER]), ("长江 2025-06 >100", [OTHER]), ("长江 2025-03", []), ("青禾", [OTHER, NUMBER]),
        ("无此公司", []),
    ],
)  # fmt: skip
def test_finds(two: Session, typed: str, expected: list[str]) -> None:
    found = look(two, typed)
    assert numbers(two, found) == expected, "newest first"
    assert found.exact == len(expected)


@pytest.mark.parametrize("typed", ["25312000000123456780", "2531200000123456789", "苏州云衫科技"])
def test_forgives_one_slip_and_says_so(two: Session, typed: str) -> None:
    found = look(two, typed)
    assert numbers(two, found) == [NUMBER]
    assert found.exact == 0 and found.nearly == 1 and found.hits[0].nearly


def test_exact_hits_come_before_near_ones_which_are_asked_for(two: Session, ledger: Callable[..., ImportRow]) -> None:
    near = f"{NUMBER[:-1]}0"
    ledger(basic_row(near, 开票日期="2025-12-31 00:00:00"))
    assert numbers(two, look(two, NUMBER)) == [NUMBER]
    found = look(two, NUMBER, nearly=True)
    assert [(hit.nearly) for hit in found.hits] == [False, True]
    assert numbers(two, found) == [NUMBER, near]


def test_filters_narrow(two: Session) -> None:
    assert look(two, "", statuses=("void",)).exact == 0
    assert look(two, "", statuses=("normal",), kinds=("digital_special",)).exact == 2
    assert look(two, "", first=date(2025, 4, 1)).exact == 1
    assert look(two, "", least=20000, most=22600).exact == 1
    assert look(two, "", tax_id="91500000").exact == 1
    assert look(two, "", direction="output").exact == 0


def test_pages_neither_repeat_nor_lose(session: Session, ledger: Callable[..., ImportRow]) -> None:
    ledger(*(basic_row(f"2531200000000000{at:04d}") for at in range(45)))
    session.commit()
    index = index_of(session)
    index.follow(session)
    seen: list[int] = []
    place = None
    while True:
        page = find(index, Kind.RECORD, Asked(terms=take_apart("云杉")), limit=10, after=place)
        seen += [hit.id for hit in page.hits]
        place = page.next
        if place is None:
            break
    assert len(seen) == len(set(seen)) == 45


def test_keeps_step_with_imports_corrections_and_undo(two: Session, ledger: Callable[..., ImportRow]) -> None:
    assert look(two, "新来").exact == 0
    third = ledger(basic_row("25312000000777777777", 销方名称="新来有限公司"), basic_row(NUMBER, 发票状态="已作废"))
    assert look(two, "新来").exact == 1
    assert look(two, "", statuses=("void",)).exact == 1, "a record changed by a later import"
    two.query(RecordRow).filter_by(digital_invoice_number=OTHER).one().seller_name = "改名有限公司"
    assert look(two, "改名").exact == 1
    assert look(two, "长江").exact == 0
    undo_import(two, third)
    two.flush()
    assert look(two, "新来").exact == 0
    assert look(two, "", statuses=("void",)).exact == 0


def test_captured_invoices_and_what_stands_on_them(session: Session, us: CompanyRow) -> None:
    row = capture(session, name="差旅 报销.pdf", remarks="项目甲")
    found = look(session, "项目甲", Kind.DOCUMENT)
    assert [hit.id for hit in found.hits] == [row.id]
    assert look(session, "差旅", Kind.DOCUMENT).exact == 1
    row.seller_name = "别家有限公司"
    assert look(session, "别家", Kind.DOCUMENT).exact == 1
    session.delete(row)
    assert look(session, "别家", Kind.DOCUMENT).exact == 0


def test_staff_find_their_own(session: Session, us: CompanyRow, people: tuple[int, int]) -> None:
    row = capture(session)
    session.get_one(DocumentRow, row.document_id).uploaded_by = people[0]
    session.flush()
    assert look(session, NUMBER, Kind.DOCUMENT, owner=people[0]).exact == 1
    assert look(session, NUMBER, Kind.DOCUMENT, owner=people[1]).exact == 0


@pytest.mark.parametrize(
    ("typed", "field", "marked"),
    [("99999", "digital_invoice_number", "99999"), ("长江", "seller_name", "长江"), ("cqcj", "seller_name", "重庆长江"),
     ("226", "total_incl_tax", "226.00"), ("2025-06", "issue_date", "2025-06-30"),
     ("重庆常江", "seller_name", "重庆长江物流有限公司")],
)  # fmt: skip
def test_says_why(two: Session, typed: str, field: str, marked: str) -> None:
    record = two.query(RecordRow).filter_by(digital_invoice_number=OTHER).one()
    (reason,) = reasons(record, take_apart(typed))
    assert (reason.field, reason.marked) == (field, marked)


def test_the_first_reading_of_a_large_ledger_goes_on_in_the_background(
    two: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.searching.index.AT_ONCE", 0)
    two.commit()
    index = index_of(two)
    standing = index.follow(two)
    assert standing.expected == 2
    index.wait()
    standing = index.follow(two)
    assert standing.ready and not standing.catching_up and standing.read == 2


def test_a_reader_that_has_already_written_does_not_wait_for_itself(two: Session, people: tuple[int, int]) -> None:
    two.commit()
    two.query(RecordRow).first().remarks = "又改"  # holds SQLite's only write lock from here on
    two.flush()
    index = index_of(two)
    index.follow(two)
    assert find(index, Kind.RECORD, Asked(terms=take_apart("又改")), limit=5).exact == 1
    two.rollback()  # triggers made by it go with it, and the next reader makes them anew
    index.follow(two)
    index.wait()  # what was read of a change taken back is read anew, in the background
    two.commit()
    two.query(RecordRow).first().remarks = "改定"
    two.commit()
    index.follow(two)
    index.wait()
    assert find(index, Kind.RECORD, Asked(terms=take_apart("改定")), limit=5).exact == 1
