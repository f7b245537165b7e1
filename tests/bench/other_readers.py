"""Our figures beside those of public readers, on the same files in the same run.

    pip install --target PEERS ofdkit invoice-amount-tool
    PYTHONPATH=PEERS python -m tests.bench.other_readers MANIFEST FOLDER

ofdkit reads OFD into fields and item rows; invoice-amount-tool reads the number, the date and the total of a PDF.
Neither is a dependency; a peer that is not installed is left out and said so. Seconds are processor time; a PDF without
text makes us recognise its picture.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from extraction import extract
from extraction.ocr.engine import OcrEngine
from extraction.ocr.loading import load_engine
from models.invoice import KEY_FIELDS
from models.settings import Settings
from tests.bench.accuracy_tables import say
from tests.bench.judging import CELLS
from tests.bench.truth import UNKNOWN, same

Answer = Mapping[str, Any]
Ask = Callable[[Path], list[Answer]]


@dataclass(frozen=True, slots=True)
class Contest:
    """One peer, the files it reads, and the fields it offers; both sides are judged on these alone."""

    peer: str
    suffix: str
    fields: frozenset[str]
    ask: Ask
    cells: bool


@cache
def engine() -> OcrEngine:
    return load_engine(Settings())


def ours(path: Path) -> list[Answer]:
    settings = Settings()
    opened = open_document(
        path.read_bytes(),
        path.name,
        limits=Limits.from_settings(settings),
        cleanup=CleanupOptions.from_settings(settings),
        upright=engine().upright,
    )
    return [
        {
            **{name: f.value for name, f in i.fields.items()},
            "lines": [{c: getattr(n, c) for c in CELLS} for n in i.lines],
        }
        for i in extract(opened, engine())
    ]


def ofdkit(path: Path) -> list[Answer]:
    invoice = importlib.import_module("ofdkit").extract_invoice(path)
    if invoice is None:
        return []
    names = {
        "invoice_code": invoice.invoice_code, "invoice_number": invoice.invoice_number,
        "issue_date": invoice.issue_date, "buyer_name": invoice.buyer.name, "buyer_tax_id": invoice.buyer.tax_id,
        "seller_name": invoice.seller.name, "seller_tax_id": invoice.seller.tax_id,
        "total_excl_tax": invoice.amount_without_tax, "total_tax": invoice.tax_amount,
        "total_incl_tax": invoice.total_amount, "check_code": invoice.check_code,
        "machine_number": invoice.machine_number, "drawer": invoice.issuer, "payee": invoice.payee,
        "reviewer": invoice.reviewer, "remarks": invoice.note,
    }  # fmt: skip
    cells = ("name", "specification", "unit", "quantity", "unit_price", "amount", "tax_rate", "tax_amount")
    lines = [{c: getattr(n, peer) for c, peer in zip(CELLS, cells, strict=True)} for n in invoice.items]
    return [{**names, "lines": lines}]


def amount_tool(path: Path) -> list[Answer]:
    found = importlib.import_module("invoice_amount_tool.core").parse_invoice_file(path)
    if found is None:
        return []
    amount = None if found.amount is None else f"{found.amount:.2f}"
    return [{"invoice_number": found.invoice_no, "issue_date": found.issue_date, "total_incl_tax": amount}]


OFFERED = frozenset({"check_code", "machine_number", "drawer", "payee", "reviewer", "remarks"})
CONTESTS = (
    Contest("ofdkit", ".ofd", OFFERED.union(KEY_FIELDS), ofdkit, cells=True),
    Contest(
        "invoice_amount_tool", ".pdf", frozenset({"invoice_number", "issue_date", "total_incl_tax"}), amount_tool, False
    ),
)


def verdicts(contest: Contest, truth: Mapping[str, Any], answer: Answer) -> Iterator[tuple[str, bool]]:
    """(part, right) of every value that either side has."""
    for name in sorted(contest.fields):
        expected, seen = truth.get(name), answer.get(name)
        if expected != UNKNOWN and (expected or seen):
            yield ("key" if name in KEY_FIELDS else "other"), same(name, expected, seen)
    if not contest.cells or not isinstance(truth.get("lines"), list):
        return
    rows = list(answer.get("lines", ()))
    for index, line in enumerate(truth["lines"]):
        row = rows[index] if index < len(rows) else {}
        for cell in CELLS:
            if line.get(cell) != UNKNOWN and (line.get(cell) or row.get(cell)):
                yield "cells", same(cell, line.get(cell), row.get(cell))


def compete(contest: Contest, rows: list[dict[str, Any]], folder: Path) -> None:
    for side, ask in (("chapiao", ours), (contest.peer, contest.ask)):
        score: dict[str, list[bool]] = {"key": [], "other": [], "cells": []}
        unread = 0
        seconds: list[float] = []
        answers: dict[str, list[Answer]] = {}
        for name in dict.fromkeys(row["file"] for row in rows):
            begun = time.process_time()
            try:
                answers[name] = ask(folder / name)
            except Exception as error:  # noqa: BLE001 (a peer may fail in any way; it is counted)
                say(f"  {side} could not read {name}: {type(error).__name__}")
                answers[name], unread = [], unread + 1
            seconds.append(time.process_time() - begun)
        for row in rows:
            found, index = answers[row["file"]], row.get("index", 0)
            for part, right in verdicts(contest, row["truth"], found[index] if index < len(found) else {}):
                score[part].append(right)
        shares = (f"{sum(r)}/{len(r)} {sum(r) / len(r):.1%}" if r else "–" for r in score.values())
        files = f"{contest.suffix[1:].upper()} | {side} | {len(answers)}"
        say(f"| {files} | {' | '.join(shares)} | {unread} | {median(seconds):.3f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    every = [json.loads(line) for line in asked.manifest.read_text(encoding="utf-8").splitlines() if line.strip()]
    say("| type | reader | files | key fields | other fields | line cells | unread | CPU s, median |")
    say("|---|---|---|---|---|---|---|---|")
    engine()
    for contest in CONTESTS:
        if importlib.util.find_spec(contest.peer) is None:
            say(f"{contest.peer} is not installed: left out")
            continue
        rows = [r for r in every if r["file"].lower().endswith(contest.suffix) and r["kind"] != "other"]
        compete(contest, rows, asked.folder)


if __name__ == "__main__":
    main()
