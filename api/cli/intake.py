"""`capture` and `watch`: files into the store and through the pipeline."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.opening import database, load_settings
from api.cli.output import emit, notice, progress_bar, show_table, terms
from api.cli.walking import each_path
from api.pipeline.liveness import alive
from models.errors import ChapiaoError, DocumentError

if TYPE_CHECKING:
    from api.pipeline.documents import Sessions
    from capture.intake import Intake
    from models.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="逐行输出 JSON。 · One JSON line each.")]


def register(app: typer.Typer) -> None:
    app.command()(capture)
    app.command()(watch)


def capture(
    paths: Annotated[list[Path], typer.Argument(help="文件或目录。 · Files or folders.")],
    no_wait: Annotated[bool, typer.Option("--no-wait", help="入库后立即返回。 · Return once stored.")] = False,
    as_json: AsJson = False,
) -> None:
    """入库、读取、核对、起草。 · Store files and take them through the pipeline."""
    from api.pipeline.summary import summarise

    settings = load_settings()
    with database(settings) as sessions:
        ids, failed = take_paths(sessions, settings, paths)
        if not no_wait:
            read_all(sessions, settings, ids)
        rows = summarise(sessions, ids, settings.language)
    failed |= any(row["state"] == "failed" for row in rows)
    if as_json:
        for row in rows:
            emit(row)
    else:
        show_documents(rows, settings.language)
    if failed:
        raise typer.Exit(1)


def watch(
    folder: Annotated[Path, typer.Argument(help="要监视的目录。 · Folder to watch.")],
) -> None:
    """监视目录，新文件自动入库；读取由 serve 或 worker 完成。 · Take in what appears in a folder."""
    from api.cli.watching import taker
    from capture.watching import watch as watch_folder

    settings = load_settings()
    if not folder.is_dir():
        raise DocumentError("not_found", name=str(folder))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if not alive(settings.data):
        notice("提示：没有 worker 在运行，文件会入库并等待。 · No worker runs; files are stored and wait.", "yellow")
    with taker(settings, folder) as take:
        notice(f"正在监视 watching {folder}  (Ctrl+C 结束 stops)")
        watch_folder(folder, settings, take, stop)


def take_paths(sessions: Sessions, settings: Settings, paths: list[Path]) -> tuple[list[str], bool]:
    """Take files in; gives the ids of their documents (members of archives included) and whether any was refused."""
    from capture.intake import take_in
    from capture.store import OriginalStore
    from models.database import transaction

    store = OriginalStore(settings.originals)
    ids: list[str] = []
    refused = False
    with progress_bar() as bar:
        files = list(each_path(paths))
        for path in bar.track(files, description="入库 storing"):
            try:
                if not path.exists():
                    raise DocumentError("not_found", name=str(path))
                with transaction(sessions) as session:
                    taken = take_in(
                        session, store, settings, name=path.name, source=path, channel="cli", channel_detail=str(path)
                    )
            except ChapiaoError as error:
                notice(f"{path}: {error.message(settings.language)} [{error.code}]", "red")
                refused = True
                continue
            ids += _ids(taken)
    return ids, refused


def read_all(sessions: Sessions, settings: Settings, ids: list[str]) -> None:
    """Wait until all are read, by the workers that run, or by one in this process when none does."""
    from api.pipeline import queue

    with ExitStack() as stack, progress_bar() as bar:
        task = bar.add_task("读取 reading", total=len(ids))

        def progress(done: int) -> None:
            bar.update(task, completed=done)

        def nobody_works() -> bool:
            return not alive(settings.data)

        if queue.wait_until_done(sessions, ids, progress=progress, give_up=lambda: True):
            return
        if alive(settings.data) and queue.wait_until_done(sessions, ids, progress=progress, give_up=nobody_works):
            return
        if queue.current() is None:
            stack.enter_context(queue.running(settings))
        queue.wait_until_done(sessions, ids, progress=progress)


def show_documents(rows: list[dict[str, Any]], language: str) -> None:
    term = terms(language)
    show_table(
        "",
        ["文件 document", "介质", "票种 kind", "号码 number", "价税合计", "状态 status", "原因 cause", "补录单 draft"],
        [
            [
                r["document"],
                r["media"],
                term("kind", r["kind"]),
                r["number"],
                r["total"],
                term("match", r["status"], "state"),
                term("cause", r["cause"]),
                r["draft"],
            ]
            for r in rows
        ],
    )


def _ids(taken: Intake) -> Iterator[str]:
    yield taken.document_id
    for member in taken.members:
        yield from _ids(member)
