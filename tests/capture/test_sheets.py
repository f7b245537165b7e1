"""Several sheets on one picture become several pictures; one invoice is never cut in two."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture.cleanup import CleanupOptions
from capture.cleanup.sheets import part_sheets
from capture.images import open_image
from capture.limits import Limits
from models.pages import Pixels


def sheet(number: str, width: int = 700, height: int = 420) -> Pixels:
    page = np.full((height, width, 3), 245, np.uint8)
    for y in range(60, height - 20, 45):
        cv2.putText(page, f"{number} AB 12345 {number}", (40, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (20, 20, 20), 2)
    return page


def desk(width: int = 2000, height: int = 1400) -> Pixels:
    return np.random.default_rng(1).normal(80, 4, (height, width, 3)).clip(0, 255).astype(np.uint8)


def laid(ground: Pixels, page: Pixels, centre: tuple[float, float], degrees: float = 0.0) -> Pixels:
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    turn[:, 2] += (centre[0] - width / 2, centre[1] - height / 2)
    size = (ground.shape[1], ground.shape[0])
    seen = cv2.warpAffine(page, turn, size)
    where = cv2.warpAffine(np.full((height, width), 255, np.uint8), turn, size)
    out = ground.copy()
    out[where > 127] = seen[where > 127]
    return out


def test_sheets_beside_each_other_are_parted_in_reading_order() -> None:
    picture = laid(laid(desk(), sheet("1"), (480, 400)), sheet("2"), (1450, 430))
    picture = laid(picture, sheet("3", 400, 600), (500, 1000))
    parts = part_sheets(picture)
    centres = [np.mean(part.step.detail["corners"], axis=0) for part in parts]
    assert np.allclose(centres, [(480, 400), (1450, 430), (500, 1000)], atol=12)
    assert [part.step.detail["sheet"] for part in parts] == [1, 2, 3]


def test_each_sheet_is_straightened_whatever_its_own_turn() -> None:
    picture = laid(laid(desk(), sheet("1"), (500, 500), 25.0), sheet("2"), (1450, 800), -70.0)
    for part in part_sheets(picture):
        long_side, short_side = max(part.picture.shape[:2]), min(part.picture.shape[:2])
        assert long_side / short_side == pytest.approx(700 / 420, rel=0.03)
        assert float((part.picture > 200).mean()) > 0.75  # paper to the edges, no desk in the corners


def test_one_sheet_is_not_parted() -> None:
    assert part_sheets(laid(desk(), sheet("1", 1200, 800), (1000, 700), 8.0)) == []


def test_a_form_with_a_tear_off_strip_stays_whole() -> None:
    form = np.vstack([sheet("1"), np.full((8, 700, 3), 60, np.uint8), sheet("1", height=160)])
    assert part_sheets(laid(desk(), form, (1000, 700))) == []


def test_a_blank_card_is_no_sheet() -> None:
    card = np.full((400, 600, 3), 240, np.uint8)
    assert part_sheets(laid(laid(desk(), sheet("1"), (480, 400)), card, (1450, 400))) == []


def test_a_sheet_that_is_cut_off_keeps_the_picture_whole() -> None:
    picture = laid(laid(desk(), sheet("1"), (480, 400)), sheet("2"), (1450, 400))
    assert part_sheets(laid(picture, sheet("3"), (1900, 1100), 20.0)) == []


def test_a_head_that_looks_out_beneath_another_invoice_is_no_sheet() -> None:
    picture = laid(desk(), sheet("9"), (1010, 420), 2.0)
    assert part_sheets(laid(picture, sheet("1", 1100, 700), (1000, 700))) == []


def test_parted_sheets_are_pages_whose_places_lead_back_to_the_original() -> None:
    picture = laid(laid(desk(), sheet("1"), (480, 400)), sheet("2"), (1450, 430))
    data = cv2.imencode(".png", picture)[1].tobytes()
    pages = open_image(data, limits=Limits(), cleanup=CleanupOptions(), upright=lambda p: 0)
    assert [page.number for page in pages] == [1, 2]
    second = pages[1].picture()
    assert second.steps[0].name == "sheets"
    assert second.from_original is not None
    place = second.from_original @ np.array([1450.0, 430.0, 1.0])
    height, width = second.colour.shape[:2]
    assert np.allclose(place[:2] / place[2], (width / 2, height / 2), atol=12)


def test_without_the_page_step_the_picture_stays_whole() -> None:
    picture = laid(laid(desk(), sheet("1"), (480, 400)), sheet("2"), (1450, 430))
    data = cv2.imencode(".png", picture)[1].tobytes()
    options = CleanupOptions(page=False)
    assert len(open_image(data, limits=Limits(), cleanup=options, upright=lambda p: 0)) == 1
