"""Who we are."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from matching.companies import (
    OurCompanies,
    add_company,
    close_company,
    company_tree,
    edit_company,
    list_companies,
    remove_company,
)
from models.errors import RequestError
from models.tables import CompanyRow
from tests.matching.ledger_rows import US


def test_a_company_is_registered_once_and_renamed_with_its_history(session: Session) -> None:
    add_company(session, name="青禾商贸", tax_id=US[0].lower(), former_names=["老青禾"])
    row = add_company(session, name=US[1], tax_id=US[0])
    assert [c.id for c in list_companies(session)] == [row.id]
    assert row.former_names == ["老青禾", "青禾商贸"]
    ours = OurCompanies.load(session)
    assert ours.owns_id(US[0])
    assert ours.id_of_name("老青禾") == US[0]
    assert ours.is_former_name("青禾商贸")
    assert not ours.is_former_name(US[1])


@pytest.mark.parametrize(("name", "tax_id"), [("", US[0]), ("甲", "123"), ("甲", "91310000MA1K4QWE5X99999")])
def test_nonsense_is_refused(session: Session, name: str, tax_id: str) -> None:
    with pytest.raises(RequestError) as refused:
        add_company(session, name=name, tax_id=tax_id)
    assert refused.value.code == "invalid_request"


HEAD = ("91310000MA1K4QWE5X", "上海青禾贸易有限公司")
BRANCH_ID = "91440300708461136T"


@pytest.fixture
def head(session: Session) -> CompanyRow:
    return add_company(session, name=HEAD[1], tax_id=HEAD[0])


def test_former_names_say_until_when(session: Session) -> None:
    row = add_company(
        session,
        name=US[1],
        tax_id=US[0],
        former_names=["老青禾 2021-06-30", "青禾（上海）商行", "更老（至 2019-01-01）"],
    )
    assert row.former_names == ["老青禾", "青禾（上海）商行", "更老"]
    assert row.names_until == {"老青禾": "2021-06-30", "更老": "2019-01-01"}
    assert OurCompanies.load(session).name_ended("老青禾") == date(2021, 6, 30)
    with pytest.raises(RequestError):
        add_company(session, name=US[1], tax_id=US[0], former_names=["老青禾 2021-06-31"])


def test_a_branch_has_its_own_tax_id_or_its_head_offices(session: Session, head: CompanyRow) -> None:
    own = add_company(session, name="深圳分公司", tax_id=BRANCH_ID, parent=head)
    sharing = add_company(session, name="苏州分公司", tax_id="", parent=head)
    assert (own.tax_id, sharing.tax_id, sharing.shares_tax_id) == (BRANCH_ID, HEAD[0], True)
    assert [(row.id, depth) for row, depth in company_tree(session)] == [(head.id, 0), (own.id, 1), (sharing.id, 1)]
    assert [row.id for row in list_companies(session)] == [head.id, own.id], "lists of accounts name each tax id once"
    ours = OurCompanies.load(session)
    assert ours.id_of_name("苏州分公司") == HEAD[0]
    assert ours.heads == {BRANCH_ID: HEAD[0]}


def test_a_shared_tax_id_follows_the_head_office(session: Session, head: CompanyRow) -> None:
    branch = add_company(session, name="苏州分公司", tax_id="", parent=head)
    changed = edit_company(session, head, {"tax_id": BRANCH_ID})
    assert branch.tax_id == BRANCH_ID
    assert changed == {"tax_id": [HEAD[0], BRANCH_ID]}
    edit_company(session, branch, {"shares_tax_id": False, "tax_id": US[0]})
    assert (branch.tax_id, branch.shares_tax_id) == (US[0], False)


def test_what_cannot_be_is_refused(session: Session, head: CompanyRow) -> None:
    branch = add_company(session, name="深圳分公司", tax_id=BRANCH_ID, parent=head)
    for row, changes in (
        (head, {"parent_id": branch.id}),  # a circle
        (head, {"shares_tax_id": True}),  # of whom?
        (branch, {"tax_id": HEAD[0]}),  # taken
        (branch, {"name": " "}),
    ):
        with pytest.raises(RequestError) as refused:
            edit_company(session, row, changes)
        assert refused.value.code == "invalid_request"
        session.expire_all()  # what was set on the row and not written
    with pytest.raises(RequestError) as refused:
        remove_company(session, head)
    assert refused.value.code == "company_in_use"


def test_a_closed_company_is_still_ours(session: Session, head: CompanyRow) -> None:
    close_company(session, head, date(2024, 12, 31))
    ours = OurCompanies.load(session)
    assert ours.owns_id(HEAD[0]) and ours.closed == {HEAD[0]: date(2024, 12, 31)}
    close_company(session, head, None)
    assert OurCompanies.load(session).closed == {}
