"""Dependencies point one way: models ← capture, extraction, matching ← api. Files stay small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "models": {"models"},
    "capture": {"capture", "models"},
    "extraction": {"extraction", "models"},
    "matching": {"matching", "models"},
    "samples": {"samples", "models"},
    "api": {"api", "capture", "extraction", "matching", "models", "samples"},
}
FILES = [path for room in ALLOWED for path in sorted((ROOT / room).rglob("*.py"))]


def imported_rooms(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names & ALLOWED.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_the_rooms_below_it(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    assert imported_rooms(path) <= ALLOWED[room]


def test_no_file_is_longer_than_400_lines() -> None:
    tracked = [p for room in (*ALLOWED, "tests") for p in (ROOT / room).rglob("*.py")]
    assert [str(p) for p in tracked if len(p.read_text(encoding="utf-8").splitlines()) > 400] == []
