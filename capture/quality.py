"""Is a picture worth reading? Measured in well under a second, before any recognition: blur, size of print, cut edges,
light, reflections, and whether there is print at all.

Advice for the person who took it, never a refusal: the original is kept and read in any case.
The thresholds were set where reading of generated pictures falls under nine key fields in ten (docs/accuracy.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from capture.cleanup.geometry import shrunk
from capture.images import decode, size_of
from capture.limits import Limits
from capture.reading_scale import reading_scale
from capture.sniffing import sniff
from models.advice import Advice
from models.pages import Media, Pixels

Grey = npt.NDArray[np.uint8]

MEASURED_PIXELS = 3_600_000  #: half the sides of a 12 megapixel photo, which a JPEG gives at a quarter of the cost
LEAST_CHARACTERS = 20
DARKEST_PAPER = 20.0
LEAST_PRINT = 0.02
LARGEST_BLUR = 0.08  #: sigma, of the height of print
SMALLEST_BLUR = 0.95  #: pixels; below this it is the picture's own grid
LARGE_PRINT = 30.0  #: pixels; print this large or larger gains nothing
SMALLEST_PRINT = 8.5  #: pixels
#: along one side, beside a ruling line that runs out of it (grain of wood and cloth has no such line); more where the
#: side is a screenshot's own frame
CUT_CHARACTERS, CUT_IN_FRAME = 1, 12
LONG_RULE = 0.3  #: of the picture: ruling lines of a form, which end before the edge of its paper
ALONG_BORDER = 0.2  #: of a side covered by strokes: a screenshot's own frame
LARGEST_GLARE = 0.012
DARKER_PAPER = 225  #: brightness; on brighter paper a reflection cannot be told from paper
BLOCK = 48  #: pixels; about a line of print
LEAST_CONTRAST = 24.0  #: grey levels between paper and ink in a block that holds print
GAUSS = 2.5066  #: √(2π): the steepest slope of an edge of height 1 blurred by sigma is 1 / (sigma · √(2π))


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured. Lengths are pixels of the picture at reading size."""

    print_height: float  #: median height of the printed characters; 0 where none was seen
    blur: float  #: sigma of the sharpest print
    paper: float  #: brightness of paper, 0–255
    contrast: float  #: of ink against paper, median over the print
    glare: float  #: share of the picture that is burnt out on otherwise darker paper
    cut: str | None  #: the side at which print runs out of the picture
    print_share: float  #: of the picture's blocks that hold print


def check(data: bytes, *, limits: Limits) -> tuple[Advice, ...]:
    """Advice on a file's first picture; none on files that are no picture. Raises DocumentError on damaged ones."""
    if sniff(data).media is not Media.IMAGE:
        return ()
    picture = decode(data, 0, limits=limits, pixels=MEASURED_PIXELS)
    return advise(measure(picture, enlarged=_enlargement(size_of(data, limits=limits), picture)))


def _enlargement(size: tuple[int, int], picture: Pixels) -> float:
    """How much larger the picture is when it is read than when it was measured."""
    width, height = size
    return math.sqrt(width * height * reading_scale(width, height) ** 2 / (picture.shape[0] * picture.shape[1]))


def advise(quality: Quality) -> tuple[Advice, ...]:
    """What to tell the person, worst first."""
    figures = {"print_height": round(quality.print_height, 1), "blur": round(quality.blur, 2)}
    if quality.paper < DARKEST_PAPER:
        return (Advice("too_dark", {"paper": round(quality.paper)}),)
    # heavy blur runs characters together, so that their size cannot be told any more
    blurred = quality.blur > max(LARGEST_BLUR * min(quality.print_height or LARGE_PRINT, LARGE_PRINT), SMALLEST_BLUR)
    if quality.print_share < LEAST_PRINT or (quality.print_height == 0 and not blurred):
        return (Advice("no_paper", {"print_share": round(quality.print_share, 3)}),)
    found = []
    if blurred:
        found.append(Advice("too_blurred", figures))
    if 0 < quality.print_height < SMALLEST_PRINT:
        found.append(Advice("too_small", {"height": round(quality.print_height)}))
    if quality.cut:
        found.append(Advice("cut_off", {"side": quality.cut}))
    if quality.glare > LARGEST_GLARE:
        found.append(Advice("glare", {"share": round(quality.glare, 3)}))
    return tuple(found)


