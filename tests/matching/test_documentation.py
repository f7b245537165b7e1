"""docs/matching.md shows the numbers that the code uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from matching import scoring
from matching.diagnosis import weights
from models.matching import CauseCode

TEXT = (Path(__file__).parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")
SCORES, ODDS = (TEXT.split(title)[1].split("\n## ")[0] for title in ("### Weights", "## Why it is absent"))


def numbers(section: str) -> set[float]:
    return {float(n.replace("−", "-")) for n in re.findall(r"[−+]?\d+(?:\.\d+)?", section)}


@pytest.mark.parametrize("name", [n for n in vars(weights) if n.isupper()])
def test_every_odds_is_shown(name: str) -> None:
    assert getattr(weights, name) in numbers(ODDS)


def test_every_weight_is_shown() -> None:
    used = {
        *scoring.SLIP_WEIGHTS.values(), *scoring.SLIP_PENALTY.values(), *scoring.DIFFERENT_WEIGHTS.values(),
        *(w for link, w in scoring.LINK_WEIGHTS.items() if link not in (scoring.Link.SAME, scoring.Link.UNKNOWN)),
        *(v for n, v in vars(scoring).items() if re.match(r"(SELLER|AMOUNT|NET|DATE|BUYER)_", n)),
        scoring.NEIGHBOUR_PENALTY, scoring.TWO_EXACT_NUMBERS, scoring.DAMAGED_CAP,
    } - {0.0}  # fmt: skip
    assert used - numbers(SCORES) == set()


def test_every_cause_is_shown() -> None:
    assert [code for code in CauseCode if f"`{code.value}`" not in ODDS] == []
