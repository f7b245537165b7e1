"""What the generator knows of one printed form: its kind, how to invent it, how to draw it, in which media it exists.

A new kind is one module in this folder with its `FORMS`; nothing else lists kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from models.kinds import InvoiceKind
from samples.sheet import Sheet
from samples.truth import InvoiceTruth, Medium, Party, Trait

Draw = Callable[[InvoiceTruth], list[Sheet]]
Invent = Callable[[Random, InvoiceKind, date, Party], InvoiceTruth]

PAPER = (Medium.SCAN, Medium.PHOTO)
PICTURES = (*PAPER, Medium.SCREENSHOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`invent` is None where the kind is an item invoice, which `samples.inventing` makes.

    `weight` is how often it is drawn: common kinds are common.
    """

    kind: InvoiceKind
    draw: Draw
    media: tuple[Medium, ...]
    invent: Invent | None = None
    traits: tuple[Trait, ...] = ()
    weight: int = 4
