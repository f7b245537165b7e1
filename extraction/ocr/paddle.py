"""The official PaddleOCR pipeline behind the engine protocol, offline (same weights, no posteriors).

Slower than the direct engine on the same files; kept for users who bring models that only the official API loads,
and as the peer the direct engine is measured against.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from extraction.ocr import orientation
from extraction.ocr.detection import DetectionSize
from extraction.ocr.engine import RecognisedLine
from extraction.ocr.opinion import SecondOpinion
from extraction.ocr.runtime import load_network
from extraction.ocr.weights import ModelFiles, model_folder
from models.pages import Box, Pixels, Token
from models.settings import Settings


class PaddleEngine:
    """`paddleocr.PaddleOCR` on ONNX Runtime; every optional model that would want a download is off."""

    def __init__(self, detection: ModelFiles, recognition: ModelFiles, page: ModelFiles, settings: Settings) -> None:
        os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")  # never asks a model hub
        from paddleocr import PaddleOCR

        self.name = f"paddle:{recognition.name}"
        self.alphabet: Sequence[str] = recognition.alphabet()
        self._page = load_network(page.onnx, "onnxruntime", settings.ocr_threads)
        self._opinion = SecondOpinion("onnxruntime", settings.ocr_threads)
        self._pipeline: Any = PaddleOCR(
            text_detection_model_name=detection.name,
            text_detection_model_dir=str(model_folder(detection, settings.model_cache)),
            text_recognition_model_name=recognition.name,
            text_recognition_model_dir=str(model_folder(recognition, settings.model_cache)),
            use_doc_orientation_classify=False,
            use_doc_unwarping=False,
            use_textline_orientation=False,
            text_det_limit_type="max",
            text_det_limit_side_len=DetectionSize().most,
            text_recognition_batch_size=8,
            device="cpu",
            engine="onnxruntime",
            engine_config={"intra_op_num_threads": settings.ocr_threads},
        )

    def read(self, picture: Pixels) -> list[Token]:
        result = self._pipeline.predict(picture)[0]
        return [
            _token(text, float(score), np.asarray(quad, np.float32))
            for text, score, quad in zip(result["rec_texts"], result["rec_scores"], result["rec_polys"], strict=True)
        ]

    def read_lines(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        recogniser = self._pipeline.paddlex_pipeline.text_rec_model
        return [RecognisedLine(r["rec_text"], float(r["rec_score"])) for r in recogniser(list(pictures))]

    def second_opinion(self, pictures: Sequence[Pixels]) -> list[RecognisedLine]:
        return self._opinion.read_lines(pictures)

    def upright(self, picture: Pixels) -> int:
        return orientation.upright(picture, self._page)


def _token(text: str, score: float, quad: np.ndarray) -> Token:
    (x0, y0), (x1, y1) = quad.min(axis=0), quad.max(axis=0)
    return Token(
        text,
        Box(float(x0), float(y0), float(x1), float(y1)),
        score,
        vertical=bool(y1 - y0 >= 1.5 * (x1 - x0)),
    )
