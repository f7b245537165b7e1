"""`extract`: read files without a database and without side effects."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from api.cli.opening import load_settings
from api.cli.output import Term, emit, progress_bar, show_table, terms
from api.cli.walking import Found, each_file
from models.errors import ChapiaoError

if TYPE_CHECKING:
    from models.invoice import Invoice
    from models.settings import Settings

Format = Annotated[
    str, typer.Option("--format", "-f", help="jsonl 每张发票一行 · one JSON line per invoice; table 表格。")
]


class Outcome(NamedTuple):
    """What became of one file: invoices, or an error."""

    source: str
    invoices: tuple[Invoice, ...]
    error: ChapiaoError | None


def register(app: typer.Typer) -> None:
    app.command()(extract)


def extract(
    files: Annotated[list[Path], typer.Argument(help="文件、目录或 ZIP。 · Files, folders or ZIP archives.")],
    format: Format = "jsonl",
) -> None:
    """读取文件中的发票，不入库。 · Read the invoices in files; stores nothing."""
    if format not in ("jsonl", "table"):
        raise typer.BadParameter("jsonl | table", param_hint="--format")
    settings = load_settings()
    failed = False
    rows: list[list[Term | str | None]] = []
    visible = format == "table" or not sys.stdout.isatty()
    with closing(read_in_order(files, settings)) as outcomes, progress_bar(visible=visible) as bar:
        for outcome in bar.track(outcomes, description="读取 reading"):
            failed |= outcome.error is not None
            if format == "table":
                rows += _rows(outcome, settings.language)
            elif outcome.error is not None:
                emit({"source": outcome.source, "error": outcome.error.export(settings.language)})
            else:
                for invoice in outcome.invoices:
                    emit(invoice.export())
    if format == "table":
        show_table("", ["文件", "票种", "代码", "号码", "日期", "销售方", "价税合计", "复核"], rows)
    if failed:
        raise typer.Exit(1)


def read_in_order(paths: list[Path], settings: Settings) -> Generator[Outcome]:
    """Read files in reading processes, several at a time, and give the outcomes in the order of the files."""
    from api.pipeline.processes import ReadingProcesses
    from api.pipeline.reading import read_whole

    processes = ReadingProcesses(settings)
    waiting: deque[Future[Outcome]] = deque()

    def read(found: Found) -> Outcome:
        if found.error is not None:
            return Outcome(found.source, (), found.error)
        try:
            whole = processes.call(read_whole, found.content, found.source, settings)
        except ChapiaoError as error:
            return Outcome(found.source, (), error)
        if not whole.invoices:
            return Outcome(found.source, (), ChapiaoError("no_invoice_found"))
        return Outcome(found.source, whole.invoices, None)

    # closed in this order on the way out: an interrupted command ends its processes before it waits for its threads
    with ThreadPoolExecutor(settings.workers, thread_name_prefix="extract") as threads, closing(processes):
        for found in each_file(paths, settings):
            waiting.append(threads.submit(read, found))
            while len(waiting) > 2 * settings.workers or waiting[0].done():
                yield waiting.popleft().result()
                if not waiting:
                    break
        while waiting:
            yield waiting.popleft().result()


def _rows(outcome: Outcome, language: str) -> list[list[Term | str | None]]:
    term = terms(language)
    if outcome.error is not None:
        return [[outcome.source, term("state", "failed"), *[None] * 5, outcome.error.message(language)]]
    shown = ("invoice_code", "invoice_number", "issue_date", "seller_name", "total_incl_tax")
    return [
        [
            i.source,
            term("kind", i.kind.value),
            *(i.value(name) for name in shown),
            term("match", "needs_review") if i.needs_review else None,
        ]
        for i in outcome.invoices
    ]
