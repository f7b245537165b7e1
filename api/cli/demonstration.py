"""`demo`: the main job on the samples that come with the service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    folder: Annotated[Path, typer.Option(help="结果目录，每次重建。 · Folder of results, made anew each time.")] = Path(
        "demo-out"
    ),
) -> None:
    """在样例上走完全程：读取、核对、缺失、补录。 · The whole way on the samples."""
    from api.demo import run

    run(folder)
