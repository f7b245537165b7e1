"""A phone's camera over a desk: sheets lying any way, curled, under poor light, with a finger at the edge.

Harder than `wear.photo`, and in figures that can grow one at a time, so that a series shows where reading ends. Works
on pixels only and draws every choice from the given random source.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from samples import wear
from samples.pdf import Picture

View = NDArray[np.float64]

MARGIN = 0.06  #: of the picture, kept free around the sheets
SKIN = (196, 148, 122)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How a picture was taken. The defaults are a good picture in daylight."""

    angle: float = 2.0  #: degrees the sheet lies turned, clockwise
    tilt: float = 0.02  #: share of its size a corner moves by perspective
    curl: float = 0.0  #: height of the paper's wave, share of its width
    glare: float = 0.0  #: 0…1, brightness of the lamp's reflection
    light: float = 1.0  #: exposure; 0.3 is a dim room
    noise: float = 2.0
    blur: float = 0.4  #: sigma in pixels
    motion: float = 0.0  #: pixels the hand moved
    finger: bool = False
    busy: bool = False  #: other papers and things on the desk
    jpeg: int = 85


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how a sheet lies: centre in pixels, degrees clockwise, size, share its corners move."""

    x: float
    y: float
    angle: float
    scale: float
    tilt: float = 0.0


#: names of growing difficulty, as they are reported
SHOTS = {
    "good": Shot(),
    "turned": Shot(angle=30.0, tilt=0.03, noise=3.0),
    "curled": Shot(angle=-6.0, curl=0.012, tilt=0.03, noise=3.0),
    "glare": Shot(angle=5.0, glare=0.75, noise=3.0),
    "dim": Shot(angle=4.0, light=0.3, noise=7.0, blur=0.8),
    "busy": Shot(angle=12.0, busy=True, finger=True, tilt=0.04, noise=3.0),
    "worst": Shot(
        angle=24.0, tilt=0.05, curl=0.008, glare=0.5, light=0.5, noise=6.0, blur=0.8, motion=3.0, finger=True,
        busy=True, jpeg=72,
    ),
}  # fmt: skip


def shoot(page: Picture, rng: Random, shot: Shot, *, width: int = 2400) -> bytes:
    """One sheet on a desk, as JPEG; the frame is as wide as the turned sheet needs."""
    return shoot_several([page], rng, shot, width=width)


def shoot_several(
    pages: Sequence[Picture], rng: Random, shot: Shot, *, width: int = 2400, turns: Sequence[float] = ()
) -> bytes:
    """Sheets beside and below each other without touching, each turned by its own angle (`turns`, else the shot's)."""
    angles = list(turns) or [shot.angle + (rng.uniform(-3, 3) if len(pages) > 1 else 0) for _ in pages]
    across = math.ceil(math.sqrt(len(pages)))
    cell_w = width / across
    scales = [_fitting(page, angle, cell_w) for page, angle in zip(pages, angles, strict=True)]
    heights = [_reach(page, angle)[1] * s for page, angle, s in zip(pages, angles, scales, strict=True)]
    rows = [heights[i : i + across] for i in range(0, len(heights), across)]
    tops = np.cumsum([0.0, *[max(row) * (1 + 2 * MARGIN) for row in rows]])
    height = int(tops[-1])
    desk = _busy(wear.table(rng, height, width), rng) if shot.busy else wear.table(rng, height, width)
    for index, (page, angle) in enumerate(zip(pages, angles, strict=True)):
        row, column = divmod(index, across)
        middle = float(tops[row] + tops[row + 1]) / 2
        place = Place((column + 0.5) * cell_w, middle, angle, scales[index], shot.tilt)
        desk = _laid(desk, _curled(page, rng, shot.curl), place, rng)
    return wear.jpeg(_seen(desk, rng, shot), shot.jpeg)


def glued(slips: Sequence[Picture], rng: Random, *, width: int = 1654) -> Picture:
    """粘贴单: slips glued on a white A4 sheet, in rows, hardly askew, each with a faint edge."""
    sheet = np.full((round(width * 297 / 210), width, 3), 250, np.uint8)
    across = min(len(slips), 3)
    cell = width / across
    top, lowest = 0.04 * sheet.shape[0], 0.0
    for index, slip in enumerate(slips):
        if index and index % across == 0:
            top, lowest = lowest + 0.02 * sheet.shape[0], 0.0
        angle = rng.uniform(-1.2, 1.2)
        edged = cv2.copyMakeBorder(slip, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=(205, 205, 203))
        scale = 0.86 * cell / edged.shape[1]
        scale = min(scale, 0.8 * sheet.shape[0] / edged.shape[0])
        reach = edged.shape[0] * scale
        place = Place((index % across + 0.5) * cell, top + reach / 2, angle, scale)
        sheet = _put(sheet, edged, _placing(edged, place, rng))
        lowest = max(lowest, top + reach)
    return sheet


def _reach(page: Picture, angle: float) -> tuple[float, float]:
    """Width and height of the upright box around the turned page."""
    height, width = page.shape[:2]
    cos, sin = abs(math.cos(math.radians(angle))), abs(math.sin(math.radians(angle)))
    return width * cos + height * sin, width * sin + height * cos


def _fitting(page: Picture, angle: float, cell: float) -> float:
    return cell * (1 - 2 * MARGIN) / _reach(page, angle)[0]


def _placing(page: Picture, place: Place, rng: Random) -> View:
    height, width = page.shape[:2]
    turn = math.radians(place.angle)
    spin = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    corners = (
        np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 2 * place.scale @ spin
    )
    reach = place.tilt * place.scale * min(width, height)
    corners += np.array([[rng.uniform(-reach, reach), rng.uniform(-reach, reach)] for _ in range(4)])
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return np.asarray(
        cv2.getPerspectiveTransform(source, (corners + np.array([place.x, place.y])).astype(np.float32)), np.float64
    )


def _put(desk: Picture, page: Picture, view: View) -> Picture:
    size = (desk.shape[1], desk.shape[0])
    # a strong reduction without averaging would leave crumbs of strokes
    reduced = math.hypot(view[0, 0], view[1, 0])
    soft = cv2.GaussianBlur(page, (0, 0), 0.35 / reduced) if reduced < 0.7 else page
    seen = cv2.warpPerspective(soft, view, size, flags=cv2.INTER_LINEAR)
    share = cv2.warpPerspective(np.full(page.shape[:2], 255, np.uint8), view, size).astype(np.float32)[..., None] / 255
    return wear.as_bytes(desk.astype(np.float32) * (1 - share) + seen.astype(np.float32) * share)


def _laid(desk: Picture, page: Picture, place: Place, rng: Random) -> Picture:
    """On the desk with its shadow."""
    view = _placing(page, place, rng)
    mask = cv2.warpPerspective(np.full(page.shape[:2], 255, np.uint8), view, (desk.shape[1], desk.shape[0]))
    return _put(wear.cast_shadow(desk, mask, rng), page, view)


def _curled(page: Picture, rng: Random, curl: float) -> Picture:
    """Rows bent as by paper that was rolled up: an arch across the width, on white beyond the edge."""
    if not curl:
        return page
    height, width = page.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    lean = rng.uniform(0.35, 0.65)
    arch = curl * width * np.cos(math.pi * (xs / width - lean)) * (1 if rng.random() < 0.5 else -1)
    bent: Picture = cv2.remap(
        page, xs, (ys + arch - arch.mean()).astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    shade = 1 - 6 * curl * np.sin(math.pi * (np.arange(width, dtype=np.float32) / width - lean))
    return wear.as_bytes(bent * np.clip(shade, 0.7, 1.05)[None, :, None])


def _busy(desk: Picture, rng: Random) -> Picture:
    """Papers, a keyboard's keys, a cup and a cable, all beneath the sheets."""
    height, width = desk.shape[:2]
    for _ in range(rng.randint(4, 7)):
        box = (
            (rng.uniform(0, width), rng.uniform(0, height)),
            (rng.uniform(0.1, 0.3) * width,) * 2,
            rng.uniform(0, 90),
        )
        shade = rng.choice(((70, 74, 82), (120, 60, 50), (52, 88, 120), (205, 196, 180), (30, 32, 36)))
        cv2.fillConvexPoly(desk, cv2.boxPoints(box).astype(np.int32), shade, cv2.LINE_AA)
    step = max(12, width // 40)
    x0, y0 = rng.randrange(width // 2), rng.randrange(max(1, height - 4 * step))
    for row in range(4):
        for column in range(12):
            corner = (x0 + column * step, y0 + row * step)
            cv2.rectangle(desk, corner, (corner[0] + step - 4, corner[1] + step - 4), (44, 44, 48), -1)
    cv2.circle(desk, (rng.randrange(width), rng.randrange(height)), width // 9, (232, 232, 228), -1, cv2.LINE_AA)
    bend = [(int(width * i / 8), int(height * rng.random())) for i in range(9)]
    cv2.polylines(desk, [np.array(bend, np.int32)], False, (24, 24, 24), max(3, width // 200), cv2.LINE_AA)
    return desk


def _seen(desk: Picture, rng: Random, shot: Shot) -> Picture:
    """Through the lens: finger, reflection, exposure, shake, noise."""
    height, width = desk.shape[:2]
    if shot.finger:
        tip = (int(width * rng.uniform(0.1, 0.9)), height)
        cv2.ellipse(desk, tip, (width // 28, int(height * 0.075)), rng.uniform(-20, 20), 0, 360, SKIN, -1, cv2.LINE_AA)
    seen = desk.astype(np.float32) * wear.slope_of_light(rng, height, width, 0.2)[..., None] * shot.light
    if shot.glare:
        ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
        x, y = rng.uniform(0.25, 0.75) * width, rng.uniform(0.3, 0.7) * height
        spot = np.exp(-(((xs - x) / (0.16 * width)) ** 2 + ((ys - y) / (0.10 * width)) ** 2))
        seen += (255 - seen) * np.minimum(1.3 * shot.glare * spot, 1.0)[..., None].astype(np.float32)
    if shot.motion:
        seen = _shaken(seen, shot.motion, rng.uniform(0, math.pi))
    seen = cv2.GaussianBlur(seen, (0, 0), max(0.3, shot.blur))
    seen += wear.noise(rng, seen.shape, shot.noise)
    return wear.as_bytes(seen)


def _shaken(seen: NDArray[np.float32], reach: float, way: float) -> NDArray[np.float32]:
    size = math.ceil(reach) | 1
    kernel = np.zeros((size + 2, size + 2), np.float32)
    middle = (size + 2) // 2
    step = (math.cos(way) * reach / 2, math.sin(way) * reach / 2)
    start = (round((middle - step[0]) * 16), round((middle - step[1]) * 16))
    end = (round((middle + step[0]) * 16), round((middle + step[1]) * 16))
    cv2.line(kernel, start, end, 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(cv2.filter2D(seen, -1, kernel / kernel.sum()), np.float32)
