"""Invented, labelled invoices of every kind and medium, and ledgers to match. Never a real invoice.

`generate` makes any number from a seed, `demo_set` the committed set again. `FINISHED` is that set: it needs no fonts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.kinds import InvoiceKind
    from samples.truth import Medium, Truth

__all__ = ["DEMO_SEED", "FINISHED", "demo_set", "generate", "hard_set"]

FINISHED = Path(__file__).parent / "finished"
DEMO_SEED = 20240701


def generate(
    folder: Path,
    *,
    seed: int,
    count: int | None = None,
    kinds: Collection[InvoiceKind] | None = None,
    media: Collection[Medium] | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Truth]:
    """Write `count` documents (50 if not given), manifest and ledgers into `folder`. Needs the Debian fonts."""
    from random import Random

    from samples.planning import random_plans
    from samples.writing import write_set

    plans = random_plans(Random(f"{seed}/plans"), count or 50, kinds, media)
    return write_set(folder, plans, seed, progress)


def demo_set(folder: Path) -> list[Truth]:
    """The small set that the demo runs on, always the same."""
    from samples.fixed_sets import demo_plans
    from samples.writing import write_set

    return write_set(folder, demo_plans(), DEMO_SEED)


def hard_set(folder: Path, *, seed: int = DEMO_SEED, progress: Callable[[int], None] | None = None) -> list[Truth]:
    """A document for every oddity that real documents showed."""
    from samples.fixed_sets import hard_plans
    from samples.writing import write_set

    return write_set(folder, hard_plans(), seed, progress)
