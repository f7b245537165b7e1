"""Networks run in lanes, from the first call on."""

from __future__ import annotations

import subprocess
import sys

import pytest

from extraction.ocr.runtime import available

FIRST_CALL_IN_LANES = """
import numpy as np
from extraction.ocr.runtime import Ending, load_network
from extraction.ocr.weights import RECOGNITION, locate
network = load_network(locate(RECOGNITION).onnx, {runtime!r}, 2, lanes=2, ending=Ending.SHORT_LOGITS)
lines = [np.zeros((1, 3, 48, 64), np.float32)] * 6
print(network.side_by_side(lambda line: network(line).shape[:2], lines) == [(1, 8)] * 6)
"""


@pytest.mark.parametrize("runtime", ["openvino", "onnxruntime"])
def test_two_lanes_may_be_the_first_to_call_a_network_in_a_process(runtime: str) -> None:
    """Two threads that set the OpenVINO binding up together waited for each other for ever, one process in four."""
    if not available(runtime):
        pytest.skip(f"{runtime} is not installed")
    script = FIRST_CALL_IN_LANES.format(runtime=runtime)
    for _ in range(3 if runtime == "openvino" else 1):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
        assert done.stdout.split() == ["True"]
