"""Each step does its one thing, says so, and leaves alone what it is not sure of."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture.cleanup import CleanupOptions, clean
from models.pages import CleanupStep, Picture, Pixels

OFF = dict.fromkeys(("orientation", "page", "level", "deskew", "light", "seal", "noise"), False)
NUMBER_AT = (900, 120)


def invoice(width: int = 1400, height: int = 900) -> Pixels:
    """A ruled form with rows of print and a black number."""
    picture = np.full((height, width, 3), 255, np.uint8)
    for y in range(200, height - 60, 90):
        cv2.line(picture, (60, y), (width - 60, y), (35, 82, 156), 2)
        for x in range(80, width - 300, 260):
            cv2.putText(picture, "AB 12345", (x, y + 60), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (20, 20, 20), 2)
    cv2.putText(picture, "No 12345678", NUMBER_AT, cv2.FONT_HERSHEY_SIMPLEX, 1.4, (0, 0, 0), 3)
    return picture


def only(step: str, picture: Pixels, **more: object) -> tuple[Picture, CleanupStep]:
    result = clean(picture, CleanupOptions(**(OFF | {step: True})), **more)
    (record,) = result.steps
    assert record.name == step
    return result, record


def turned(picture: Pixels, degrees: float) -> Pixels:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(picture, turn, (width, height), borderValue=(255, 255, 255))


def on_a_table(sheet: Pixels) -> tuple[Pixels, np.ndarray]:
    """The sheet seen at an angle on dark wood, and the places of its corners."""
    corners = np.array([[210, 160], [1480, 90], [1560, 1010], [150, 950]], np.float32)
    height, width = sheet.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    size = (1700, 1150)
    rng = np.random.default_rng(1)
    table = rng.normal(70, 8, (size[1], size[0], 3)).clip(0, 255).astype(np.uint8)
    view = cv2.getPerspectiveTransform(source, corners)
    seen = cv2.warpPerspective(sheet, view, size)
    where = cv2.warpPerspective(np.full(sheet.shape[:2], 255, np.uint8), view, size)
    table[where > 127] = seen[where > 127]
    return table, corners


def test_nothing_is_done_when_every_step_is_off() -> None:
    picture = invoice()
    result = clean(picture, CleanupOptions(**OFF), upright=lambda p: 90)
    assert result.steps == ()
    assert np.array_equal(result.reading, picture)
    assert np.array_equal(result.from_original, np.eye(3))


def test_a_clean_scan_is_left_as_it_is() -> None:
    picture = invoice()
    result = clean(picture, CleanupOptions(), upright=lambda p: 0)
    assert [s.name for s in result.steps if s.applied] == []
    assert np.array_equal(result.reading, picture)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_quarter_turns(degrees: int) -> None:
    upright = invoice()
    lying = np.rot90(upright, k=degrees // 90).copy()  # counter-clockwise, so `degrees` clockwise puts it right
    result, record = only("orientation", lying, upright=lambda p: degrees)
    assert record.applied
    assert np.array_equal(result.colour, upright)
    corner = result.from_original @ np.array([0, 0, 1])
    x, y = (corner / corner[2])[:2].round().astype(int)
    assert np.array_equal(result.colour[y, x], lying[0, 0])


@pytest.mark.parametrize("degrees", [-5.0, -1.2, 0.6, 3.3])
def test_a_scan_askew_is_levelled(degrees: float) -> None:
    result, record = only("deskew", turned(invoice(), degrees))
    assert record.applied
    assert record.detail["degrees"] == pytest.approx(-degrees, abs=0.1)
    height, width = result.colour.shape[:2]
    assert height >= 900  # the canvas grows, no corner is lost
    assert width >= 1400


@pytest.mark.parametrize("picture", [np.full((600, 800, 3), 255, np.uint8), np.zeros((600, 800, 3), np.uint8)])
def test_a_blank_page_survives_every_step(picture: Pixels) -> None:
    result = clean(picture, CleanupOptions(), upright=lambda p: 0)
    assert result.colour.shape == picture.shape


def test_a_tiny_picture_survives_every_step() -> None:
    assert clean(np.full((3, 2, 3), 200, np.uint8), CleanupOptions(), upright=lambda p: 0).colour.size


def test_a_sheet_on_a_table_is_cut_out_and_straightened() -> None:
    photo, corners = on_a_table(invoice())
    result, record = only("page", photo)
    assert record.applied
    height, width = result.colour.shape[:2]
    assert width / height == pytest.approx(1400 / 900, rel=0.1)
    mapped = cv2.perspectiveTransform(corners[None], result.from_original)[0]
    expected = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    assert np.abs(mapped - expected).max() < 0.03 * width
    assert (mapped.min(axis=0) >= -1).all()  # no corner of the sheet is lost


def test_two_sheets_are_both_kept() -> None:
    photo, _ = on_a_table(invoice())
    both = np.vstack([photo, photo])
    result, record = only("page", both)
    assert not record.applied
    assert result.colour.shape == both.shape


def test_a_sheet_hardly_brighter_than_its_ground_is_left_alone() -> None:
    photo, _ = on_a_table(invoice())
    pale = np.clip(photo.astype(int) + 180, 0, 255).astype(np.uint8)
    assert not only("page", pale)[1].applied


def test_a_coloured_band_with_print_belongs_to_the_sheet_and_nothing_is_cut() -> None:
    sheet = invoice()
    sheet[700:] = (120, 175, 190)
    for x in range(60, 1200, 200):
        cv2.putText(sheet, "12306", (x, 800), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (30, 30, 30), 3)
    photo, _ = on_a_table(sheet)
    result, record = only("page", photo)
    assert record.applied is False or (record.detail and result.colour.shape[0] >= 850)


def stamped(picture: Pixels) -> Pixels:
    """A red seal over the number, with the number printed through it."""
    seal = picture.copy()
    x, y = NUMBER_AT[0] + 150, NUMBER_AT[1] - 20
    cv2.ellipse(seal, (x, y), (130, 90), 0, 0, 360, (50, 40, 225), 8)
    cv2.putText(seal, "SEAL", (x - 60, y + 40), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (50, 40, 225), 4)
    return np.minimum(seal, picture)


def test_a_red_seal_fades_and_the_black_print_under_it_stays() -> None:
    bare = invoice()
    picture = stamped(bare)
    result, record = only("seal", picture)
    assert len(record.detail["seals"]) == 1
    assert np.array_equal(result.colour, picture)  # colours are kept for looking at the seal
    grey = cv2.cvtColor(result.reading, cv2.COLOR_BGR2GRAY)
    ink = cv2.cvtColor(bare, cv2.COLOR_BGR2GRAY)
    seal_only = (picture[:, :, 2].astype(int) - picture[:, :, 0] > 120) & (ink > 250)
    assert grey[seal_only].min() > 200
    assert grey[ink < 40].max() < 90


def test_red_numbers_and_brown_rules_are_not_seals() -> None:
    picture = invoice()
    cv2.putText(picture, "100000000001", (100, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (60, 60, 220), 3)
    result, record = only("seal", picture)
    assert not record.applied
    assert np.array_equal(result.reading, picture)


def test_a_shadow_is_evened_out_and_print_stays_dark() -> None:
    picture = invoice()
    shade = np.linspace(1.0, 0.45, picture.shape[1])[None, :, None]
    shaded = (picture * shade).astype(np.uint8)
    result, record = only("light", shaded)
    assert record.applied
    paper = result.reading[20:160:20, 20:-20:40].min(axis=2)
    assert np.percentile(paper, 10) > 225
    dark = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) < 40
    assert result.reading[dark].mean() < 90
    assert np.array_equal(result.colour, shaded)


def test_speckle_goes_and_decimal_points_stay() -> None:
    picture = cv2.resize(invoice(), None, fx=1.3, fy=1.3)
    cv2.circle(picture, (1000, 60), 1, (0, 0, 0), -1)
    for x in (985, 1015):
        cv2.putText(picture, "8", (x - 12, 62), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2)
    rng = np.random.default_rng(2)
    dirty = picture.copy()
    ys, xs = rng.integers(0, picture.shape[0], 6000), rng.integers(0, picture.shape[1], 6000)
    far = cv2.dilate((picture.min(axis=2) < 200).astype(np.uint8), np.ones((15, 15), np.uint8))[ys, xs] == 0
    dirty[ys[far], xs[far]] = 0
    result, record = only("noise", dirty)
    assert record.applied
    assert result.reading[ys[far], xs[far]].mean() > 240
    assert result.reading[60, 1000].max() < 120


def test_speckle_in_a_small_picture_may_be_its_print_and_stays() -> None:
    rng = np.random.default_rng(3)
    small = np.where(rng.random((400, 600, 1)) < 0.01, 0, 255).astype(np.uint8).repeat(3, axis=2)
    result, record = only("noise", small)
    assert not record.applied
    assert np.array_equal(result.reading, small)


def test_both_pictures_share_one_geometry() -> None:
    photo, _ = on_a_table(stamped(invoice()))
    result = clean(photo, CleanupOptions(), upright=lambda p: 0)
    assert result.colour.shape == result.reading.shape
    assert [s.name for s in result.steps] == ["page", "orientation", "deskew", "seal", "light", "noise"]


def test_slanting_texture_alone_does_not_turn_a_level_page() -> None:
    picture = invoice()
    for offset in range(-900, 1400, 60):  # a hatched ground behind level print, ten degrees off
        cv2.line(picture, (offset, 900), (offset + 5000, 900 - 880), (215, 215, 215), 1)
    assert not only("deskew", picture)[1].applied


@pytest.mark.parametrize("share", [0.05, 0.1])
def test_a_slip_far_away_on_a_dark_table_is_cut_out(share: float) -> None:
    height, width = 1512, 2016
    size = (round((share * height * width / 2) ** 0.5), round((share * height * width * 2) ** 0.5))
    slip = cv2.resize(turned_by_quarter(invoice()), size, interpolation=cv2.INTER_AREA)
    table = np.random.default_rng(2).normal(50, 4, (height, width, 3)).clip(0, 255).astype(np.uint8)
    table[400 : 400 + size[1], 700 : 700 + size[0]] = slip
    result, record = only("page", table)
    assert record.applied
    assert abs(result.colour.shape[0] / size[1] - 1) < 0.05
    assert abs(result.colour.shape[1] / size[0] - 1) < 0.05


def turned_by_quarter(picture: Pixels) -> Pixels:
    return np.asarray(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE), np.uint8)
