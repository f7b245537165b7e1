"""How well documents with known truth are read, and how often a wrong value is accepted unseen.

    python -m tests.bench.accuracy MANIFEST FOLDER [--save OUT.jsonl] [--ablate N] [--errors]

Per medium, kind, wear and field: values right, key fields accepted unseen, silent errors (accepted and wrong). Then a
reliability table (what share of values with a stated confidence are right). `--ablate N` reads every Nth document once
more without each source of evidence and without constrained recognition. `--raw --save` keeps every judged value as
fusion itself states it, for `tests.bench.calibration`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from extraction import extract
from extraction.fusion.calibration import AS_STATED, CURVES
from extraction.ocr.loading import load_engine
from models.errors import ChapiaoError
from models.evidence import Source
from models.invoice import Invoice
from models.settings import Settings
from tests.bench.accuracy_tables import by, reliability, say
from tests.bench.judging import Judged, judge
from tests.bench.remembering import Remembering

Variant = tuple[frozenset[Source], bool]
WHOLE = "everything"
ABLATIONS: dict[str, Variant] = {
    WHOLE: (frozenset(), True),
    **{
        f"without {s.value}": (frozenset({s}), True)
        for s in (Source.XML, Source.OFD, Source.QR, Source.PDF, Source.OCR)
    },
    "without constrained": (frozenset(), False),
}


class Bench:
    """Reads documents as the service does; one opening and one recognition serve all variants."""

    def __init__(self, settings: Settings, *, raw: bool) -> None:
        self.engine = Remembering(load_engine(settings))
        self.limits, self.cleanup = Limits.from_settings(settings), CleanupOptions.from_settings(settings)
        self.threshold, self.curves = (0.0, AS_STATED) if raw else (settings.accept_threshold, CURVES)

    def read(self, path: Path, name: str, variants: Sequence[str]) -> dict[str, list[Invoice]]:
        self.engine.forget()
        try:
            opened = open_document(
                path.read_bytes(), name, limits=self.limits, cleanup=self.cleanup, upright=self.engine.upright
            )
            return {v: self._extract(opened, ABLATIONS[v]) for v in variants}
        except ChapiaoError as error:
            say(f"{name}: {error.code}")
            return {v: [] for v in variants}

    def _extract(self, opened: Any, variant: Variant) -> list[Invoice]:
        without, constrained = variant
        try:
            return extract(
                opened,
                self.engine,
                accept_threshold=self.threshold,
                without=without,
                constrained=constrained,
                curves=self.curves,
            )
        except ChapiaoError:  # nothing left to read: nothing found
            return []


def run(rows: list[dict[str, Any]], folder: Path, ablate: int, *, raw: bool) -> Iterator[tuple[str, Judged]]:
    """(variant, value) of every document; the variants of every `ablate`th one."""
    bench = Bench(Settings(), raw=raw)
    names = list(dict.fromkeys(row["file"] for row in rows))
    for number, name in enumerate(names):
        own = [row for row in rows if row["file"] == name]
        variants = list(ABLATIONS) if ablate and number % ablate == 0 else [WHOLE]
        for variant, invoices in bench.read(folder / name, name, variants).items():
            yield from ((variant, one) for one in judge(own, {name: invoices}))
        print(f"\r{number + 1}/{len(names)}", end="", file=sys.stderr, flush=True)  # noqa: T201


def ablation(judged: list[tuple[str, Judged]]) -> None:
    shared = {one.file for variant, one in judged if variant != WHOLE}
    if shared:
        by("source left out", [(v, one) for v, one in judged if one.file in shared])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--save", type=Path, help="keep every judged value, a JSON line each")
    parser.add_argument("--ablate", type=int, default=0, help="every Nth document also without each source")
    parser.add_argument("--raw", action="store_true", help="fusion's own confidences, and accept whatever is borne out")
    parser.add_argument("--errors", action="store_true", help="list every wrong value, not only the silent ones")
    asked = parser.parse_args()
    rows = [json.loads(line) for line in asked.manifest.read_text(encoding="utf-8").splitlines() if line.strip()]
    judged = list(run(rows, asked.folder, asked.ablate, raw=asked.raw))
    if asked.save:
        exported = (json.dumps({"variant": v, **one.export()}, ensure_ascii=False) for v, one in judged)
        asked.save.write_text("\n".join(exported) + "\n", encoding="utf-8")
    whole = [one for variant, one in judged if variant == WHOLE]
    for title in ("medium", "kind", "wear"):
        by(title, [(getattr(one, title), one) for one in whole])
    by("field", [(f"{one.part} {one.name}", one) for one in whole if one.part != "kind"])
    ablation(judged)
    reliability(whole)
    wrong = Counter(f"{one.part} {one.name}" for one in whole if not one.right)
    say("\nwrong or missing: " + (", ".join(f"{n} {c}" for n, c in wrong.most_common()) or "none"))
    for one in whole:
        if one.silent or (asked.errors and not one.right):
            say(f"  {one.file} {one.part} {one.name}: {one.expected!r}, read {one.found!r} ({one.status})")


if __name__ == "__main__":
    main()
