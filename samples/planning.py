"""Which documents to make: kind, medium, traits, handling and outcome, drawn from a seed or fixed for the demo."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random

from models.kinds import InvoiceKind
from samples import wear
from samples.forms import FORMS
from samples.ledger import RECORDED
from samples.outcomes import Outcome
from samples.rendering import Handling
from samples.special_business import LABELS
from samples.truth import Defect, Medium, Trait

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
    defects: frozenset[Defect] = frozenset()
    of: str | None = None
    pair: bool = False  #: a second invoice stands below on the same A4 page


_PICTURES = (Medium.SCAN, Medium.PHOTO, Medium.SCREENSHOT)
_SEVERAL_PAGES = frozenset({Trait.MULTI_PAGE, Trait.GOODS_LIST})
DEFECTS_OF: dict[Medium, list[Defect]] = {
    Medium.PDF: [
        Defect.KANGXI, Defect.HIDDEN_HEADER, Defect.GARBLED_TEXT, Defect.NO_YEN, Defect.SPLIT_LABELS,
        Defect.PICTURE_ONLY, Defect.SEAL_TEXT, Defect.JUNK_LABELS,
    ],
    Medium.OFD: [Defect.KANGXI, Defect.OFD_ODD_FOLDERS, Defect.OFD_CDATA, Defect.SPLIT_LABELS],
    Medium.SCAN: [Defect.GHOST, Defect.PHOTOCOPY, Defect.SIDEWAYS, Defect.FALSE_EXTENSION],
    Medium.PHOTO: [Defect.GHOST, Defect.PHOTOCOPY, Defect.PEN, Defect.SECOND_HEAD, Defect.FALSE_EXTENSION],
}  # fmt: skip
#: printed by machine on a form, which the print may miss
_ON_FORMS = (_K.SPECIAL_PAPER, _K.ORDINARY_PAPER, _K.DIGITAL_PAPER_SPECIAL, _K.DIGITAL_PAPER_ORDINARY)
_WEIGHTS = {Outcome.MATCHED: 40, Outcome.NEVER_RECORDED: 6}
_EVERY_KIND = 3  #: documents per form from which on a set holds every one of them
_NOT_IN_XML = frozenset(LABELS) - {Trait.TOLL_COLUMNS}  #: the element names of their blocks are not known
_DIGITAL = (_K.DIGITAL_ORDINARY, _K.DIGITAL_SPECIAL)


def random_plans(
    rng: Random, count: int, kinds: Collection[InvoiceKind] | None, media: Collection[Medium] | None
) -> list[Plan]:
    """`count` plans limited to the given kinds and media. Raises ValueError where nothing is left."""
    forms = [
        form
        for form in FORMS.values()
        if (kinds is None or form.kind in kinds) and (media is None or set(form.media) & set(media))
    ]
    if not forms:
        raise ValueError("no sample of these kinds exists in these media")
    chosen = list(forms) if count >= _EVERY_KIND * len(forms) else []  # a large set has every kind
    chosen += rng.choices(forms, [form.weight for form in forms], k=count - len(chosen))
    rng.shuffle(chosen)
    plans: list[Plan] = []
    for index, form in enumerate(chosen):
        medium = rng.choice([m for m in form.media if media is None or m in media])
        plans.append(_random_plan(rng, f"{index + 1:05d}", form.kind, medium, form.traits))
    return plans


def _random_plan(rng: Random, number: str, kind: InvoiceKind, medium: Medium, possible: tuple[Trait, ...]) -> Plan:
    choices = [t for t in possible if not (medium in _PICTURES and t in _SEVERAL_PAGES)]
    if medium is Medium.XML:
        choices = [t for t in choices if t not in _NOT_IN_XML]
    traits = (
        frozenset([rng.choice(choices)])
        if choices and rng.random() < (0.6 if len(choices) > 6 else 0.45)
        else frozenset()
    )
    level = rng.choice((wear.CLEAN, wear.MEDIUM, wear.MEDIUM, wear.HARD))
    paper = kind in _ON_FORMS
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
    item_invoice = FORMS[kind].invent is None
    if not item_invoice:
        possible = []
    possible += DEFECTS_OF.get(medium, [])
    if medium is not Medium.XML and item_invoice and kind is not _K.BLOCKCHAIN_SZ:
        possible += [d for d in Defect if d.startswith("qr_")]
    if kind is _K.ORDINARY_PAPER:
        possible.append(Defect.CHECK_CODE_IN_REMARKS)
    if kind is _K.ORDINARY_E and medium is not Medium.XML:
        possible.append(Defect.CHECK_CODE_CLOSED)
    return frozenset(rng.sample(possible, min(len(possible), rng.choice((1, 1, 2)))))


def _random_outcome(rng: Random, kind: InvoiceKind, traits: frozenset[Trait]) -> Outcome:
    if Trait.RED in traits:
        return Outcome.IS_RED
    if kind not in RECORDED:
        return Outcome.KIND_NOT_IN_FEED
    left_out = {Outcome.DUPLICATE, Outcome.IS_RED, Outcome.KIND_NOT_IN_FEED}
    if kind not in _DIGITAL:
        left_out |= {Outcome.SPREADSHEET_DAMAGE, Outcome.NUMBER_TRUNCATED}
    else:
        left_out.add(Outcome.VOID)
    if Trait.ON_BEHALF in traits or Trait.PERSONAL in traits:
        left_out |= {Outcome.OTHER_ENTITY, Outcome.WRONG_DIRECTION}
    if kind in (_K.TOLL_E, _K.BLOCKCHAIN_SZ) or traits & {Trait.TAX_FREE, Trait.TOLL, *LABELS}:
        left_out.add(Outcome.WRONG_DIRECTION)
    outcomes = [o for o in Outcome if o not in left_out]
    return rng.choices(outcomes, [_WEIGHTS.get(o, 3) for o in outcomes])[0]
