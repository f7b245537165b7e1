"""Wear of scanner and phone on a clean page: skew, noise, uneven light, perspective, shadow, blur, JPEG.

Works on pixels only and draws every choice from the given random source, so a seed gives the same picture.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from samples.pdf import Picture

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Level:
    """How hard a page was treated; `hard` goes to the limit of what a person can still read."""

    name: str
    skew: float  #: degrees
    noise: float
    blur: float  #: sigma in pixels
    tilt: float  #: share of the page a corner may move
    shade: float
    jpeg: int


CLEAN = Level("clean", 0.3, 2.0, 0.4, 0.012, 0.10, 88)
MEDIUM = Level("medium", 1.2, 5.0, 0.8, 0.035, 0.28, 80)
HARD = Level("hard", 2.5, 9.0, 1.3, 0.06, 0.45, 66)
LEVELS = {level.name: level for level in (CLEAN, MEDIUM, HARD)}


def dot_matrix(print_layer: Picture, rng: Random) -> Picture:
    """Printed values as an impact printer leaves them: ribbon texture, slightly fat and uneven."""
    height, width = print_layer.shape[:2]
    ribbon = 1 + 0.25 * _clouds(rng, height, width, 40)
    grain = 1 + 0.18 * _grain(rng, height, width)
    ink = (255 - cv2.GaussianBlur(print_layer, (0, 0), 0.6).astype(np.float32)) * (ribbon * grain)[..., None]
    return as_bytes(255 - ink * 1.25)


def over(lower: Picture, upper: Picture, shift: tuple[float, float] = (0.0, 0.0), angle: float = 0.0) -> Picture:
    """Ink over paper: multiply, the upper layer moved by `shift` pixels and turned by `angle` degrees."""
    height, width = lower.shape[:2]
    move = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    move[:, 2] += shift
    moved = cv2.warpAffine(upper, move, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))
    return as_bytes(lower.astype(np.float32) * moved.astype(np.float32) / 255)


def punch(page: Picture, dpi: int, rng: Random) -> Picture:
    """Tractor holes and perforation along both short edges."""
    page = page.copy()
    per_mm = dpi / 25.4
    start = rng.uniform(4, 9)
    for x in (5.5 * per_mm, page.shape[1] - 5.5 * per_mm):
        for index in range(int(page.shape[0] / per_mm / 12.7) + 1):
            centre = (int(x), int((start + 12.7 * index) * per_mm))
            cv2.circle(page, centre, int(2 * per_mm), (176, 172, 166), -1, cv2.LINE_AA)
    for x in (12.0, page.shape[1] / per_mm - 12.0):
        for y in range(0, page.shape[0], int(2 * per_mm)):
            cv2.line(page, (int(x * per_mm), y), (int(x * per_mm), y + int(per_mm)), (196, 196, 206), 1, cv2.LINE_AA)
    return page


def scan(page: Picture, rng: Random, level: Level) -> bytes:
    """A flatbed scan as JPEG."""
    pad = int(0.02 * page.shape[1])
    page = cv2.copyMakeBorder(page, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=(246, 246, 244))
    turn = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), rng.uniform(-level.skew, level.skew), 1)
    page = cv2.warpAffine(
        page, turn, (page.shape[1], page.shape[0]), flags=cv2.INTER_CUBIC, borderValue=(246, 246, 244)
    )
    light = 1 - 0.3 * level.shade * np.linspace(0, rng.random(), page.shape[1], dtype=np.float32)[None, :, None]
    worn = cv2.GaussianBlur(page, (0, 0), max(0.3, level.blur * 0.7)).astype(np.float32) * light
    worn += noise(rng, worn.shape, level.noise)
    return jpeg(as_bytes(worn), level.jpeg)


def photo(page: Picture, rng: Random, level: Level, *, width: int = 2000, turns: int = 0, exif: bool = False) -> bytes:
    """A phone picture: page lying on a table, seen at an angle, under uneven light.

    `turns` quarter turns clockwise are in the pixels; with `exif` they are undone by the orientation mark.
    """
    page = _crumpled(page, rng, level)
    height, page_width = page.shape[:2]
    margin = rng.uniform(0.05, 0.11)
    inner_w = width * (1 - 2 * margin)
    inner_h = inner_w * height / page_width
    out_width, out_height = width, int(inner_h + 2.4 * margin * width)
    left, top = (out_width - inner_w) / 2, (out_height - inner_h) / 2
    corners = np.array([[left, top], [left + inner_w, top], [left + inner_w, top + inner_h], [left, top + inner_h]])
    reach = level.tilt * min(inner_w, inner_h)
    corners += np.array([[rng.uniform(-reach, reach), rng.uniform(-reach, reach)] for _ in range(4)])
    angle = np.deg2rad(rng.uniform(-level.skew, level.skew) * 1.6)
    centre = corners.mean(axis=0)
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = (corners - centre) @ spin.T + centre
    source = np.array([[0, 0], [page_width, 0], [page_width, height], [0, height]], dtype=np.float32)
    view = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    desk = table(rng, out_height, out_width)
    paper = cv2.warpPerspective(page, view, (out_width, out_height), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((height, page_width), 255, np.uint8), view, (out_width, out_height))
    desk = cast_shadow(desk, mask, rng)
    share = (mask.astype(np.float32) / 255)[..., None]
    picture = desk.astype(np.float32) * (1 - share) + paper.astype(np.float32) * share
    picture *= slope_of_light(rng, out_height, out_width, level.shade)[..., None]
    picture = cv2.GaussianBlur(picture, (0, 0), max(0.35, level.blur * width / 2600))
    picture += noise(rng, picture.shape, level.noise * 0.8)
    warm = np.array([rng.uniform(0.98, 1.02), 1.0, rng.uniform(0.93, 1.02)], dtype=np.float32)
    return jpeg(np.rot90(as_bytes(picture * warm), -turns), level.jpeg, orientation=_UNDO[turns % 4] if exif else None)


_UNDO = (1, 8, 3, 6)  # EXIF orientation that shows the picture upright after n clockwise quarter turns


def jpeg(page: Picture, quality: int, orientation: int | None = None) -> bytes:
    out = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(page))
    if orientation is None:
        image.save(out, "JPEG", quality=quality, dpi=(200, 200))
    else:
        mark = Image.Exif()
        mark[274] = orientation
        image.save(out, "JPEG", quality=quality, exif=mark)
    return out.getvalue()


def _crumpled(page: Picture, rng: Random, level: Level) -> Picture:
    """Gentle waves of paper that was carried folded, with one fold line."""
    height, width = page.shape[:2]
    bend = 14 * level.tilt * width / 2000
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    phase = rng.uniform(0, 6.28)
    map_y = ys + bend * np.sin(xs / width * 6.28 * rng.uniform(0.6, 1.4) + phase).astype(np.float32)
    map_x = xs + bend * 0.5 * np.sin(ys / height * 6.28 + phase).astype(np.float32)
    page = cv2.remap(page, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    fold = rng.uniform(0.3, 0.7) * width
    crease = 1 - 0.09 * level.shade / 0.28 * np.exp(-(((np.arange(width) - fold) / (0.004 * width)) ** 2))
    return as_bytes(page.astype(np.float32) * crease[None, :, None].astype(np.float32))


def table(rng: Random, height: int, width: int) -> Picture:
    """Wood, cloth or plain desk."""
    base = np.array(
        rng.choice(((166, 128, 92), (96, 84, 78), (150, 150, 154), (190, 176, 150), (70, 88, 104))), np.float32
    )
    kind = rng.choice(("wood", "cloth", "plain"))
    if kind == "wood":
        texture = 0.16 * _clouds(rng, height, width, 9, stretch=24) + 0.05 * _clouds(rng, height, width, 60, stretch=30)
    elif kind == "cloth":
        ys, xs = np.mgrid[0:height, 0:width]
        texture = 0.06 * (np.sin(xs / 3.1) * np.sin(ys / 3.3)) + 0.06 * _clouds(rng, height, width, 12)
    else:
        texture = 0.07 * _clouds(rng, height, width, 6)
    return as_bytes(base * (1 + texture[..., None] + 0.03 * _grain(rng, height, width)[..., None]))


def cast_shadow(desk: Picture, mask: Picture, rng: Random) -> Picture:
    shift = np.array([[1, 0, rng.uniform(4, 16)], [0, 1, rng.uniform(4, 16)]], dtype=np.float32)
    moved = cv2.warpAffine(mask, shift, (mask.shape[1], mask.shape[0]))
    soft = cv2.GaussianBlur(moved, (0, 0), 9).astype(np.float32) / 255
    return as_bytes(desk.astype(np.float32) * (1 - 0.45 * soft[..., None]))


def slope_of_light(rng: Random, height: int, width: int, shade: float) -> Plane:
    """A slope of light, and the soft edge of a hand's or phone's shadow."""
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = rng.uniform(0, 6.28)
    slope = (np.cos(angle) * xs / width + np.sin(angle) * ys / height).astype(np.float32)
    slope = (slope - slope.min()) / (slope.max() - slope.min())
    edge = np.cos(angle + 1) * (xs / width - rng.uniform(0.3, 0.7)) + np.sin(angle + 1) * (ys / height - 0.5)
    shadow = 1 / (1 + np.exp(-edge * rng.uniform(14, 40)))
    lit: Plane = (1.03 - 0.5 * shade * slope - 0.55 * shade * shadow).astype(np.float32)
    return lit


def _clouds(rng: Random, height: int, width: int, cells: int, stretch: int = 1) -> Plane:
    """Smooth noise, −1…1; `stretch` > 1 pulls it along x like grain in wood."""
    seed = np.random.default_rng(rng.getrandbits(32))
    rows, columns = cells * max(1, stretch // 4), max(2, cells // max(1, stretch // 4))
    small = seed.uniform(-1, 1, (rows, columns)).astype(np.float32)
    wide: Plane = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return wide


def _grain(rng: Random, height: int, width: int) -> Plane:
    seed = np.random.default_rng(rng.getrandbits(32))
    return seed.normal(0, 1, (height, width)).astype(np.float32)


def noise(rng: Random, shape: tuple[int, ...], sigma: float) -> Plane:
    seed = np.random.default_rng(rng.getrandbits(32))
    fine = seed.normal(0, sigma, shape).astype(np.float32)
    blurred: Plane = cv2.GaussianBlur(fine, (0, 0), 0.7)
    return blurred


def as_bytes(values: NDArray[np.floating]) -> Picture:
    return np.clip(values, 0, 255).astype(np.uint8)


def tinted(page: Picture, paper: tuple[int, int, int]) -> Picture:
    """White becomes the paper's own colour."""
    return as_bytes(page.astype(np.float32) * (np.array(paper, dtype=np.float32) / 255))
