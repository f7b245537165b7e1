"""Which documents to make: kind, medium, traits, handling and outcome, drawn from a seed or fixed for the demo."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random

from models.kinds import InvoiceKind
from samples import wear
from samples.outcomes import Outcome
from samples.rendering import Handling
from samples.truth import Defect, Medium, Trait

_K = InvoiceKind
_PAPER = (Medium.SCAN, Medium.PHOTO)
_EVERY = (Medium.PDF, Medium.OFD, Medium.XML, *_PAPER, Medium.SCREENSHOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One document to make. `of` names the plan whose invoice this is another picture of."""

    id: str
    kind: InvoiceKind
    medium: Medium
    outcome: Outcome = Outcome.MATCHED
    traits: frozenset[Trait] = frozenset()
    handling: Handling = field(default_factory=Handling)
    defects: frozenset[Defect] = frozenset()
    of: str | None = None
    pair: bool = False  #: a second invoice stands below on the same A4 page


#: (kind, media it exists in, traits it can show)
_RECIPES: tuple[tuple[InvoiceKind, tuple[Medium, ...], tuple[Trait, ...]], ...] = (
    (
        _K.DIGITAL_ORDINARY,
        _EVERY,
        (
            Trait.MULTI_PAGE,
            Trait.DISCOUNT,
            Trait.TAX_FREE,
            Trait.RED,
            Trait.PERSONAL,
            Trait.PASSENGER,
            Trait.TOLL,
            Trait.NOT_TAXED,
            Trait.ZERO_RATE,
            Trait.DIFFERENCE,
        ),
    ),
    (
        _K.DIGITAL_SPECIAL,
        _EVERY,
        (Trait.MULTI_PAGE, Trait.DISCOUNT, Trait.RED),
    ),
    (
        _K.ORDINARY_E,
        _EVERY,
        (Trait.DISCOUNT, Trait.TAX_FREE, Trait.ON_BEHALF, Trait.RED, Trait.GOODS_LIST, Trait.PERSONAL),
    ),
    (_K.SPECIAL_E, _EVERY, (Trait.DISCOUNT, Trait.GOODS_LIST)),
    (_K.TOLL_E, (Medium.PDF, Medium.OFD, Medium.XML, *_PAPER, Medium.SCREENSHOT), ()),
    (_K.SPECIAL_PAPER, _PAPER, (Trait.DISCOUNT,)),
    (_K.ORDINARY_PAPER, _PAPER, (Trait.DISCOUNT, Trait.TAX_FREE, Trait.PERSONAL)),
    (_K.ORDINARY_ROLL, _PAPER, ()),
    (_K.TAXI, _PAPER, ()),
    (_K.RAIL_E, (Medium.PDF, Medium.XML, *_PAPER, Medium.SCREENSHOT), ()),
)
_PICTURES = (Medium.SCAN, Medium.PHOTO, Medium.SCREENSHOT)
_SEVERAL_PAGES = frozenset({Trait.MULTI_PAGE, Trait.GOODS_LIST})
DEFECTS_OF: dict[Medium, list[Defect]] = {
    Medium.PDF: [
        Defect.KANGXI, Defect.HIDDEN_HEADER, Defect.GARBLED_TEXT, Defect.NO_YEN, Defect.SPLIT_LABELS,
        Defect.PICTURE_ONLY, Defect.SEAL_TEXT,
    ],
    Medium.OFD: [Defect.KANGXI, Defect.OFD_ODD_FOLDERS, Defect.OFD_CDATA, Defect.SPLIT_LABELS],
    Medium.SCAN: [Defect.GHOST, Defect.PHOTOCOPY, Defect.SIDEWAYS, Defect.FALSE_EXTENSION],
    Medium.PHOTO: [Defect.GHOST, Defect.PHOTOCOPY, Defect.PEN, Defect.SECOND_HEAD, Defect.FALSE_EXTENSION],
}  # fmt: skip
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
        defects=_random_defects(rng, kind, medium) if rng.random() < 0.35 else frozenset(),
    )


def _random_defects(rng: Random, kind: InvoiceKind, medium: Medium) -> frozenset[Defect]:
    """One or two that this medium and kind can have."""
    possible = [Defect.ORDER_NUMBER, Defect.OLD_TAX_ID, Defect.LONG_TAX_ID]
    if kind in (_K.TAXI, _K.RAIL_E):
        possible = []
    possible += DEFECTS_OF.get(medium, [])
    if medium is not Medium.XML and kind is not _K.TAXI:
        possible += [d for d in Defect if d.startswith("qr_")]
    if kind is _K.ORDINARY_PAPER:
        possible.append(Defect.CHECK_CODE_IN_REMARKS)
    if kind is _K.ORDINARY_E and medium is not Medium.XML:
        possible.append(Defect.CHECK_CODE_CLOSED)
    return frozenset(rng.sample(possible, min(len(possible), rng.choice((1, 1, 2)))))


def _random_outcome(rng: Random, kind: InvoiceKind, traits: frozenset[Trait]) -> Outcome:
    if Trait.RED in traits:
        return Outcome.IS_RED
    if kind in (_K.ORDINARY_ROLL, _K.TAXI, _K.RAIL_E):
        return Outcome.KIND_NOT_IN_FEED
    left_out = {Outcome.DUPLICATE, Outcome.IS_RED, Outcome.KIND_NOT_IN_FEED}
    if kind not in _DIGITAL:
        left_out |= {Outcome.SPREADSHEET_DAMAGE, Outcome.NUMBER_TRUNCATED}
    else:
        left_out.add(Outcome.VOID)
    if Trait.ON_BEHALF in traits or Trait.PERSONAL in traits:
        left_out |= {Outcome.OTHER_ENTITY, Outcome.WRONG_DIRECTION}
    if kind is _K.TOLL_E or traits & {Trait.TAX_FREE, Trait.TOLL, Trait.PASSENGER}:
        left_out.add(Outcome.WRONG_DIRECTION)
    outcomes = [o for o in Outcome if o not in left_out]
    return rng.choices(outcomes, [_WEIGHTS.get(o, 3) for o in outcomes])[0]
