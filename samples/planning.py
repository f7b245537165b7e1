"""Which documents to make: kind, medium, traits, handling and outcome, drawn from a seed or fixed for the demo."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random

from models.kinds import InvoiceKind
from samples import wear
from samples.outcomes import Outcome
from samples.rendering import Handling
from samples.truth import Medium, Trait

_K = InvoiceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One document to make. `of` names the plan whose invoice this is another picture of."""

    id: str
    kind: InvoiceKind
    medium: Medium
    outcome: Outcome = Outcome.MATCHED
    traits: frozenset[Trait] = frozenset()
    handling: Handling = field(default_factory=Handling)
    of: str | None = None


#: (kind, media it exists in, traits it can show)
_RECIPES: tuple[tuple[InvoiceKind, tuple[Medium, ...], tuple[Trait, ...]], ...] = (
    (
        _K.DIGITAL_ORDINARY,
        (Medium.PDF, Medium.OFD, Medium.XML, Medium.SCAN, Medium.PHOTO),
        (Trait.MULTI_PAGE, Trait.DISCOUNT, Trait.TAX_FREE, Trait.RED, Trait.PERSONAL),
    ),
    (
        _K.DIGITAL_SPECIAL,
        (Medium.PDF, Medium.OFD, Medium.XML, Medium.SCAN, Medium.PHOTO),
        (Trait.MULTI_PAGE, Trait.DISCOUNT, Trait.RED),
    ),
    (
        _K.ORDINARY_E,
        (Medium.PDF, Medium.OFD, Medium.XML, Medium.SCAN, Medium.PHOTO),
        (Trait.DISCOUNT, Trait.TAX_FREE, Trait.ON_BEHALF, Trait.RED, Trait.GOODS_LIST, Trait.PERSONAL),
    ),
    (_K.SPECIAL_E, (Medium.PDF, Medium.OFD, Medium.XML, Medium.SCAN, Medium.PHOTO), (Trait.DISCOUNT, Trait.GOODS_LIST)),
    (_K.TOLL_E, (Medium.PDF, Medium.SCAN, Medium.PHOTO), ()),
    (_K.SPECIAL_PAPER, (Medium.SCAN, Medium.PHOTO), (Trait.DISCOUNT,)),
    (_K.ORDINARY_PAPER, (Medium.SCAN, Medium.PHOTO), (Trait.DISCOUNT, Trait.TAX_FREE, Trait.PERSONAL)),
    (_K.ORDINARY_ROLL, (Medium.SCAN, Medium.PHOTO), ()),
)
_PICTURES = (Medium.SCAN, Medium.PHOTO)
_SEVERAL_PAGES = frozenset({Trait.MULTI_PAGE, Trait.GOODS_LIST})
_WEIGHTS = {Outcome.MATCHED: 40, Outcome.NEVER_RECORDED: 6}
_DIGITAL = (_K.DIGITAL_ORDINARY, _K.DIGITAL_SPECIAL)


def random_plans(
    rng: Random, count: int, kinds: Collection[InvoiceKind] | None, media: Collection[Medium] | None
) -> list[Plan]:
    """`count` plans limited to the given kinds and media. Raises ValueError where nothing is left."""
    recipes = [
        (kind, [m for m in available if media is None or m in media], traits)
        for kind, available, traits in _RECIPES
        if kinds is None or kind in kinds
    ]
    recipes = [recipe for recipe in recipes if recipe[1]]
    if not recipes:
        raise ValueError("no sample of these kinds exists in these media")
    plans: list[Plan] = []
    for index in range(count):
        kind, available, possible = rng.choice(recipes)
        medium = rng.choice(available)
        plans.append(_random_plan(rng, f"{index + 1:05d}", kind, medium, possible))
    return plans


def _random_plan(rng: Random, number: str, kind: InvoiceKind, medium: Medium, possible: tuple[Trait, ...]) -> Plan:
    choices = [t for t in possible if not (medium in _PICTURES and t in _SEVERAL_PAGES)]
    traits = frozenset([rng.choice(choices)]) if choices and rng.random() < 0.45 else frozenset()
    level = rng.choice((wear.CLEAN, wear.MEDIUM, wear.MEDIUM, wear.HARD))
    paper = kind in (_K.SPECIAL_PAPER, _K.ORDINARY_PAPER)
    missed = paper and rng.random() < 0.5
    handling = Handling(
        level=level,
        misprint=(rng.uniform(-2, 2), rng.uniform(-3.5, 3.5)) if missed else (0.0, 0.0),
        turns=rng.choice((0, 0, 0, 1, 2, 3)) if medium is Medium.PHOTO else 0,
        exif=rng.random() < 0.5,
        width=rng.choice((1800, 2200, 2600)),
    )
    return Plan(
        id=f"{number}-{kind.value}-{medium.value}",
        kind=kind,
        medium=medium,
        outcome=_random_outcome(rng, kind, traits),
        traits=traits,
        handling=handling,
    )


