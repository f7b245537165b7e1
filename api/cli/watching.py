"""A watched folder as a thread beside another command, or as `chapiao watch`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.opening import database
from api.pipeline import queue
from capture.store import OriginalStore
from models.database import transaction
from models.settings import Settings

if TYPE_CHECKING:
    from capture.intake import Intake


@contextmanager
def taker(settings: Settings, folder: Path) -> Iterator[Callable[[Path], Intake]]:
    """The function that takes one file of a watched folder in: stored, committed, and only then reported."""
    from capture.intake import take_in

    store = OriginalStore(settings.originals)
    with database(settings) as sessions:

        def take(path: Path) -> Intake:
            with transaction(sessions) as session:
                intake = take_in(
                    session, store, settings, name=path.name, source=path, channel="folder", channel_detail=str(path)
                )
            queue.enqueue(intake.document_id)
            return intake

        yield take


@contextmanager
def watched(settings: Settings, folder: Path | None) -> Iterator[None]:
    """Watch `folder` in a thread for the length of a block; nothing when there is none."""
    if folder is None:
        yield
        return
    from capture.watching import watch

    stop = threading.Event()
    with taker(settings, folder) as take:
        thread = threading.Thread(target=watch, args=(folder, settings, take, stop), name="watched-folder", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
