"""Rows of one file that speak of one invoice, wherever they stand in it; what each row did is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.importing import import_records, storing
from matching.importing.merging import COMPARED
from matching.importing.rows import MAX_PROBLEMS
from matching.importing.tables import Sheet
from matching.importing.telling import Told
from models.errors import RecordsError
from models.tables import ImportRow, RecordRow
from tests.matching.ledger_rows import BASIC_HEADERS, basic_row

Ledger = Callable[..., ImportRow]
ONE, TWO, THREE = (f"253120000001234567{at}" for at in (89, 90, 91))


@pytest.fixture(params=[1, 2, 2000])
def _chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "CHUNK", request.param)


def counts(row: ImportRow) -> tuple[int, int, int, int]:
    return row.added, row.updated, row.unchanged, row.rejected


@pytest.mark.usefixtures("_chunk")
def test_the_first_row_stays_and_another_amount_is_rejected(session: Session, ledger: Ledger) -> None:
    rows = [basic_row(ONE), basic_row(TWO), basic_row(ONE), basic_row(THREE), basic_row(ONE, 金额=1), basic_row(TWO)]
    done = ledger(*rows)
    assert counts(done) == (3, 0, 2, 1)
    [problem] = done.problems
    assert (problem["row"], problem["cells"]["金额"]) == (6, "1")
    assert counts(ledger(*rows)) == (0, 0, 5, 1), "and again"


@pytest.mark.usefixtures("_chunk")
def test_a_typed_table_is_held_to_its_own_first_row(session: Session, ledger: Ledger) -> None:
    """The stored record keeps the tax account's amount, but the file has said another one before."""
    ledger(basic_row(ONE))
    typed = f"数电发票号码,开票日期,金额,税额\n{ONE},2025-03-14,99,13\n{TWO},2025-03-14,1,0\n{ONE},2025-03-14,100,13\n"
    done = import_records(session, typed.encode(), "台账.csv")
    assert counts(done) == (1, 0, 1, 1)
    assert [problem["row"] for problem in done.problems] == [2, 4]


@pytest.mark.usefixtures("_chunk")
def test_a_later_row_fills_what_the_first_left_blank(session: Session, ledger: Ledger) -> None:
    done = ledger(basic_row(ONE, 开票人=""), basic_row(TWO), basic_row(ONE))
    assert counts(done) == (2, 1, 0, 0)
    assert set(session.scalars(select(RecordRow.issuer_clerk))) == {"王芳"}


@pytest.mark.usefixtures("_chunk")
def test_what_each_row_did_is_told(session: Session, ledger: Ledger) -> None:
    ledger(basic_row(ONE), basic_row(TWO))
    told: list[Told] = []
    ledger(basic_row(ONE, 发票状态="已作废"), basic_row(TWO), basic_row(THREE), told=told.append)
    assert {(t.sheet, t.sheet_row, t.kind) for t in told} == {
        ("发票基础信息", 2, "changed"), ("发票基础信息", 3, "unchanged"), ("发票基础信息", 4, "added")
    }  # fmt: skip
    by_row = {t.sheet_row: t for t in told}
    assert (by_row[2].before["state"], by_row[2].after["state"]) == ("normal", "void")
    for t in told:
        record = session.get_one(RecordRow, t.record_id)
        assert {column: getattr(record, column) for column in COMPARED} == t.after


def test_problems_are_counted_all_and_listed_in_part(session: Session, ledger: Ledger) -> None:
    done = ledger(basic_row(ONE), *[basic_row("")] * (MAX_PROBLEMS + 5))
    assert done.rejected == MAX_PROBLEMS + 5
    assert len(done.problems) == MAX_PROBLEMS + 1
    assert "另有 5 个" in done.problems[-1]["what"]


def test_sheets_come_with_the_digest_of_their_source(session: Session) -> None:
    sheet = Sheet("推送", lambda: iter([list(BASIC_HEADERS), basic_row(ONE)]))
    done = import_records(session, [sheet], "推送", sha256="0" * 64)
    assert (done.added, done.sha256) == (1, "0" * 64)
    with pytest.raises(ValueError, match="digest"):
        import_records(session, [sheet], "推送")


def test_a_refused_file_leaves_no_temporary_table(session: Session, ledger: Ledger) -> None:
    ledger(basic_row(ONE))
    session.commit()
    with pytest.raises(RecordsError):
        import_records(session, b"a,b\n1,2\n", "x.csv")
    session.rollback()
    for _again in range(2):  # one after the other in one transaction
        assert counts(ledger(basic_row(ONE))) == (0, 0, 1, 0)
