"""What our own records say about a gap is offered with its support; only a person adopts it, only when clear."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from matching import drafts
from matching.drafts import adopt
from matching.supplement.history import suggestion, suggestions
from matching.supplement.support import Suggestion
from models.tables import DraftRow, ImportRow, RecordRow
from tests.matching.ledger_rows import SELLER, US
from tests.matching.supplement.conftest import Draft, earlier, refused

Before = Callable[..., ImportRow]
People = tuple[int, int]
LINE = {"item_name": "*办公用品*打印纸", "amount_excl_tax": "100.00", "tax_rate": "13%", "tax_amount": "13.00"}


def test_an_id_is_suggested_by_the_name_with_its_support(session: Session, draft: Draft, bought_before: Before) -> None:
    bought_before(12)
    made = suggestion(session, draft(review=["seller_tax_id"]), "seller_tax_id")
    assert made is not None
    assert (made.value, made.agreeing, made.total, made.adoptable) == (SELLER[0], 12, 12, True)
    assert made.by == {"seller_name": SELLER[1]}
    assert {p.number for p in made.precedents} == {earlier(n) for n in range(1, 13)}
    assert made.same_as_reading is True


def test_a_suggestion_never_fills_by_itself(session: Session, draft: Draft, bought_before: Before) -> None:
    bought_before(12)
    made = draft(review=["seller_tax_id"])
    suggestions(session, made)
    assert made.fields["seller_tax_id"]["value"] is None
    assert made.missing == ["seller_tax_id"]


def test_adopted_it_keeps_source_and_support(
    session: Session, draft: Draft, bought_before: Before, people: People
) -> None:
    bought_before(12)
    made = draft(review=["seller_tax_id"])
    adopt(session, made, "seller_tax_id", SELLER[0], user_id=people[0])
    field = made.fields["seller_tax_id"]
    assert (field["value"], field["source"], made.missing) == (SELLER[0], "history", [])
    assert (field["support"]["agreeing"], field["support"]["total"]) == (12, 12)
    assert field["confidence"] < 0.95
    assert made.edited_by == people[0]
    assert made.events[-1].action == "adopted"


def test_contradicted_support_is_told_and_cannot_be_adopted(
    session: Session, draft: Draft, bought_before: Before, people: People
) -> None:
    bought_before(10)
    bought_before(2, first=11, basic={"销方识别号": "91320500MA2OTHER7Q"})
    made = draft(review=["seller_tax_id"])
    found = suggestion(session, made, "seller_tax_id")
    assert found is not None
    assert (found.agreeing, found.total, found.adoptable) == (10, 12, False)
    assert {p.value for p in found.differing} == {"91320500MA2OTHER7Q"}
    assert {p.number for p in found.differing} == {earlier(11), earlier(12)}
    refused("suggestion_gone", lambda: adopt(session, made, "seller_tax_id", SELLER[0], user_id=people[0]))


def test_one_invoice_is_no_support(session: Session, draft: Draft, bought_before: Before) -> None:
    bought_before(1)
    found = suggestion(session, draft(review=["seller_tax_id"]), "seller_tax_id")
    assert found is not None and not found.adoptable


def test_an_approved_supplement_does_not_confirm_the_next(
    session: Session, draft: Draft, bought_before: Before
) -> None:
    bought_before(3)
    session.query(RecordRow).update({"origin": "supplement"})
    assert suggestions(session, draft(review=["seller_tax_id"])) == []


def test_another_companys_name_is_not_taken_for_this_one(session: Session, draft: Draft, bought_before: Before) -> None:
    bought_before(3, basic={"销方名称": "苏州云杉科技有限责任公司"})
    assert suggestions(session, draft(review=["seller_tax_id"])) == []


def test_a_name_is_the_same_in_other_width(session: Session, draft: Draft, bought_before: Before) -> None:
    bought_before(3, basic={"销方名称": "云杉（苏州）科技有限公司"})
    found = suggestion(session, draft(review=["seller_tax_id"], seller_name="云杉(苏州)科技有限公司"), "seller_tax_id")
    assert found is not None and found.adoptable


def test_the_buyer_is_told_by_the_register_of_our_companies(session: Session, draft: Draft) -> None:
    found = suggestion(session, draft(review=["buyer_tax_id"]), "buyer_tax_id")
    assert found is not None
    assert (found.value, found.registered, found.adoptable) == (US[0], True, True)


def test_what_the_page_leaves_blank_of_the_buyer_is_not_invented(session: Session, draft: Draft) -> None:
    assert suggestions(session, draft(buyer_tax_id=None)) == []


@pytest.mark.parametrize("field", ["total_excl_tax", "total_tax", "total_incl_tax", "issue_date"])
def test_amounts_and_dates_are_never_suggested(
    session: Session, draft: Draft, bought_before: Before, field: str
) -> None:
    bought_before(12)
    assert [s.name for s in suggestions(session, draft(review=[field]))] in ([], ["line.0.unit"])


def test_an_adopted_value_falls_with_its_ground(
    session: Session, draft: Draft, bought_before: Before, people: People
) -> None:
    bought_before(12)
    made = draft(review=["seller_tax_id"])
    adopt(session, made, "seller_tax_id", SELLER[0], user_id=people[0])
    drafts.edit(session, made, {"seller_name": "另一家有限公司"}, user_id=people[0])
    assert made.fields["seller_tax_id"]["value"] is None
    assert made.missing == ["seller_tax_id"]


class TestItemRows:
    def unit(self, session: Session, made: DraftRow, cell: str = "unit") -> Suggestion:
        found = suggestion(session, made, f"line.0.{cell}")
        assert found is not None
        return found

    def test_the_usual_unit(self, session: Session, draft: Draft, bought_before: Before, people: People) -> None:
        bought_before(4, 单位="包")
        made = draft(lines=[dict(LINE)])
        found = self.unit(session, made)
        assert (found.value, found.agreeing, found.total, found.adoptable) == ("包", 4, 4, True)
        adopt(session, made, "line.0.unit", "包", user_id=people[0])
        assert made.lines[0]["unit"] == "包"
        assert made.line_support["0.unit"]["total"] == 4
        drafts.drop_adopted(session, made, "line.0.unit", user_id=people[0])
        assert (made.lines[0]["unit"], made.line_support) == (None, {})

    def test_a_blank_unit_before_is_a_difference(self, session: Session, draft: Draft, bought_before: Before) -> None:
        bought_before(4, 单位="包")
        bought_before(1, first=5, 单位="")
        found = self.unit(session, draft(lines=[dict(LINE)]))
        assert (found.agreeing, found.total, found.adoptable) == (4, 5, False)

    def test_the_usual_class(self, session: Session, draft: Draft, bought_before: Before) -> None:
        bought_before(4)
        found = self.unit(session, draft(lines=[LINE | {"item_name": "打印纸"}]), "item_name")
        assert (found.value, found.adoptable) == ("*办公用品*打印纸", True)

    def test_a_rate_that_the_row_speaks_against_is_not_adoptable(
        self, session: Session, draft: Draft, bought_before: Before
    ) -> None:
        bought_before(4, 税率="0.13")
        fits = self.unit(session, draft(lines=[LINE | {"tax_rate": None}]), "tax_rate")
        assert (fits.value, fits.adoptable) == ("13%", True)
        other = draft(lines=[LINE | {"tax_rate": None, "tax_amount": "9.00"}], invoice_number=earlier(999))
        against = self.unit(session, other, "tax_rate")
        assert (against.objection, against.adoptable) == ("rate_does_not_fit", False)

    def test_one_and_a_half_percent_is_not_fifteen(self, session: Session, draft: Draft, bought_before: Before) -> None:
        bought_before(3, 税率="1.5%")
        bought_before(3, first=4, 税率="15%")
        found = self.unit(session, draft(lines=[LINE | {"tax_rate": None}]), "tax_rate")
        assert (found.agreeing, found.total, found.adoptable) == (3, 6, False)
