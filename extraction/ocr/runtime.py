"""Run one ONNX model with ONNX Runtime or OpenVINO behind one call. Nothing here knows what the model does."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Tensor = npt.NDArray[np.float32]


class Network(Protocol):
    """float32 tensor in, float32 tensor out."""

    def __call__(self, tensor: Tensor) -> Tensor: ...


class OnnxNetwork:
    """ONNX Runtime on CPU."""

    def __init__(self, path: Path, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # the arena keeps every shape it has seen: memory would only grow
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input: str = self._session.get_inputs()[0].name

    def __call__(self, tensor: Tensor) -> Tensor:
        result: Tensor = self._session.run(None, {self._input: tensor})[0]
        return result


class OpenvinoNetwork:
    """OpenVINO on CPU; uses AMX and AVX-512 where the processor has them."""

    def __init__(self, path: Path, threads: int) -> None:
        import openvino

        core = openvino.Core()
        core.set_property("CPU", {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"})
        self._model: Any = core.compile_model(str(path), "CPU")

    def __call__(self, tensor: Tensor) -> Tensor:
        result: Tensor = np.array(next(iter(self._model(tensor).values())))
        return result


def available(runtime: str) -> bool:
    return importlib.util.find_spec(runtime) is not None


def load_network(path: Path, runtime: str, threads: int) -> Network:
    """`runtime` is `onnxruntime` or `openvino`."""
    return OpenvinoNetwork(path, threads) if runtime == "openvino" else OnnxNetwork(path, threads)
