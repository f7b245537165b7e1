"""Pages that are pictures: one for each sheet that lies on a picture, or glued on it a quarter turn from the rest.

How many sheets there are is told when the document is opened; straightened and cleaned they are when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

from capture.cleanup import CleanupOptions, Upright, cleared, straightened
from capture.cleanup.outline import Overview, overview
from capture.cleanup.sheets import Part, part_sheets, with_part
from capture.cleanup.turned import part_turned
from models.pages import Picture, Pixels

KEPT_PICTURES = 3  #: of each step; those of a hundred pages would fill the memory


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole picture or one sheet on it: `straight()` lies in place, its inks as they were; `picture()` is cleaned."""

    straight: Callable[[], Picture]
    picture: Callable[[], Picture]


def sheets_on(
    decoded: Callable[[int], Pixels], frames: Iterable[int], *, cleanup: CleanupOptions, upright: Upright | None
) -> dict[int, list[Sheet]]:
    """The sheets on each of some pictures. `decoded` gives a picture by its number, and should keep the last one."""

    @lru_cache(maxsize=1)
    def seen(frame: int) -> Overview | None:
        return overview(decoded(frame)) if cleanup.page else None

    @lru_cache(maxsize=1)
    def parts(frame: int) -> list[Part]:
        whole = seen(frame)
        if whole is None:
            return []
        return part_sheets(decoded(frame), whole) or part_turned(decoded(frame), whole)

    @lru_cache(maxsize=KEPT_PICTURES)
    def straight(frame: int, sheet: int | None) -> Picture:
        if sheet is None:
            return straightened(decoded(frame), cleanup, upright=upright, seen=seen(frame))
        part = parts(frame)[sheet]
        return with_part(straightened(part.picture, cleanup, upright=upright), part)

    @lru_cache(maxsize=KEPT_PICTURES)
    def picture(frame: int, sheet: int | None) -> Picture:
        return cleared(straight(frame, sheet), cleanup)

    def sheets(frame: int) -> list[Sheet]:
        numbers: list[int | None] = [*range(len(parts(frame)))] or [None]
        return [Sheet(partial(straight, frame, n), partial(picture, frame, n)) for n in numbers]

    return {frame: sheets(frame) for frame in frames}
