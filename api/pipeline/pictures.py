"""Straightened page pictures for people, cached beside the data: `derived/<sha256>/page-N.jpg`, at most 2000 px.

Reading leaves the pictures it looked at (their geometry is that of the boxes it reports); other pages are rendered when
first asked for. The folder can be deleted at any time.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from api.pipeline.engine import engine_for
from models.errors import DocumentError, RequestError
from models.pages import Pixels
from models.settings import Settings

if TYPE_CHECKING:
    from api.pipeline.processes import ReadingProcesses

LONGEST_SIDE = 2000  #: enough to read every character on a screen, small enough for a phone


def picture_folder(settings: Settings, sha256: str) -> Path:
    return settings.data / "derived" / sha256


def picture_path(folder: Path, number: int) -> Path:
    return folder / f"page-{number}.jpg"


def save_picture(colour: Pixels, folder: Path, number: int) -> Path:
    """Write one page picture; a reader never sees half a file."""
    picture = Image.fromarray(colour[:, :, ::-1])
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=85)
    folder.mkdir(parents=True, exist_ok=True)
    target = picture_path(folder, number)
    partial = folder / f".page-{number}.{os.getpid()}.part"
    partial.write_bytes(encoded.getvalue())
    partial.replace(target)
    return target


def page_picture(
    settings: Settings, *, sha256: str, name: str, number: int, processes: ReadingProcesses | None = None
) -> Path:
    """Path of the JPEG of page `number` of an original; made now if it is not there yet.

    Takes seconds for a page not seen before: call it off the event loop. `processes` is the pool that renders; without
    one the rendering happens in this process (command line only, because the file may be hostile).
    """
    target = picture_path(picture_folder(settings, sha256), number)
    if target.exists():
        return target
    if processes is None:
        return render_page(settings, sha256, name, number)
    return processes.call(render_page, settings, sha256, name, number)


def render_page(settings: Settings, sha256: str, name: str, number: int) -> Path:
    """Render one page of a stored original. A page with a text layer is shown as it is, any other one cleaned."""
    from capture.cleanup import CleanupOptions
    from capture.limits import Limits
    from capture.opening import open_document
    from capture.store import OriginalStore

    document = open_document(
        OriginalStore(settings.originals).read(sha256),
        name,
        limits=Limits.from_settings(settings),
        cleanup=CleanupOptions.from_settings(settings),
        upright=engine_for(settings).upright,
    )
    page = next((page for page in document.pages if page.number == number), None)
    if page is None:
        raise RequestError("no_such_item", what=f"{name}, page {number}")
    try:
        colour = page.picture().colour
    except MemoryError:
        raise DocumentError("too_many_pixels", pixels="?", limit=settings.max_pixels) from None
    return save_picture(colour, picture_folder(settings, sha256), number)
