"""Seconds per document by medium, beside the bare official PaddleOCR pipeline on the same pictures in the same run.

    python -m tests.bench.reading [FILE_OR_FOLDER …] [--rounds N] [--engine auto|onnxruntime|openvino] [--json]

Without arguments it reads the finished samples. Every figure is the whole way: open, clean, read, fuse. The peer only
finds and recognises text: it knows no fields. Both are warmed up first; medians over the rounds are printed.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from extraction import extract
from extraction.ocr.engine import OcrEngine
from extraction.ocr.loading import load_engine
from models.errors import ChapiaoError
from models.pages import Media, OpenedDocument
from models.settings import Settings

FINISHED = Path(__file__).parents[2] / "samples" / "finished"
DOCUMENTS = {".pdf", ".ofd", ".xml", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".heic"}


def documents(paths: Iterable[Path]) -> list[Path]:
    found = [f for p in paths for f in (sorted(p.rglob("*")) if p.is_dir() else [p])]
    return [f for f in found if f.suffix.lower() in DOCUMENTS]


def medium(document: OpenedDocument) -> str:
    if document.media is Media.PDF:
        has_text = any(page.text and page.text.tokens for page in document.pages)
        return "pdf-text" if has_text else "pdf-picture"
    return document.media.value


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of the processor (all threads): on a busy machine only the second can be compared."""
    start = time.process_time()
    return timed(work), time.process_time() - start


class Contest:
    """One document, read by us and by the peer."""

    def __init__(self, engine: OcrEngine, peer: OcrEngine | None, settings: Settings) -> None:
        self.engine, self.peer = engine, peer
        self.limits, self.cleanup = Limits.from_settings(settings), CleanupOptions.from_settings(settings)

    def open(self, path: Path) -> OpenedDocument:
        return open_document(
            path.read_bytes(), path.name, limits=self.limits, cleanup=self.cleanup, upright=self.engine.upright
        )

    def ours(self, path: Path) -> None:
        extract(self.open(path), self.engine)

    def theirs(self, document: OpenedDocument) -> float | None:
        if self.peer is None or document.media is Media.XML:
            return None
        peer = self.peer
        pictures = [page.picture().colour for page in document.pages]  # rendering is not the peer's cost
        return timed(lambda: [peer.read(picture) for picture in pictures])


def run(files: Iterable[Path], contest: Contest, rounds: int) -> dict[str, dict[str, list[float]]]:
    figures: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for path in files:
        try:
            opened = contest.open(path)
            contest.ours(path)
        except ChapiaoError as error:
            print(f"{path.name}: {error.code}", file=sys.stderr)  # noqa: T201
            continue
        contest.theirs(opened)
        row = figures[medium(opened)]
        costs = [cost(partial(contest.ours, path)) for _ in range(rounds)]
        row["ours"].append(statistics.median(seconds for seconds, _ in costs))
        row["ours cpu"].append(statistics.median(processor for _, processor in costs))
        theirs = [seconds for _ in range(rounds) if (seconds := contest.theirs(opened)) is not None]
        if theirs:
            row["peer"].append(statistics.median(theirs))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=[FINISHED])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    settings = Settings(ocr_engine=asked.engine)
    peer = None if asked.no_peer else load_engine(Settings(ocr_engine="paddle"))
    contest = Contest(load_engine(settings), peer, settings)
    figures = run(documents(asked.paths), contest, asked.rounds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if asked.json:
        print(json.dumps({"engine": contest.engine.name, "peak_mib": round(peak), "media": figures}))  # noqa: T201
        return
    print(f"engine {contest.engine.name}; peak memory of both together {peak:.0f} MiB")  # noqa: T201
    print(f"{'medium':12} {'documents':>9} {'ours s':>8} {'worst s':>8} {'CPU s':>7} {'PaddleOCR s':>12} {'ratio':>6}")  # noqa: T201
    for name, row in sorted(figures.items()):
        ours, theirs = statistics.median(row["ours"]), row.get("peer")
        beside = (
            f"{statistics.median(theirs):12.3f} {ours / statistics.median(theirs):6.2f}"
            if theirs
            else f"{'-':>12} {'-':>6}"
        )
        spent = statistics.median(row["ours cpu"])
        figures_of_ours = f"{len(row['ours']):9} {ours:8.3f} {max(row['ours']):8.3f} {spent:7.3f}"
        print(f"{name:12} {figures_of_ours} {beside}")  # noqa: T201


if __name__ == "__main__":
    main()
