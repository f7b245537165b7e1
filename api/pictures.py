"""Page pictures for pages and REST, rendered in a reading process because an original may be hostile."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from api.pipeline.pictures import page_picture
from api.pipeline.processes import ReadingProcesses
from api.pipeline.queue import current
from models.errors import RequestError
from models.tables import DocumentRow


def picture_of(app: FastAPI, row: DocumentRow, number: int) -> Path:
    """The JPEG of page `number`. Uses the worker's processes where one runs here, else one of the service's own."""
    if row.page_count is not None and not 1 <= number <= row.page_count:
        raise RequestError("no_such_item", what=f"{number}.jpg")
    worker = current()
    processes: ReadingProcesses = worker.processes if worker else app.state.processes
    return page_picture(app.state.settings, sha256=row.sha256, name=row.name, number=number, processes=processes)
