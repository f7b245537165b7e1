"""A camera's picture of sheets: as many as were laid down, in the frame, and the same again from the same seed."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
import pytest

from samples import camera
from samples.pdf import Picture


def sheet(width: int = 600, height: int = 380) -> Picture:
    page = np.full((height, width, 3), 255, np.uint8)
    for y in range(40, height - 20, 40):
        cv2.putText(page, "No 12345678", (30, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (20, 20, 20), 2)
    return page


def seen(data: bytes) -> Picture:
    picture: Picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return picture


def bright_areas(picture: Picture) -> int:
    grey = cv2.morphologyEx(picture.min(axis=2), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    _, mask = cv2.threshold(grey, 200, 255, cv2.THRESH_BINARY)
    areas = cv2.connectedComponentsWithStats(mask)[2][1:, cv2.CC_STAT_AREA]
    return int((areas > 0.02 * mask.size).sum())


@pytest.mark.parametrize("name", camera.SHOTS)
def test_a_seed_gives_the_same_picture(name: str) -> None:
    shots = [camera.shoot(sheet(), Random(3), camera.SHOTS[name], width=500) for _ in range(2)]
    assert shots[0] == shots[1]
    assert seen(shots[0]).shape[1] == 500


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_every_sheet_lies_apart_from_the_others(count: int) -> None:
    turns = (0.0, 70.0, -30.0, 160.0)[:count]
    dark = Random(12)  # a seed whose desk is dark
    picture = seen(camera.shoot_several([sheet()] * count, dark, camera.Shot(), width=900, turns=turns))
    assert bright_areas(picture) == count


def test_a_dim_room_is_dark_and_a_lamp_hides_print() -> None:
    def taken(shot: camera.Shot) -> Picture:
        return seen(camera.shoot(sheet(), Random(5), shot, width=500))

    assert np.percentile(taken(camera.Shot(light=0.3)), 99) < 100 < np.percentile(taken(camera.Shot()), 99)
    dark = [int((taken(shot).max(axis=2) < 90).sum()) for shot in (camera.Shot(), camera.Shot(glare=1.0))]
    assert dark[1] < dark[0]


def test_slips_are_glued_on_one_white_sheet() -> None:
    glued = camera.glued([sheet(200, 420)] * 5, Random(2), width=800)
    assert glued.shape[:2] == (1131, 800)
    assert (glued[0] > 240).all()
    assert (glued < 60).any()
