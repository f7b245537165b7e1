"""Tables of judged values, as docs/accuracy.md shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from models.evidence import FieldStatus, Source
from tests.bench.judging import Judged

BINS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0001)


def say(line: str = "") -> None:
    print(line)  # noqa: T201


def by(title: str, grouped: Iterable[tuple[str, Judged]]) -> None:
    """One row per group: documents, kind, key fields, other fields, cells, key fields accepted, silent errors."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for name, one in grouped:
        groups[name].append(one)
    say(f"\n| {title} | documents | kind | key fields | other fields | extra fields | line cells | accepted | silent |")
    say("|---|---|---|---|---|---|---|---|---|")
    order = list(groups) if title == "source left out" else sorted(groups)
    for name in order:
        ones = groups[name]
        part = {p: [o for o in ones if o.part == p] for p in ("kind", "key", "other", "extra", "cell")}
        keys = part["key"]
        accepted = sum(o.status == FieldStatus.ACCEPTED.value for o in keys) / len(keys) if keys else None
        cells = [
            name,
            str(len({(o.file, o.index) for o in ones})),
            *(_share(part[p]) for p in ("kind", "key", "other", "extra", "cell")),
            f"{accepted:.1%}" if accepted is not None else "–",
            str(sum(o.silent for o in ones)),
        ]
        say("| " + " | ".join(cells) + " |")


def _share(ones: Sequence[Judged]) -> str:
    right = sum(o.right for o in ones)
    return f"{right}/{len(ones)} {right / len(ones):.2%}" if ones else "–"


def reliability(judged: Sequence[Judged]) -> None:
    """Values that recognition alone gave; exact sources are right or not, but seldom unsure."""
    stated = [(o.confidence, o.right) for o in judged if o.found and o.source == Source.OCR.value and o.confidence]
    if not stated:
        return
    say("\n| stated confidence | values | mean | right |\n|---|---|---|---|")
    for low, high in pairwise(BINS):
        ones = [(c, r) for c, r in stated if low <= c < high]
        if ones:
            mean, right = sum(c for c, _ in ones) / len(ones), sum(r for _, r in ones) / len(ones)
            say(f"| {low:.3f} – {min(high, 1):.3f} | {len(ones)} | {mean:.4f} | {right:.4f} |")
    say(f"\nexpected calibration error {calibration_error(stated):.4f} over {len(stated)} recognised values")


def calibration_error(stated: Sequence[tuple[float, bool]]) -> float:
    """Mean distance between stated confidence and share of right values over the bins (Naeini et al., AAAI 2015)."""
    error = 0.0
    for low, high in pairwise(BINS):
        ones = [(c, r) for c, r in stated if low <= c < high]
        if ones:
            error += abs(sum(c for c, _ in ones) - sum(r for _, r in ones))
    return error / len(stated) if stated else 0.0
