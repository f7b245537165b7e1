"""How well documents with known truth are read, and how often a wrong value is accepted unseen.

    python -m tests.bench.accuracy MANIFEST FOLDER [--without SOURCE …] [--errors]

Per medium and per kind: key fields right, accepted unseen, silent errors (accepted and wrong). Then a reliability table
(what share of values with a stated confidence are right) with the expected calibration error over recognised values.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from extraction import extract
from extraction.ocr.loading import load_engine
from models.errors import ChapiaoError
from models.evidence import Field, FieldStatus, Source
from models.invoice import COMMON_FIELDS, KEY_FIELDS, Invoice
from models.settings import Settings
from tests.bench.truth import UNKNOWN, same

BINS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0001)


@dataclass(frozen=True, slots=True)
class Judged:
    """One field of one document against its truth."""

    document: dict[str, Any]
    name: str
    field: Field
    expected: str | None

    @property
    def right(self) -> bool:
        return same(self.name, self.expected, self.field.value)

    @property
    def silent(self) -> bool:
        return not self.right and self.field.status is FieldStatus.ACCEPTED


def judge(rows: list[dict[str, Any]], found: dict[str, list[Invoice]]) -> Iterator[Judged]:
    for row in rows:
        invoices = found.get(row["file"], [])
        number = row["truth"].get("invoice_number")
        mine = next((i for i in invoices if number and i.value("invoice_number") == number), None)
        index = row.get("index", 0)
        mine = mine or (invoices[index] if index < len(invoices) else None)
        for name in COMMON_FIELDS:
            expected = row["truth"].get(name)
            field = mine.fields.get(name, Field()) if mine else Field()
            if expected != UNKNOWN and (expected or field.value):
                yield Judged(row, name, field, expected)


def table(title: str, judged: list[Judged], key: str) -> None:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[str(one.document.get(key))].append(one)
    print(f"\n{title:24} {'documents':>9} {'key fields':>12} {'all fields':>12} {'accepted':>9} {'silent':>7}")  # noqa: T201
    for name, ones in [*sorted(groups.items()), ("all", judged)]:
        keys = [o for o in ones if o.name in KEY_FIELDS]
        documents = len({(o.document["file"], o.document.get("index", 0)) for o in ones})
        accepted = sum(o.field.status is FieldStatus.ACCEPTED for o in keys) / max(len(keys), 1)
        silent = sum(o.silent for o in ones)
        print(f"{name:24} {documents:9} {_share(keys):>12} {_share(ones):>12} {accepted:9.1%} {silent:7}")  # noqa: T201


def _share(ones: list[Judged]) -> str:
    return f"{sum(o.right for o in ones) / len(ones):.2%}" if ones else "-"


def reliability(judged: list[Judged]) -> None:
    """Values that recognition had a part in; exact sources are right or not, but seldom unsure."""
    stated = [o for o in judged if o.field.value and o.field.source is Source.OCR]
    if not stated:
        return
    error = 0.0
    print(f"\n{'stated confidence':24} {'values':>7} {'mean':>8} {'right':>8}")  # noqa: T201
    for low, high in pairwise(BINS):
        ones = [o for o in stated if low <= o.field.confidence < high]
        if ones:
            mean, right = sum(o.field.confidence for o in ones) / len(ones), sum(o.right for o in ones) / len(ones)
            error += abs(mean - right) * len(ones) / len(stated)
            print(f"{low:.3f} – {min(high, 1):.3f}{'':11} {len(ones):7} {mean:8.4f} {right:8.4f}")  # noqa: T201
    print(f"expected calibration error {error:.4f} over {len(stated)} recognised values")  # noqa: T201


def read(rows: list[dict[str, Any]], folder: Path, without: frozenset[Source]) -> dict[str, list[Invoice]]:
    settings = Settings()
    engine = load_engine(settings)
    limits, cleanup = Limits.from_settings(settings), CleanupOptions.from_settings(settings)
    found: dict[str, list[Invoice]] = {}
    for name in dict.fromkeys(row["file"] for row in rows):
        data = (folder / name).read_bytes()
        try:
            opened = open_document(data, name, limits=limits, cleanup=cleanup, upright=engine.upright)
            found[name] = extract(opened, engine, accept_threshold=settings.accept_threshold, without=without)
        except ChapiaoError as error:
            print(f"{name}: {error.code}")  # noqa: T201
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--without", nargs="*", default=[], choices=[s.value for s in Source])
    parser.add_argument("--errors", action="store_true")
    asked = parser.parse_args()
    rows = [json.loads(line) for line in asked.manifest.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = read(rows, asked.folder, frozenset(Source(s) for s in asked.without))
    judged = list(judge(rows, found))
    table("medium", judged, "medium")
    table("kind", judged, "kind")
    reliability(judged)
    wrong = Counter(o.name for o in judged if not o.right)
    print("\nwrong or missing, by field:", ", ".join(f"{n} {c}" for n, c in wrong.most_common()) or "none")  # noqa: T201
    for one in judged:
        if one.silent or (asked.errors and not one.right):
            status = one.field.status.value
            print(f"  {one.document['file']} {one.name}: {one.expected!r}, read {one.field.value!r} ({status})")  # noqa: T201


if __name__ == "__main__":
    main()
