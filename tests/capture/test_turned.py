"""A slip glued on a sheet a quarter turn from the rest is cut out; print that lies one way stays together."""

from __future__ import annotations

import cv2
import numpy as np

from capture.cleanup import CleanupOptions
from capture.cleanup.outline import overview
from capture.cleanup.turned import part_turned
from capture.images import open_image
from capture.limits import Limits
from models.pages import Pixels


def slip(number: str, lines: int = 10) -> Pixels:
    """A narrow paper of short lines."""
    page = np.full((60 * lines + 60, 470, 3), 244, np.uint8)
    for line in range(lines):
        cv2.putText(page, f"{number} 2019-05-06", (30, 70 + 60 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (30, 30, 30), 4)
    return page


def glued(*slips: tuple[Pixels, int, int]) -> Pixels:
    sheet = np.full((2300, 1650, 3), 250, np.uint8)
    for page, x, y in slips:
        sheet[y : y + page.shape[0], x : x + page.shape[1]] = page
    return sheet


def quarter(page: Pixels) -> Pixels:
    return np.asarray(cv2.rotate(page, cv2.ROTATE_90_CLOCKWISE), np.uint8)


def parts(picture: Pixels) -> list[Pixels]:
    return [part.picture for part in part_turned(picture, overview(picture))]


def test_a_slip_a_quarter_turn_from_the_rest_is_cut_out_whole() -> None:
    first, turned = slip("11"), quarter(slip("22"))
    sheet = glued((first, 100, 120), (slip("33"), 800, 130), (turned, 200, 1000))
    rest, cut = parts(sheet)
    assert np.count_nonzero(cut < 100) == np.count_nonzero(turned < 100)  # every stroke of it
    assert np.count_nonzero(rest < 100) == np.count_nonzero(sheet < 100) - np.count_nonzero(turned < 100)


def test_slips_that_lie_as_the_rest_are_left_on_their_sheet() -> None:
    assert parts(glued((slip("11"), 100, 120), (slip("22"), 800, 130))) == []


def test_a_sheet_that_is_turned_as_a_whole_has_no_turned_slip() -> None:
    assert parts(quarter(glued((slip("11"), 100, 120), (slip("22"), 800, 130)))) == []


def test_the_upright_letters_of_a_form_are_no_slip() -> None:
    form = glued((slip("11", 20), 100, 120), (slip("22", 20), 800, 130))
    for index in range(3):
        form[300 + 400 * index : 500 + 400 * index, 20:60] = quarter(slip("1", 1))[:200, 40:80]
    assert parts(form) == []


def test_a_slip_that_print_of_the_rest_touches_is_not_cut_out() -> None:
    sheet = glued((slip("11"), 100, 120), (slip("33"), 800, 130), (quarter(slip("22")), 200, 1000))
    for line in range(12):
        place = (100, 990 + 40 * line)
        cv2.putText(sheet, "11 2019-05-06 22 2019-05-06", place, cv2.FONT_HERSHEY_SIMPLEX, 0.9, (30, 30, 30), 2)
    assert parts(sheet) == []


def test_the_slip_is_a_page_whose_places_lead_back_to_the_original() -> None:
    sheet = glued((slip("11"), 100, 120), (slip("33"), 800, 130), (quarter(slip("22")), 200, 1000))
    _, encoded = cv2.imencode(".png", sheet)
    options = CleanupOptions(orientation=True, level=False, deskew=False, light=False, seal=False, noise=False)
    upright = iter((0, 270))
    first, second = (
        page.picture()
        for page in open_image(encoded.tobytes(), limits=LIMITS, cleanup=options, upright=lambda _: next(upright))
    )
    assert first.from_original is not None and np.allclose(first.from_original, np.eye(3))
    assert second.from_original is not None
    place = np.linalg.inv(second.from_original) @ np.array([0.0, 0.0, 1.0])
    assert 200 - 60 < place[0] < 900 and 1000 - 60 < place[1] < 1500


LIMITS = Limits()
