"""What the commands print: results to standard output, the rest to standard error. Never decides anything."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from models.errors import ChapiaoError

STATUS_STYLE = {
    "matched": "green", "done": "green", "ok": "green", "approved": "green", "closed": "green",
    "differs": "yellow", "probable": "yellow", "needs_review": "yellow", "duplicate": "yellow", "warning": "yellow",
    "absent": "red", "failed": "red", "void": "red", "red_flushed": "red", "problem": "red", "not_ours": "magenta",
}  # fmt: skip


class Term(NamedTuple):
    """A code of the house as people call it; the code stays for its colour, and in `--json`."""

    text: str
    code: str


def terms(language: str) -> Callable[..., Term | None]:
    """`term("match", "absent")`: the name in a language; of several groups the first that knows the code."""
    from api.supplement.telling import Words

    words = Words(language)

    def term(group: str, code: str | None, *groups: str) -> Term | None:
        if code is None:
            return None
        names = (words.named(each, code) for each in (group, *groups))
        return Term(next((name for name in names if name != code), code), code)

    return term


def results() -> Console:
    """Console of results. Made when used, so that it follows a redirected standard output."""
    return Console(file=sys.stdout, highlight=False)


def notices() -> Console:
    return Console(file=sys.stderr, highlight=False)


def emit(value: object) -> None:
    """One JSON value on one line, at once, so that a reader of a pipe sees it as it comes."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """A line of plain text as a result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def notice(text: str, style: str | None = None) -> None:
    notices().print(Text(text, style=style or ""))


def complain(error: ChapiaoError) -> None:
    notice(f"{error.message()} [{error.code}]", "red")


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table that wraps rather than cuts: a number cut short is a wrong number."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(cell_text(cell) for cell in row))
    console = results()
    if not console.is_terminal:
        console.width = 200
    console.print(table)


def cell_text(cell: object) -> Text:
    if isinstance(cell, Term):
        return Text(cell.text, style=STATUS_STYLE.get(cell.code, ""))
    text = "" if cell is None else str(cell)
    return Text(text, style=STATUS_STYLE.get(text, ""))


def progress_bar(*, visible: bool = True) -> Progress:
    """A progress bar on standard error, silent where that is no terminal."""
    console = notices()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not (visible and console.is_terminal),
    )