def measure(picture: Pixels, *, enlarged: float = 1.0) -> Quality:
    """`enlarged`: by how much the picture that will be read is larger than this one."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    dark = _darkness(grey)
    strokes = _strokes(dark)
    contrast, blur, share = _edges(grey, strokes)
    heights, cut = _characters(grey, dark, strokes)
    return Quality(
        print_height=float(np.median(heights)) * enlarged if heights.size >= LEAST_CHARACTERS else 0.0,
        blur=blur * enlarged,
        paper=float(np.percentile(grey[::4, ::4], 90)),
        contrast=contrast,
        glare=_glare(grey),
        cut=cut,
        print_share=share,
    )


def _darkness(grey: Grey) -> Grey:
    """How much darker than its surroundings every thin stroke is, on any ground."""
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((25, 25), np.uint8)), np.uint8)


def _strokes(dark: Grey) -> Grey:
    """Dark strokes, by the contrast that this picture has."""
    limit = max(10.0, 0.4 * float(np.percentile(dark[::3, ::3], 97)))
    return np.asarray(dark > limit, np.uint8)


def _characters(grey: Grey, dark: Grey, strokes: Grey) -> tuple[npt.NDArray[np.float64], str | None]:
    """Heights of what has a character's shape, and the side of the picture that cuts several of them."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    x, y, width, height, area = stats[1:].T
    longest, shortest = np.maximum(width, height), np.minimum(width, height)
    fits = (longest >= 5) & (longest <= 120) & (longest < 4 * shortest) & (area > 0.15 * width * height)
    if not fits.any():
        return np.zeros(0), None
    usual = float(np.median(longest[fits]))
    depth = np.zeros(len(stats))
    np.maximum.at(depth, labels[::2, ::2].ravel(), dark[::2, ::2].ravel())
    as_dark = depth[1:] >= 0.7 * np.median(depth[1:][fits])  # grain of wood and cloth is fainter than print
    of_print = fits & as_dark & (longest > 0.5 * usual) & (longest < 2 * usual)
    bottom, right = strokes.shape[0] - 1, strokes.shape[1] - 1
    ends = {"top": y <= 1, "right": x + width >= right, "bottom": y + height >= bottom, "left": x <= 1}
    ground = np.zeros(len(stats))
    np.maximum.at(ground, labels.ravel()[::3], np.minimum(grey.astype(np.uint16) + dark, 255).ravel()[::3])
    on_paper = ground[1:] >= 0.8 * np.median(ground[1:][fits])
    cut = {side: int((of_print & at & on_paper).sum()) for side, at in ends.items()}
    rules = np.maximum(width / strokes.shape[1], height / strokes.shape[0]) > LONG_RULE
    for side, at in ends.items():
        least = CUT_IN_FRAME if float(_border(strokes, side).mean()) >= ALONG_BORDER else CUT_CHARACTERS
        if cut[side] < least or not (rules & at & as_dark & on_paper).any():
            cut[side] = 0
    worst = max(cut, key=lambda side: cut[side])
    return longest[fits].astype(np.float64), worst if cut[worst] else None


def _border(strokes: Grey, side: str) -> Grey:
    lines: dict[str, Grey] = {"top": strokes[1], "bottom": strokes[-2], "left": strokes[:, 1], "right": strokes[:, -2]}
    return lines[side]


def _edges(grey: Grey, strokes: Grey) -> tuple[float, float, float]:
    """Contrast and blur (sigma) over the blocks that hold print, and the share of those blocks."""
    rows, columns = grey.shape[0] // BLOCK, grey.shape[1] // BLOCK
    if rows < 2 or columns < 2:
        return 0.0, 0.0, 0.0
    whole = grey[: rows * BLOCK, : columns * BLOCK]
    smooth = cv2.GaussianBlur(whole, (0, 0), 0.6).astype(np.float32)
    slopes = [np.abs(np.diff(smooth, axis=axis, append=smooth.take([-1], axis=axis))) for axis in (0, 1)]
    inked = _blocks(strokes[: rows * BLOCK, : columns * BLOCK].astype(np.float32)).mean(axis=1)
    values = _blocks(smooth)
    height = np.percentile(values, 95, axis=1) - np.percentile(values, 3, axis=1)
    printed = (inked > 0.03) & (inked < 0.6) & (height > LEAST_CONTRAST * 0.5)
    if printed.sum() < 4:
        return 0.0, 0.0, float(printed.mean())
    # a hand that shook blurs one way only: the worse of the two counts
    blurs = []
    for slope in slopes:
        steepest = np.percentile(_blocks(slope)[printed], 99, axis=1)
        blurs.append(float(np.percentile(height[printed] / (np.maximum(steepest, 0.5) * GAUSS), 30)))
    return float(np.median(height[printed])), max(blurs), float(printed.mean())


def _blocks(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    rows, columns = values.shape[0] // BLOCK, values.shape[1] // BLOCK
    parted = values.reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2)
    return np.asarray(parted.reshape(rows * columns, BLOCK * BLOCK)[:, ::2], np.float32)


def _glare(grey: Grey) -> float:
    """Burnt-out spots on paper that is elsewhere darker; a screenshot is white all over and has none."""
    small = shrunk(np.asarray(cv2.merge([grey] * 3), np.uint8), 600)[0][:, :, 0]
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    burnt = cv2.morphologyEx(np.asarray(paper >= 253, np.uint8), cv2.MORPH_OPEN, np.ones((15, 15), np.uint8))
    share = float(burnt.mean())
    rest = paper[burnt == 0]
    if not 0.0 < share < 0.4 or rest.size == 0 or float(np.percentile(rest, 75)) > DARKER_PAPER:
        return 0.0
    return share
