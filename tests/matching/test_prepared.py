"""A prepared statement gives what SQLAlchemy would, in the session's own transaction."""

from __future__ import annotations

import sqlite3
from datetime import date

import psycopg
import pytest
from sqlalchemy import Boolean, bindparam, literal, null, or_, select, update
from sqlalchemy.orm import Session

from matching.companies import add_company
from matching.prepared import Prepared
from models.tables import CompanyRow

TAX_ID = "91310000MA1K4QWE5X"
COLUMNS = (CompanyRow.tax_id, CompanyRow.former_names, CompanyRow.shares_tax_id, CompanyRow.closed_on)


def test_the_same_values_of_the_same_types(session: Session) -> None:
    company = add_company(session, name="上海云杉科技有限公司", tax_id=TAX_ID, former_names=["上海云杉贸易有限公司"])
    company.closed_on = date(2025, 6, 30)
    session.flush()
    statement = select(*COLUMNS, literal("constant")).where(CompanyRow.closed_on == bindparam("day"))
    [row] = Prepared(statement)(session, {"day": date(2025, 6, 30)})
    assert row == tuple(session.execute(statement, {"day": date(2025, 6, 30)}).one())
    assert row == (TAX_ID, ["上海云杉贸易有限公司"], False, date(2025, 6, 30), "constant")


def test_it_sees_what_is_not_committed_and_goes_with_the_transaction(session: Session) -> None:
    company = add_company(session, name="上海云杉科技有限公司", tax_id=TAX_ID)
    session.commit()
    rename = Prepared(update(CompanyRow).where(CompanyRow.id == bindparam("row")).values(note=bindparam("said")))
    noted = Prepared(select(CompanyRow.note).where(CompanyRow.id == bindparam("row")))
    assert not rename(session, {"row": company.id, "said": "关注"})
    assert list(noted(session, {"row": company.id})) == [("关注",)]
    session.rollback()
    assert list(noted(session, {"row": company.id})) == [(None,)]


def test_after_a_rollback_and_an_error_the_statement_is_there_as_before(session: Session) -> None:
    """PostgreSQL drops nothing that is prepared when a transaction fails, and the driver must not have it dropped."""
    add_company(session, name="上海云杉科技有限公司", tax_id=TAX_ID)
    session.commit()
    named = Prepared(select(CompanyRow.name).where(CompanyRow.tax_id == bindparam("id")))
    twice = Prepared(update(CompanyRow).values(name=null()))
    for _ in range(8):
        session.scalars(select(CompanyRow.id)).all()  # the driver begins
        assert list(named(session, {"id": TAX_ID})) == [("上海云杉科技有限公司",)]
        with pytest.raises((sqlite3.IntegrityError, psycopg.errors.NotNullViolation)):
            twice(session)
        session.rollback()


def test_blank_and_given_values_of_every_type(session: Session) -> None:
    add_company(session, name="上海云杉科技有限公司", tax_id=TAX_ID)
    session.flush()
    query = select(CompanyRow.id).where(
        or_(CompanyRow.closed_on == bindparam("day"), bindparam("any", type_=Boolean), CompanyRow.id == bindparam("id"))
    )
    found = Prepared(query)
    for values, expected in (
        ({"day": None, "any": False, "id": None}, 0), ({"day": None, "any": True, "id": None}, 1),
        ({"day": date(2025, 1, 1), "any": False, "id": 2**40}, 0),
    ):  # fmt: skip
        assert len(found(session, values)) == expected


def test_a_text_is_never_cut_off_at_a_null_character(session: Session) -> None:
    add_company(session, name="上海云杉科技有限公司", tax_id=TAX_ID)
    session.flush()
    named = Prepared(select(CompanyRow.name).where(CompanyRow.tax_id == bindparam("id")))
    try:
        found = named(session, {"id": f"{TAX_ID}\0AND MORE"})
    except psycopg.DataError:
        return
    assert not found
