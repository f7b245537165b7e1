"""How many key values of pictures stand in the text that recognition gives, beside the bare official PaddleOCR.

    python -m tests.bench.bare_text MANIFEST FOLDER

Both use the same weights. The peer gets the picture as a viewer shows it (EXIF applied), we clean it first. A value
counts as seen where its characters stand in the text of the whole page, blanks and width aside; our fields are counted
beside it, because text alone does not say which of its numbers is the total. Processor seconds, second reading of each.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from extraction import extract
from extraction.ocr.engine import OcrEngine
from extraction.ocr.loading import load_engine
from extraction.ocr_reader import recognise
from models.invoice import KEY_FIELDS, MONEY_FIELDS, Invoice
from models.pages import Pixels, Token
from models.settings import Settings
from tests.bench.accuracy_tables import say
from tests.bench.reading import Contest
from tests.bench.truth import UNKNOWN, plain_text, same

PICTURES = (".jpg", ".jpeg", ".png")


def stands_in(name: str, value: str, text: str) -> bool:
    """`text` is the page's, plain. Dates in any usual form, amounts without separators."""
    if name == "issue_date":
        year, month, day = value.split("-")
        numerals = (f"{year}{sign}{m}{sign}{d}" for sign in "-/." for m, d in ((month, day), (month.lstrip("0"), day)))
        text = text.replace("|", "")
        return any(form in text for form in (f"{year}年{month}月{day}日", f"{year}{month}{day}", *numerals))
    if name in MONEY_FIELDS:
        figure = value.removesuffix(".00")
        return re.search(rf"(?<![\d.]){re.escape(figure)}(?!\d)", text.replace(",", "")) is not None
    return plain_text(value) in text


def page_text(tokens: list[Token]) -> str:
    return plain_text("|".join(t.text for t in sorted(tokens, key=lambda t: (t.box.y0, t.box.x0))))


def as_shown(path: Path) -> Pixels:
    with Image.open(path) as picture:
        return np.ascontiguousarray(np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))[:, :, ::-1])


def twice(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result and the processor seconds of the second time: the first prepares shapes."""
    work()
    begun = time.process_time()
    return work(), time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    rows = [json.loads(line) for line in asked.manifest.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = [row for row in rows if row["file"].lower().endswith(PICTURES)]
    peer = load_engine(Settings(ocr_engine="paddle"))
    contest = Contest(load_engine(Settings()), None, Settings())
    seen: dict[str, list[bool]] = {"PaddleOCR, text": [], "Chapiao, text": [], "Chapiao, fields": []}
    seconds: dict[str, list[float]] = {name: [] for name in seen}
    for file in dict.fromkeys(row["file"] for row in rows):
        texts, invoices = look(asked.folder / file, peer, contest, seconds)
        for row in (row for row in rows if row["file"] == file):
            index = row.get("index", 0)
            own = invoices[index].fields if index < len(invoices) else {}
            for name in KEY_FIELDS:
                value = row["truth"].get(name)
                if not value or value == UNKNOWN:
                    continue
                for reader, text in texts.items():
                    seen[reader].append(stands_in(name, value, text))
                seen["Chapiao, fields"].append(same(name, value, own[name].value if name in own else None))
    say("| reader | files | key values | CPU s, median |")
    say("|---|---|---|---|")
    for reader, found in seen.items():
        spent = f"{median(seconds[reader]):.2f}"
        say(
            f"| {reader} | {len(seconds[reader])} | {sum(found)}/{len(found)} {sum(found) / len(found):.1%} | {spent} |"
        )


def look(
    path: Path, peer: OcrEngine, contest: Contest, seconds: dict[str, list[float]]
) -> tuple[dict[str, str], list[Invoice]]:
    picture = as_shown(path)
    bare, spent = twice(lambda: peer.read(picture))
    seconds["PaddleOCR, text"].append(spent)
    page, spent = twice(
        lambda: [t for p in contest.open(path).pages for t in recognise(p.picture(), p.number, contest.engine).tokens]
    )
    seconds["Chapiao, text"].append(spent)
    invoices, spent = twice(lambda: extract(contest.open(path), contest.engine))
    seconds["Chapiao, fields"].append(spent)
    return {"PaddleOCR, text": page_text(bare), "Chapiao, text": page_text(page)}, invoices


if __name__ == "__main__":
    main()
