"""Run one ONNX model with ONNX Runtime or OpenVINO behind one call. Nothing here knows what the model does."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

Tensor = npt.NDArray[np.float32]
Work = TypeVar("Work")
Done = TypeVar("Done")


class Network(Protocol):
    """float32 tensor in, float32 tensor out. The result may be overwritten by the next call on the same thread."""

    def __call__(self, tensor: Tensor) -> Tensor: ...

    def side_by_side(self, run: Callable[[Work], Done], pieces: Iterable[Work]) -> list[Done]:
        """`run` on every piece, as many at a time as the network was loaded for; results in the order given."""
        ...


class _Lanes:
    """Several small tensors at a time, a thread each, keep more of the processor at work than one on all threads."""

    def __init__(self, lanes: int) -> None:
        self._lanes = lanes

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._lanes, thread_name_prefix="recognition")

    def side_by_side(self, run: Callable[[Work], Done], pieces: Iterable[Work]) -> list[Done]:
        return [run(piece) for piece in pieces] if self._lanes == 1 else list(self._pool.map(run, pieces))


class OnnxNetwork(_Lanes):
    """ONNX Runtime on CPU."""

    def __init__(self, path: Path, threads: int, lanes: int = 1) -> None:
        import onnxruntime

        super().__init__(lanes)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, threads // lanes)
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # the arena keeps every shape it has seen: memory would only grow
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input: str = self._session.get_inputs()[0].name

    def __call__(self, tensor: Tensor) -> Tensor:
        result: Tensor = self._session.run(None, {self._input: tensor})[0]
        return result


class OpenvinoNetwork(_Lanes):
    """OpenVINO on CPU; uses AMX and AVX-512 where the processor has them."""

    def __init__(self, path: Path, threads: int, lanes: int = 1) -> None:
        import openvino

        super().__init__(lanes)
        core = openvino.Core()
        options = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": lanes}
        self._model: Any = core.compile_model(str(path), "CPU", options)
        self._own = threading.local()

    def __call__(self, tensor: Tensor) -> Tensor:
        request = getattr(self._own, "request", None)
        if request is None:
            request = self._own.request = self._model.create_infer_request()
        request.infer([tensor], share_inputs=True)
        result: Tensor = request.get_output_tensor(0).data
        return result


def available(runtime: str) -> bool:
    return importlib.util.find_spec(runtime) is not None


def load_network(path: Path, runtime: str, threads: int, *, lanes: int = 1) -> Network:
    """`runtime` is `onnxruntime` or `openvino`; `lanes`: how many tensors run side by side, sharing the threads."""
    return OpenvinoNetwork(path, threads, lanes) if runtime == "openvino" else OnnxNetwork(path, threads, lanes)
