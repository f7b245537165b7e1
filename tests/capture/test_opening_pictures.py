"""Pictures arrive upright, on white, BGR, page by page, at reading size."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image

from capture.cleanup import CleanupOptions
from capture.limits import Limits
from capture.opening import open_document
from models.errors import DocumentError
from models.pages import Pixels
from tests.capture import files

PLAIN = CleanupOptions(orientation=False, page=False, deskew=False, light=False, seal=False, noise=False)


def pictures(data: bytes, limits: Limits | None = None) -> list[Pixels]:
    document = open_document(data, "a", limits=limits or Limits(), cleanup=PLAIN)
    assert document.media == "image"
    assert all(page.text is None for page in document.pages)
    return [page.picture().colour for page in document.pages]


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def marked() -> Image.Image:
    """White with a blue top left quarter."""
    image = Image.new("RGB", (80, 40), "white")
    image.paste((0, 0, 255), (0, 0, 40, 20))
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "WEBP", "HEIF"])
def test_every_format(kind: str) -> None:
    pillow_heif.register_heif_opener()
    (picture,) = pictures(saved(marked(), kind))
    assert picture.shape == (40, 80, 3)
    assert picture[5, 5, 0] > 200  # blue first
    assert picture[5, 5, 2] < 60
    assert picture[35, 75].min() > 240


def test_the_cameras_orientation_mark_is_followed() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the top is on the right
    (picture,) = pictures(saved(marked(), "JPEG", exif=exif))
    assert picture.shape == (80, 40, 3)
    assert picture[5, 35, 2] < 100  # blue has gone to the top right


def test_each_page_of_a_tiff() -> None:
    grey = [Image.new("L", (50, 60), value) for value in (10, 120, 230)]
    found = pictures(saved(grey[0], "TIFF", save_all=True, append_images=grey[1:], compression="tiff_lzw"))
    assert [int(p.mean()) for p in found] == [10, 120, 230]


def test_too_many_pages_of_a_tiff() -> None:
    pages = [Image.new("1", (8, 8))] * 12
    with pytest.raises(DocumentError) as caught:
        pictures(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]), Limits(max_pages=10))
    assert caught.value.code == "too_many_pages"


def test_transparency_is_white_paper() -> None:
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 10, 20))
    (picture,) = pictures(saved(image, "PNG"))
    assert (picture[5, 5].max(), picture[5, 15].min()) == (0, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK", "I;16"])
def test_every_mode(mode: str) -> None:
    grey = np.full((30, 40), 255, np.uint8)
    grey[:, :20] = 0
    image = Image.fromarray(grey)
    if mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    elif mode != "L":
        image = image.convert(mode)
    (picture,) = pictures(saved(image, "TIFF" if mode == "CMYK" else "PNG"))
    assert picture[15, 10].max() < 30
    assert picture[15, 30].min() > 225


def test_a_large_photo_comes_at_reading_size_and_a_small_one_as_it_is() -> None:
    (large,) = pictures(files.encoded(".jpg", files.picture(6000, 4000)))
    assert large.shape[0] * large.shape[1] <= 6_500_000
    assert large.shape[1] / large.shape[0] == pytest.approx(1.5, abs=0.01)
    (small,) = pictures(files.encoded(".jpg", files.picture(600, 400)))
    assert small.shape == (400, 600, 3)


def test_the_same_page_is_cleaned_once() -> None:
    document = open_document(files.encoded(".png"), "a", limits=Limits(), cleanup=PLAIN)
    assert document.pages[0].picture() is document.pages[0].picture()


def test_a_page_shows_its_colours_before_its_ink_is_cleaned_and_is_straightened_once() -> None:
    asked: list[int] = []

    def upright(picture: Pixels) -> int:
        asked.append(1)
        return 90

    data = saved(marked(), "PNG")
    (page,) = open_document(data, "x", limits=Limits(), cleanup=CleanupOptions(), upright=upright).pages
    colour = page.colour()
    assert colour.shape == (80, 40, 3)
    assert page.picture().colour is colour
    assert asked == [1]


def test_a_multi_picture_jpeg_is_one_page() -> None:
    data = saved(marked(), "MPO", save_all=True, append_images=[Image.new("RGB", (20, 10))])
    assert [p.shape for p in pictures(data)] == [(40, 80, 3)]


def test_what_opencv_reads_we_read_alike() -> None:
    data = files.encoded(".png")
    assert np.array_equal(pictures(data)[0], cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR))


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_jpeg_has_the_pixels_that_pillow_gives(mode: str) -> None:
    data = saved(Image.fromarray(files.picture(300, 200)).convert(mode), "JPEG", quality=80)
    expected = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))[:, :, ::-1]
    assert np.array_equal(pictures(data)[0], expected)


@pytest.mark.parametrize("kept", [0.4, 0.9])
def test_a_jpeg_that_breaks_off_is_damaged(kept: float) -> None:
    data = files.encoded(".jpg", files.picture(900, 600))
    with pytest.raises(DocumentError) as broken:
        pictures(data[: int(len(data) * kept)])
    assert broken.value.code == "image_damaged"


def test_a_photo_little_larger_than_twice_the_reading_size_is_decoded_at_half() -> None:
    (picture,) = pictures(files.encoded(".jpg", files.picture(6000, 4100)))
    assert picture.shape[:2] == (2050, 3000)
