"""Weights learn from decided pairs: drawn to judgement, bounded, with their support, and never a link by themselves."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching import learning
from matching.deciding import Ledger as Loaded
from matching.learning import BOUND, MINIMUM, fit, learn, remember
from matching.service import confirm, reject
from models.evidence import Source
from models.matching import MatchResult, MatchStatus
from models.settings import Settings
from models.tables import ImportRow, InvoiceRow, LearnedWeightRow, PairRow, RecordRow
from models.tables.base import now
from tests.matching.captures import NUMBER, TODAY, capture
from tests.matching.ledger_rows import basic_row

Ledger = Callable[..., ImportRow]
Find = Callable[..., MatchResult]
SLIP = "25312000000723456789"
SAME_SELLER, SLIPPED, DIFFERENT = ("seller", "id_same"), ("number", "slip"), ("number", "different")


def test_what_judgement_foresees_teaches_nothing() -> None:
    rng = random.Random(1)
    pairs = [(rng.random() < 0.5, [SAME_SELLER], 0.0) for _ in range(400)]
    assert abs(fit(pairs).get(SAME_SELLER, 0.0)) < 0.5


def test_a_relation_that_deceives_loses_weight_and_another_gains() -> None:
    pairs = [(False, [DIFFERENT, SAME_SELLER], 2.0)] * 30 + [(True, [SLIPPED, SAME_SELLER], 2.0)] * 30
    shifts = fit(pairs)
    assert shifts[DIFFERENT] < -1.5
    assert shifts.get(SLIPPED, 0.0) > 0
    assert abs(shifts.get(SAME_SELLER, 0.0)) < abs(shifts[DIFFERENT]), "what both kinds share explains neither"


def test_agreement_that_every_offer_shares_keeps_its_weight() -> None:
    """People decide only what was offered: an equal amount among rejected pairs does not make amounts worthless."""
    rng = random.Random(2)
    pairs = []
    for _ in range(300):
        slipped = rng.random() < 0.5
        odds = 4.0 if slipped else -2.0
        pairs.append(
            (rng.random() < 1 / (1 + 2**-odds), [("amount", "both_same"), SLIPPED if slipped else DIFFERENT], odds)
        )
    assert abs(fit(pairs).get(("amount", "both_same"), 0.0)) < 0.6


def test_shifts_are_bounded() -> None:
    assert fit([(False, [SLIPPED], 15.0)] * 500)[SLIPPED] >= -BOUND


def test_few_pairs_move_little() -> None:
    assert abs(fit([(False, [SLIPPED], 0.0)])[SLIPPED]) < 1


def decided(session: Session, invoice: InvoiceRow, records: list[RecordRow], *, same: bool) -> None:
    for record in records:
        remember(session, Loaded(session), invoice, record.id, same=same, user_id=None)


class TestStored:
    @pytest.fixture
    def records(self, session: Session, ledger: Ledger) -> list[RecordRow]:
        ledger(*(basic_row(f"253120000007{n:02d}456789") for n in range(MINIMUM + 10)))
        return list(session.scalars(select(RecordRow)))

    def test_a_decision_is_kept_with_how_the_fields_agreed(
        self, session: Session, ledger: Ledger, find: Find, people: tuple[int, int]
    ) -> None:
        ledger(basic_row(NUMBER))
        row = capture(session, invoice_number=SLIP, source=Source.OCR, review=["invoice_number"])
        find(row)
        record = session.scalars(select(RecordRow)).one()
        reject(session, row, record, user_id=people[0], today=TODAY, settings=Settings())
        pair = session.scalars(select(PairRow)).one()
        assert (pair.same, pair.decided_by) == (False, people[0])
        assert pair.relations["number"] == "confused_doubted"
        assert pair.relations["amount"] == "both_same"
        confirm(session, row, record, user_id=people[1], today=TODAY, settings=Settings())
        assert session.scalars(select(PairRow)).one().same, "the later decision counts"

    def test_below_the_minimum_nothing_is_learned(self, session: Session, records: list[RecordRow]) -> None:
        decided(session, capture(session), records[: MINIMUM - 1], same=False)
        assert learn(session) is None
        assert session.scalars(select(LearnedWeightRow)).all() == []

    def test_only_one_kind_of_decision_teaches_nothing(self, session: Session, records: list[RecordRow]) -> None:
        decided(session, capture(session), records, same=False)
        assert learn(session) is None

    def test_learned_weights_count_and_show_their_support(
        self, session: Session, records: list[RecordRow], find: Find
    ) -> None:
        row = capture(session, source=Source.OCR, review=["invoice_number"])
        decided(session, row, records[:10], same=True)
        decided(session, row, records[10:], same=False)
        learned = learn(session)
        assert learned is not None
        assert learned.pairs == len(records)
        stored = {(w.field, w.relation): w for w in session.scalars(select(LearnedWeightRow))}
        assert stored
        for weight in stored.values():
            assert abs(weight.shift) <= BOUND
            assert weight.confirmed + weight.rejected > 0
        other = capture(session, invoice_number="25312000000100456789", source=Source.OCR, review=["invoice_number"])
        find(other)
        assert other.match is not None
        assert any(candidate["learned"] for candidate in other.match["candidates"])

    def test_learning_waits_for_new_decisions(self, session: Session, records: list[RecordRow]) -> None:
        assert learning.learn_if_due(session) is None
        row = capture(session)
        decided(session, row, records[:10], same=True)
        decided(session, row, records[10:], same=False)
        assert learning.learn_if_due(session) is not None
        assert learning.learn_if_due(session) is None


def test_no_weight_makes_a_link(session: Session, ledger: Ledger, find: Find) -> None:
    """Even at the bound in every relation, what was offered stays an offer and what was absent gets no record."""
    fields = {"number": ("confused_doubted", "different_exact", "two_exact"), "seller": ("id_and_name",),
              "amount": ("both_same",), "date": ("same",), "buyer": ("same",)}  # fmt: skip
    session.add_all(
        LearnedWeightRow(field=field, relation=relation, shift=BOUND, confirmed=99, rejected=99, learned_at=now())
        for field, relations in fields.items()
        for relation in relations
    )
    session.flush()
    ledger(basic_row(NUMBER))
    offered = find(capture(session, invoice_number=SLIP, source=Source.OCR, review=["invoice_number"]))
    assert offered.status is MatchStatus.PROBABLE
    absent = find(capture(session, invoice_number="25312000000999999999"))
    assert (absent.status, absent.record_id) == (MatchStatus.ABSENT, None)


def test_what_was_learned_is_told_with_its_support_and_can_be_forgotten(
    session: Session, ledger: Ledger, find: Find, people: tuple[int, int]
) -> None:
    ledger(basic_row(SLIP))
    row = capture(session)
    find(row)
    record = session.scalars(select(RecordRow)).one()
    reject(session, row, record, user_id=people[0], today=TODAY, settings=Settings())
    session.add(
        LearnedWeightRow(field="number", relation="slip", shift=1.5, confirmed=30, rejected=2, learned_at=now())
    )
    session.add(LearnedWeightRow(field="date", relation="near", shift=-2.0, confirmed=1, rejected=9, learned_at=now()))
    session.flush()
    known = learning.forget(session)
    assert (known.confirmed, known.rejected) == (0, 1)
    assert [(w.field, w.shift, w.confirmed, w.rejected) for w in known.weights] == [
        ("date", -2.0, 1, 9), ("number", 1.5, 30, 2),
    ]  # fmt: skip
    assert learning.experience(session) == learning.Experience(0, 0, ())
    assert learning.learn_if_due(session) is None, "old decisions teach nothing more"
    assert find(row).record_id is None, "what was decided stays decided"
