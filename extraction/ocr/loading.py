"""Choose and load the engine that the settings ask for."""

from __future__ import annotations

from extraction.ocr import weights
from extraction.ocr.allocation import return_large_blocks
from extraction.ocr.direct import DirectEngine
from extraction.ocr.engine import OcrEngine
from extraction.ocr.runtime import available
from models.settings import Settings


def load_engine(settings: Settings) -> OcrEngine:
    """Load the recognition models (1–3 s). Raises DocumentError model_missing or model_changed."""
    return_large_blocks()  # before the models come, so that none of theirs lies in a heap
    detection = weights.own_model(d) if (d := settings.ocr_detection_model_dir) else weights.locate(weights.DETECTION)
    recognition = (
        weights.own_model(d) if (d := settings.ocr_recognition_model_dir) else weights.locate(weights.RECOGNITION)
    )
    if settings.ocr_engine == "paddle":
        from extraction.ocr.paddle import PaddleEngine

        return PaddleEngine(detection, recognition, weights.locate(weights.ORIENTATION), settings)
    runtime = settings.ocr_engine
    if runtime == "auto":
        runtime = "openvino" if available("openvino") else "onnxruntime"
    return DirectEngine(
        detection, recognition, weights.locate(weights.ORIENTATION), runtime=runtime, threads=settings.ocr_threads
    )