def _random_outcome(rng: Random, kind: InvoiceKind, traits: frozenset[Trait]) -> Outcome:
    if Trait.RED in traits:
        return Outcome.IS_RED
    if kind is _K.ORDINARY_ROLL:
        return Outcome.KIND_NOT_IN_FEED
    left_out = {Outcome.DUPLICATE, Outcome.IS_RED, Outcome.KIND_NOT_IN_FEED}
    if kind not in _DIGITAL:
        left_out |= {Outcome.SPREADSHEET_DAMAGE, Outcome.NUMBER_TRUNCATED}
    else:
        left_out.add(Outcome.VOID)
    if Trait.ON_BEHALF in traits or Trait.PERSONAL in traits:
        left_out |= {Outcome.OTHER_ENTITY, Outcome.WRONG_DIRECTION}
    if Trait.TAX_FREE in traits or kind is _K.TOLL_E:
        left_out.add(Outcome.WRONG_DIRECTION)
    outcomes = [o for o in Outcome if o not in left_out]
    return rng.choices(outcomes, [_WEIGHTS.get(o, 3) for o in outcomes])[0]


def demo_plans() -> list[Plan]:
    """The finished set: every medium, and most answers that reconciliation can give."""
    pdf, ofd, xml, scan, photo = Medium.PDF, Medium.OFD, Medium.XML, Medium.SCAN, Medium.PHOTO
    table = Handling(level=wear.MEDIUM, width=1900)
    rows: tuple[tuple[str, InvoiceKind, Medium, Outcome, tuple[Trait, ...], Handling], ...] = (
        ("01-digital-ordinary", _K.DIGITAL_ORDINARY, pdf, Outcome.MATCHED, (), table),
        ("02-digital-special", _K.DIGITAL_SPECIAL, ofd, Outcome.MATCHED, (), table),
        ("03-digital-special", _K.DIGITAL_SPECIAL, xml, Outcome.NOT_SYNCED, (), table),
        ("04-ordinary-e", _K.ORDINARY_E, pdf, Outcome.DIFFERS, (), table),
        ("05-special-e", _K.SPECIAL_E, ofd, Outcome.RED_FLUSHED, (), table),
        ("06-special-paper-scan", _K.SPECIAL_PAPER, scan, Outcome.VOID, (), Handling(misprint=(0.4, -0.6))),
        ("07-ordinary-paper-photo", _K.ORDINARY_PAPER, photo, Outcome.MISTYPED, (), table),
        ("08-roll-photo", _K.ORDINARY_ROLL, photo, Outcome.KIND_NOT_IN_FEED, (), Handling(width=1100)),
        ("09-toll", _K.TOLL_E, pdf, Outcome.MATCHED, (), table),
        ("10-on-behalf", _K.ORDINARY_E, pdf, Outcome.MATCHED, (Trait.ON_BEHALF,), table),
        ("11-digital-red", _K.DIGITAL_SPECIAL, pdf, Outcome.IS_RED, (Trait.RED,), table),
        ("12-goods-list", _K.ORDINARY_E, pdf, Outcome.MATCHED, (Trait.GOODS_LIST,), table),
        ("13-digital-multi-page", _K.DIGITAL_SPECIAL, pdf, Outcome.SPREADSHEET_DAMAGE, (Trait.MULTI_PAGE,), table),
        ("14-digital-discount", _K.DIGITAL_ORDINARY, pdf, Outcome.NEVER_RECORDED, (Trait.DISCOUNT,), table),
        ("15-tax-free", _K.ORDINARY_E, pdf, Outcome.PERIOD_NOT_IMPORTED, (Trait.TAX_FREE,), table),
        ("16-digital-other-buyer", _K.DIGITAL_ORDINARY, pdf, Outcome.OTHER_ENTITY, (), table),
        ("17-digital-we-sold", _K.DIGITAL_SPECIAL, pdf, Outcome.WRONG_DIRECTION, (), table),
    )
    plans = [
        Plan(id=name, kind=kind, medium=medium, outcome=outcome, traits=frozenset(traits), handling=handling)
        for name, kind, medium, outcome, traits, handling in rows
    ]
    again = Plan(
        id="18-photo-of-01",
        kind=_K.DIGITAL_ORDINARY,
        medium=photo,
        outcome=Outcome.DUPLICATE,
        handling=Handling(level=wear.MEDIUM, width=1700, turns=1, exif=True),
        of="01-digital-ordinary",
    )
    return [*plans, again]
