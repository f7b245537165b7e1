"""Fits the curves of `extraction.fusion.calibration` on one half of the documents, and checks them on the other.

    python -m tests.bench.accuracy MANIFEST FOLDER --raw --save RAW.jsonl
    python -m tests.bench.calibration RAW.jsonl …

Halves are drawn by the hash of the file's name, so that all values of one document, and all pictures of one invoice
whose names begin alike, fall into the same half. Printed: the curves, the expected calibration error before and after,
and, for growing thresholds, how much would be accepted and how often wrongly.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path

from extraction.fusion.calibration import AS_STATED, Curve, Curves, Standing, log_odds
from models.evidence import FieldStatus, Source
from tests.bench.accuracy_tables import calibration_error, say

Stated = tuple[Standing, float, bool]
THRESHOLDS = (0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.995, 0.998)
PRIOR = 5.0  #: the identity curve weighs as much as this many values: a handful of errors bends nothing


def load(paths: Sequence[Path], stem: int) -> tuple[list[Stated], list[Stated]]:
    """Recognised values with their stated confidence: the half to fit on, the half to check on."""
    halves: tuple[list[Stated], list[Stated]] = ([], [])
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            if one["variant"] != "everything" or one["part"] not in ("key", "other", "extra"):
                continue
            if one["source"] != Source.OCR.value or not one["found"] or not one["confidence"]:
                continue
            standing = Standing.BORNE_OUT if one["status"] == FieldStatus.ACCEPTED.value else Standing.ALONE
            side = hashlib.sha256(one["file"][:stem].encode()).digest()[0] & 1
            halves[side].append((standing, one["confidence"], one["right"]))
    return halves


def fit(values: Sequence[tuple[float, bool]]) -> Curve:
    """Logistic regression on the log odds by Newton's method, drawn towards the identity. Never falling."""
    shift, slope = 0.0, 1.0
    points = [(log_odds(stated), float(right)) for stated, right in values]
    for _ in range(50):
        g0, g1 = PRIOR * -shift, PRIOR * (1.0 - slope)
        h00, h01, h11 = PRIOR, 0.0, PRIOR
        for x, right in points:
            p = 1 / (1 + math.exp(-(shift + slope * x)))
            g0, g1 = g0 + right - p, g1 + (right - p) * x
            weight = p * (1 - p)
            h00, h01, h11 = h00 + weight, h01 + weight * x, h11 + weight * x * x
        det = h00 * h11 - h01 * h01
        step0, step1 = (h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det
        shift, slope = shift + step0, max(0.05, slope + step1)
        if abs(step0) + abs(step1) < 1e-9:
            break
    return Curve(round(shift, 3), round(slope, 3))


def through(curves: Curves, values: Sequence[Stated]) -> list[tuple[float, bool]]:
    return [(curves[standing](stated), right) for standing, stated, right in values]


def thresholds(curves: Curves, values: Sequence[Stated]) -> None:
    """Only values that are borne out are ever accepted; the share is of all recognised ones."""
    say("\n| threshold | accepted | wrong among them |\n|---|---|---|")
    for threshold in THRESHOLDS:
        passed = [r for s, c, r in values if s is Standing.BORNE_OUT and curves[s](c) >= threshold]
        wrong = len(passed) - sum(passed)
        say(f"| {threshold} | {len(passed)}/{len(values)} {len(passed) / len(values):.1%} | {wrong} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("judged", type=Path, nargs="+")
    parser.add_argument("--stem", type=int, default=500, help="letters of a name that say which invoice it shows")
    asked = parser.parse_args()
    fitted, held_out = load(asked.judged, asked.stem)
    curves = {s: fit([(c, r) for standing, c, r in fitted if standing is s]) for s in Standing}
    for standing, curve in curves.items():
        ones = [r for s, _, r in fitted if s is standing]
        say(f"{standing.value}: {curve}, fitted on {len(ones)} values, {len(ones) - sum(ones)} wrong")
    for name, values in (("fitted", fitted), ("held out", held_out)):
        before, after = (calibration_error(through(c, values)) for c in (AS_STATED, curves))
        say(f"{name}: {len(values)} values, calibration error {before:.4f} as stated, {after:.4f} calibrated")
    for name, values in (("fitted", fitted), ("held out", held_out)):
        say(f"\n{name}")
        thresholds(curves, values)


if __name__ == "__main__":
    main()
