"""An invented invoice is consistent in itself, and the same seed invents the same invoice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from models.kinds import InvoiceKind
from samples.fixed_sets import demo_plans
from samples.inventing import invent
from samples.planning import random_plans
from samples.truth import InvoiceTruth, Medium, Trait

CASES = [
    (InvoiceKind.DIGITAL_ORDINARY, []),
    (InvoiceKind.DIGITAL_ORDINARY, [Trait.DISCOUNT]),
    (InvoiceKind.DIGITAL_SPECIAL, [Trait.MULTI_PAGE]),
    (InvoiceKind.DIGITAL_SPECIAL, [Trait.RED]),
    (InvoiceKind.ORDINARY_E, [Trait.TAX_FREE]),
    (InvoiceKind.ORDINARY_E, [Trait.ON_BEHALF]),
    (InvoiceKind.ORDINARY_E, [Trait.GOODS_LIST]),
    (InvoiceKind.TOLL_E, []),
    (InvoiceKind.SPECIAL_PAPER, [Trait.DISCOUNT]),
    (InvoiceKind.ORDINARY_PAPER, [Trait.PERSONAL]),
    (InvoiceKind.ORDINARY_ROLL, []),
]


def number(text: str | None) -> Decimal:
    return Decimal("0") if text in (None, "***") else Decimal(str(text))


def invented(kind: InvoiceKind, traits: list[Trait], seed: int) -> InvoiceTruth:
    return invent(Random(f"{kind}/{seed}"), kind, traits=traits)


@pytest.mark.parametrize(("kind", "traits"), CASES)
@pytest.mark.parametrize("seed", range(8))
def test_totals_are_the_sums_of_the_rows(kind: InvoiceKind, traits: list[Trait], seed: int) -> None:
    invoice = invented(kind, traits, seed)
    assert sum(number(line.amount_excl_tax) for line in invoice.lines) == invoice.total_excl_tax
    assert sum(number(line.tax_amount) for line in invoice.lines) == (invoice.total_tax or 0)
    assert invoice.total_excl_tax + (invoice.total_tax or 0) == invoice.total_incl_tax


@pytest.mark.parametrize(("kind", "traits"), CASES)
@pytest.mark.parametrize("seed", range(8))
def test_rows_keep_the_tolerances_of_issuing_systems(kind: InvoiceKind, traits: list[Trait], seed: int) -> None:
    for line in invented(kind, traits, seed).lines:
        if line.tax_rate and line.tax_rate.endswith("%"):
            reckoned = number(line.amount_excl_tax) * Decimal(line.tax_rate[:-1]) / 100
            assert abs(reckoned - number(line.tax_amount)) <= Decimal("0.06")
        if line.quantity and line.unit_price:
            price_of = line.amount_incl_tax or line.amount_excl_tax
            assert abs(number(line.quantity) * number(line.unit_price) - number(price_of)) <= Decimal("0.01")
        assert bool(line.quantity) == bool(line.unit_price)


def test_a_discount_row_follows_its_item_negative_and_without_quantity() -> None:
    invoice = invented(InvoiceKind.DIGITAL_ORDINARY, [Trait.DISCOUNT], 3)
    taken = [i for i, line in enumerate(invoice.lines) if line.is_discount]
    assert taken
    for index in taken:
        line, item = invoice.lines[index], invoice.lines[index - 1]
        assert (line.item_name, line.tax_rate) == (item.item_name, item.tax_rate)
        assert number(line.amount_excl_tax) < 0 < number(item.amount_excl_tax)
        assert line.quantity is line.unit_price is line.unit is None


def test_a_red_invoice_is_negative_and_names_the_blue_one() -> None:
    invoice = invented(InvoiceKind.DIGITAL_SPECIAL, [Trait.RED], 1)
    assert invoice.total_incl_tax < 0
    assert invoice.total_in_words.startswith("（负数）")
    assert f"被红冲蓝字数电发票号码：{invoice.extra['original_invoice_number']}" in (invoice.remarks or "")


def test_the_qr_of_a_digital_invoice_holds_the_gross_and_of_an_old_one_the_net() -> None:
    digital = invented(InvoiceKind.DIGITAL_ORDINARY, [], 5)
    assert (digital.qr or "").split(",")[4] == f"{digital.total_incl_tax}"
    old = invented(InvoiceKind.ORDINARY_E, [], 5)
    assert (old.qr or "").split(",")[2:7] == [
        old.invoice_code,
        old.invoice_number,
        f"{old.total_excl_tax}",
        f"{old.issue_date:%Y%m%d}",
        old.check_code,
    ]


def test_rates_follow_the_law_of_the_day() -> None:
    for day, legal in ((date(2018, 3, 1), {"17%", "11%", "6%"}), (date(2018, 9, 1), {"16%", "10%", "6%"}),
                       (date(2023, 9, 1), {"13%", "9%", "6%"})):  # fmt: skip
        for seed in range(12):
            invoice = invent(Random(seed), InvoiceKind.SPECIAL_PAPER, issue_date=day)
            assert {line.tax_rate for line in invoice.lines} <= legal


def test_the_same_seed_plans_and_invents_the_same() -> None:
    assert random_plans(Random("x"), 40, None, None) == random_plans(Random("x"), 40, None, None)
    assert invented(InvoiceKind.ORDINARY_E, [], 9) == invented(InvoiceKind.ORDINARY_E, [], 9)
    assert invented(InvoiceKind.ORDINARY_E, [], 9) != invented(InvoiceKind.ORDINARY_E, [], 10)


def test_a_plan_can_be_limited_and_refuses_what_does_not_exist() -> None:
    plans = random_plans(Random(1), 30, [InvoiceKind.ORDINARY_ROLL], None)
    assert {plan.kind for plan in plans} == {InvoiceKind.ORDINARY_ROLL}
    with pytest.raises(ValueError, match="no sample"):
        random_plans(Random(1), 1, [InvoiceKind.QUOTA], [Medium.XML])


def test_the_demo_shows_every_medium() -> None:
    assert {str(plan.medium) for plan in demo_plans()} == {"pdf-text", "ofd", "xml", "scan", "photo"}
