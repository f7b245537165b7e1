"""Runs the real command in a process of its own, with a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHAPIAO = [sys.executable, "-c", "from api.cli import main; main()"]


@dataclass(frozen=True)
class Done:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Chapiao:
    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        path = os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")])
        return {**os.environ, "CHAPIAO_DATA": str(self.folder / "data"), "PYTHONPATH": path, **more}

    def __call__(self, *arguments: str | Path, **more: str) -> Done:
        done = subprocess.run(
            [*CHAPIAO, *map(str, arguments)],
            capture_output=True,
            text=True,
            env=self.environment(**more),
            cwd=self.folder,
            timeout=240,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def chapiao(tmp_path: Path) -> Chapiao:
    return Chapiao(tmp_path)
