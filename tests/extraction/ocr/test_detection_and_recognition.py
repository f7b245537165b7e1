"""Boxes from a score map, decoding of posteriors, places of characters, upright pages: on real and on exact inputs."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from extraction.ocr.detection import boxes_from_map, cut
from extraction.ocr.engine import OcrEngine, RecognisedLine
from extraction.ocr.loading import load_engine
from extraction.ocr.orientation import squares
from extraction.ocr.recognition import character_edges, decode
from extraction.ocr.rules import outside_text, ruling_lines
from extraction.ocr.scores import StepScores
from models.pages import Box, Pixels, Segment, Token
from models.settings import Settings

TEXTS = ("4403184130", "18532887", "2019-02-19", "14208.32")


@pytest.fixture(scope="module")
def engine() -> Iterator[OcrEngine]:
    yield load_engine(Settings())


@pytest.fixture(scope="module")
def page() -> Pixels:
    """Four numbers, one in each quarter."""
    picture = np.full((700, 1000, 3), 255, np.uint8)
    for i, text in enumerate(TEXTS):
        place = (80 + 480 * (i % 2), 180 + 300 * (i // 2))
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 1.6, (30, 30, 30), 3, cv2.LINE_AA)
    return picture


def test_a_filled_rectangle_in_the_map_gives_one_wider_box() -> None:
    score = np.zeros((100, 200), np.float32)
    score[40:60, 50:150] = 0.9
    (quad,) = boxes_from_map(score, 2.0, 2.0)
    assert quad[:, 0].min() < 100
    assert quad[:, 0].max() > 298
    assert boxes_from_map(score * 0.4, 2.0, 2.0) == []


def test_decoding_drops_blanks_and_repeats_and_places_characters() -> None:
    steps = [0, 1, 1, 0, 1, 2, 0, 0]
    decoded = decode(StepScores(np.eye(3, dtype=np.float32)[steps]), ["a", "b"], used=1.0)
    assert decoded.line.text == "aab"
    assert decoded.line.confidence == 1.0
    assert decoded.centres == (0.25, 0.5625, 0.6875)
    edges = character_edges(decoded.centres, 100, 200)
    assert len(edges) == 4
    assert list(edges) == sorted(edges)


def test_the_weakest_character_of_a_value_is_not_hidden_by_the_mean() -> None:
    line = RecognisedLine("称:甲乙公司", 0.95, None, (0.5, 0.9, 0.99, 0.6, 0.99, 0.99))
    assert line.weakest("甲乙公司") == 0.6
    assert RecognisedLine("甲乙", 0.95).weakest("甲乙") == 0.95


@pytest.mark.ocr
def test_numbers_are_read_where_they_stand(engine: OcrEngine, page: Pixels) -> None:
    tokens = engine.read(page)
    assert {t.text.replace(" ", "") for t in tokens} == set(TEXTS)
    first = next(t for t in tokens if t.text == TEXTS[0])
    assert abs(first.box.x0 - 80) < 20
    assert first.edges is not None
    assert len(first.edges) == len(first.text) + 1


@pytest.mark.ocr
def test_posteriors_come_with_every_line(engine: OcrEngine, page: Pixels) -> None:
    (line,) = engine.read_lines([page[120:200, 60:420]])
    assert line.text == TEXTS[0]
    assert line.posteriors is not None
    assert line.posteriors.shape[1] == len(engine.alphabet) + 1
    assert np.allclose(line.posteriors.sum(axis=1), 1, atol=0.02)


def test_a_turned_line_is_cut_straight() -> None:
    picture = np.full((200, 200, 3), 255, np.uint8)
    picture[20:180, 90:110] = 0
    quad = np.array([[85, 15], [115, 15], [115, 185], [85, 185]], np.float32)
    line, vertical = cut(picture, quad)
    assert vertical
    assert line.shape[1] > line.shape[0]


def test_squares_cover_the_long_side() -> None:
    assert [s.shape[:2] for s in squares(np.zeros((100, 300, 3), np.uint8))] == [(100, 100)] * 3
    assert len(squares(np.zeros((100, 110, 3), np.uint8))) == 1


def test_rules_are_found_and_runs_through_text_are_not_rules() -> None:
    picture = np.full((600, 800, 3), 255, np.uint8)
    cv2.line(picture, (50, 100), (750, 100), (0, 0, 0), 2)
    cv2.line(picture, (50, 100), (50, 500), (0, 0, 0), 2)
    found = ruling_lines(picture)
    assert sorted(s.horizontal for s in found) == [False, True]
    text = Token("小字", Box(40, 80, 760, 120))
    assert [s.horizontal for s in outside_text(found, [text])] == [False]
    assert outside_text([Segment(0, 10, 700, 10)], [text]) == (Segment(0, 10, 700, 10),)
