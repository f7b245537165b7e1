"""Scores of a line's steps, in whatever form the network left them, are the same probabilities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from extraction.ocr import weights
from extraction.ocr.recognition import decode
from extraction.ocr.runtime import Ending, available, load_network
from extraction.ocr.scores import StepScores

LOGITS = np.random.default_rng(5).normal(0, 4, (40, 300)).astype(np.float32)


def shortened(values: npt.NDArray[np.float32]) -> npt.NDArray[np.int16]:
    return (values.view(np.uint32) >> 16).astype(np.uint16).view(np.int16)


def lengthened(values: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    return (values.view(np.uint16).astype(np.uint32) << 16).view(np.float32)


def softmax(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    powers = np.exp(values.astype(np.float64))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("shift", [0.0, -60.0])  # all scores of a step may be below zero
def test_short_logits_are_the_probabilities_that_a_softmax_gives(shift: float) -> None:
    short = shortened(LOGITS + np.float32(shift))
    expected = softmax(lengthened(short))
    scores = StepScores(short, logits=True)
    assert (scores.best() == expected.argmax(axis=1)).all()
    assert np.allclose(scores.posteriors(), expected, atol=1e-5)
    steps = np.array([3, 7, 8, 9, 20, 21, 38, 39, 39])
    assert np.allclose(scores.probability(steps, scores.best()[steps]), expected[steps].max(axis=1), atol=1e-5)


def test_probabilities_are_given_as_they_are() -> None:
    given = softmax(LOGITS).astype(np.float32)
    scores = StepScores(given)
    assert (scores.best() == LOGITS.argmax(axis=1)).all()
    assert (scores.posteriors() == given).all()
    assert (scores.probability([4], np.array([9])) == given[4, 9]).all()


def test_a_line_without_characters_has_no_text() -> None:
    blank = np.zeros((5, 4), np.float32)
    blank[:, 0] = 9.0
    decoded = decode(StepScores(blank, logits=True), ["a", "b", "c"], used=1.0)
    assert (decoded.line.text, decoded.line.confidence, decoded.centres) == ("", 0.0, ())


@pytest.mark.ocr
@pytest.mark.skipif(not available("openvino"), reason="OpenVINO is not installed")
def test_a_network_without_its_last_step_means_the_same() -> None:
    path = weights.locate(weights.RECOGNITION).onnx
    picture = np.random.default_rng(1).uniform(-1, 1, (1, 3, 48, 160)).astype(np.float32)
    whole = load_network(path, "openvino", 1)(picture)[0].copy()
    for ending, rounding in ((Ending.SHORT_LOGITS, 0.001), (Ending.LOGITS, 0.05)):  # 32 bits keep more than it had
        network = load_network(path, "openvino", 1, ending=ending)
        assert network.logits
        assert np.allclose(StepScores(network(picture)[0], logits=True).posteriors(), whole, atol=rounding)
