"""Advice on pictures: silence on readable ones, the right word on spoilt ones, quick, and safe on damaged files."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest

from capture import quality
from capture.limits import Limits
from models.advice import ADVICE, Advice
from models.errors import DocumentError
from models.pages import Pixels


def invoice(width: int = 1600, height: int = 1000, ground: int = 200) -> Pixels:
    """A ruled form of small print with a margin, on paper a little darker than white."""
    picture = np.full((height, width, 3), ground, np.uint8)
    for y in range(120, height - 80, 40):
        for x in range(120, width - 220, 190):
            cv2.putText(picture, "A B 1 2 3 4", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.75, (30, 30, 30), 2, cv2.LINE_AA)
    for y in range(100, height - 60, 160):
        cv2.line(picture, (90, y), (width - 90, y), (90, 60, 40), 2)
    cv2.line(picture, (90, 100), (90, height - 100), (90, 60, 40), 2)
    cv2.line(picture, (width - 90, 100), (width - 90, height - 100), (90, 60, 40), 2)
    return picture


def advised(picture: Pixels) -> list[str]:
    return [advice.code for advice in quality.advise(quality.measure(picture))]


@pytest.mark.parametrize("ground", [255, 200, 140])
def test_a_readable_picture_is_passed_in_silence(ground: int) -> None:
    assert advised(invoice(ground=ground)) == []


@pytest.mark.parametrize("sigma", [3.0, 5.0])
def test_blur_is_told_by_the_size_of_the_print(sigma: float) -> None:
    assert advised(cv2.GaussianBlur(invoice(), (0, 0), sigma)) == ["too_blurred"]


def test_blur_grows_with_blurring() -> None:
    found = [quality.measure(cv2.GaussianBlur(invoice(), (0, 0), s)).blur for s in (0.8, 1.5, 2.5, 4.0)]
    assert found == sorted(found)
    assert found[0] < found[-1] / 2


def test_a_shaken_hand_blurs_one_way_only() -> None:
    shaken = cv2.filter2D(invoice(), -1, np.full((1, 13), 1 / 13, np.float32))
    assert advised(shaken) == ["too_blurred"]


def test_small_print() -> None:
    small = cv2.resize(invoice(), None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    (advice,) = quality.advise(quality.measure(small))
    assert advice.code == "too_small"
    assert str(advice.figures["height"]) in advice.message("zh")


@pytest.mark.parametrize(
    ("side", "part"),
    [
        ("left", np.s_[:, 317:]),
        ("right", np.s_[:, :1268]),
        ("top", np.s_[310:, :]),
        ("bottom", np.s_[:595, :]),
    ],
)
def test_the_side_that_is_cut_is_named(side: str, part: tuple[slice, slice]) -> None:
    (advice,) = quality.advise(quality.measure(np.ascontiguousarray(invoice()[part])))
    assert (advice.code, advice.figures["side"]) == ("cut_off", side)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_grain_of_a_desk_at_the_picture_s_edge_is_no_print_cut_off(seed: int) -> None:
    rng = np.random.default_rng(seed)
    desk = np.full((1200, 1900, 3), 215, np.uint8)
    for x, y in zip(rng.integers(0, 1900, 900), rng.integers(0, 1200, 900), strict=True):
        cv2.line(desk, (int(x), int(y)), (int(x) + 14, int(y) + 9), (150, 150, 150), 3)
    desk[100:1100, 150:1750] = invoice()
    assert advised(desk) == []


def test_a_dark_picture() -> None:
    assert advised((invoice() * 0.05).astype(np.uint8)) == ["too_dark"]


def test_a_reflection_on_grey_paper() -> None:
    ys, xs = np.mgrid[0:1000, 0:1600]
    spot = np.exp(-(((xs - 800) / 260) ** 2 + ((ys - 500) / 200) ** 2))[..., None] * 3
    picture = invoice()
    assert advised(np.clip(picture + (255 - picture) * np.minimum(spot, 1), 0, 255).astype(np.uint8)) == ["glare"]


@pytest.mark.parametrize("ground", [40, 128, 255])
def test_a_picture_of_nothing(ground: int) -> None:
    assert advised(np.full((800, 1200, 3), ground, np.uint8)) == ["no_paper"]


def test_other_files_get_no_advice_and_damaged_pictures_are_an_error() -> None:
    assert quality.check(b"%PDF-1.7\n", limits=Limits()) == ()
    whole = cv2.imencode(".jpg", invoice())[1].tobytes()
    with pytest.raises(DocumentError):
        quality.check(b"\xff\xd8\xff\xe0" + whole[4:300], limits=Limits())
    with pytest.raises(DocumentError, match=r"too_many_pixels|像素"):
        quality.check(whole, limits=Limits(max_pixels=1000))


def test_a_twelve_megapixel_photo_takes_less_than_a_second_of_processor_time() -> None:
    data = cv2.imencode(".jpg", cv2.resize(invoice(), (4000, 3000)))[1].tobytes()
    start = time.process_time()
    assert quality.check(data, limits=Limits()) == ()
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize("code", ADVICE)
def test_every_advice_says_what_to_do_in_both_languages(code: str) -> None:
    advice = Advice(code, {"height": 6, "side": "left"})
    assert advice.export("en")["message"] != advice.export("zh")["message"]
    assert "{" not in advice.message("zh") + advice.message("en")
