"""Who we are."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from matching.companies import OurCompanies, add_company, list_companies
from models.errors import RequestError
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
