"""`python -m samples OUT [--seed N] [--count N | --hard]`: the demo set, N documents, or one for every oddity."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from models.errors import ChapiaoError
from models.kinds import InvoiceKind
from samples import DEMO_SEED, demo_set, generate, hard_set
from samples.truth import Medium


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m samples", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=DEMO_SEED)
    parser.add_argument("--count", type=int, help="how many documents; without it the small demo set")
    parser.add_argument("--kind", action="append", type=InvoiceKind, help="only this kind (may be repeated)")
    parser.add_argument("--medium", action="append", type=Medium, help="only this medium (may be repeated)")
    parser.add_argument("--hard", action="store_true", help="a document for every oddity of real documents")
    asked = parser.parse_args()
    try:
        if asked.hard:
            truths = hard_set(asked.folder, seed=asked.seed, progress=_show)
        elif asked.count is None and asked.kind is None and asked.medium is None and asked.seed == DEMO_SEED:
            truths = demo_set(asked.folder)
        else:
            truths = generate(
                asked.folder, seed=asked.seed, count=asked.count, kinds=asked.kind, media=asked.medium, progress=_show
            )
    except ChapiaoError as error:
        print(f"{error.code}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(f"\n{len(truths)} documents in {asked.folder}")  # noqa: T201
    return 0


def _show(done: int) -> None:
    print(f"\r{done}", end="", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
