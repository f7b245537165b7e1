"""A sheet that lies at any angle is levelled by its print; what stands level, or has no print, is left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture.cleanup import CleanupOptions, clean
from capture.cleanup.levelling import level
from models.pages import Pixels


def form() -> Pixels:
    picture = np.full((800, 1200, 3), 235, np.uint8)
    for y in range(80, 760, 60):
        cv2.line(picture, (40, y + 15), (1160, y + 15), (120, 70, 40), 2)
        for x in range(60, 1000, 270):
            cv2.putText(picture, "AB 12345678", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (20, 20, 20), 2)
    return picture


def turned(picture: Pixels, degrees: float, ground: int = 150) -> Pixels:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.8)
    turn[:, 2] += 200
    return cv2.warpAffine(picture, turn, (width + 400, height + 400), borderValue=(ground,) * 3)


@pytest.mark.parametrize("degrees", [-40.0, -21.5, 12.0, 30.0, 38.0])
def test_any_angle_is_told_by_the_print(degrees: float) -> None:
    _, moved, step = level(turned(form(), degrees))
    assert step.applied
    assert step.detail["degrees"] == pytest.approx(-degrees, abs=1.0)
    across = moved @ np.array([[100, 500], [100, 100], [1, 1]], float)
    assert across.shape == (3, 2)


@pytest.mark.parametrize("degrees", [0.0, 2.0, -5.0])
def test_small_angles_are_left_to_deskewing(degrees: float) -> None:
    picture = turned(form(), degrees)
    result, moved, step = level(picture)
    assert not step.applied
    assert result is picture
    assert np.array_equal(moved, np.eye(3))


def test_slanting_texture_and_a_cable_do_not_turn_a_level_sheet() -> None:
    ground = np.full((1100, 1500, 3), 170, np.uint8)
    for offset in range(-900, 1500, 23):
        cv2.line(ground, (offset, 0), (offset + 600, 1100), (150, 150, 150), 1)
    ground[150:950, 150:1350] = form()
    cv2.line(ground, (0, 1050), (1500, 700), (20, 20, 20), 5)
    assert not level(ground)[2].applied


def test_a_blank_picture_has_no_angle() -> None:
    assert not level(np.full((500, 700, 3), 255, np.uint8))[2].applied


def test_the_way_up_that_counts_is_that_of_the_levelled_picture() -> None:
    asked: list[Pixels] = []

    def upright(picture: Pixels) -> int:
        asked.append(picture)
        return 180 if level(picture)[2].applied else 0

    noisy = turned(form(), 30.0, ground=235)  # white on white: no outline to find
    result = clean(noisy, CleanupOptions(), upright=upright)
    assert [(s.name, s.applied) for s in result.steps[:3]] == [("page", False), ("level", True), ("orientation", False)]
    assert len(asked) == 2, "beside the levelling, in case there is nothing to level, and again after it"
