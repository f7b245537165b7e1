"""Run one ONNX model with ONNX Runtime or OpenVINO behind one call. Nothing here knows what the model does."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

Tensor = npt.NDArray[np.float32]
Work = TypeVar("Work")
Done = TypeVar("Done")


class Ending(Enum):
    """What is wanted of a network, as far as its runtime can give it."""

    AS_TRAINED = "probabilities"
    LOGITS = "what stands before the last softmax or sigmoid"
    SHORT_LOGITS = "the same in 16 bits, where the processor computes in them anyway"


class Network(Protocol):
    """float32 tensor in, float32 tensor out (16 bits where asked for: bfloat16, as integers). The result may be
    overwritten by the next call on the same thread."""

    logits: bool  #: the last softmax or sigmoid is left out

    def __call__(self, tensor: Tensor) -> npt.NDArray[Any]: ...

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
    """ONNX Runtime on CPU; runs a network as it is."""

    logits = False

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

    def __init__(self, path: Path, threads: int, lanes: int = 1, ending: Ending = Ending.AS_TRAINED) -> None:
        import openvino

        super().__init__(lanes)
        core = openvino.Core()
        model = core.read_model(str(path))
        scores = _before_activation(model) if ending is not Ending.AS_TRAINED else None
        self.logits = scores is not None
        if scores is not None:
            if ending is Ending.SHORT_LOGITS and "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
                scores = openvino.opset13.convert(scores, "bf16").output(0)
            model = openvino.Model([scores], model.get_parameters())
        options = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": lanes}
        self._model: Any = core.compile_model(model, "CPU", options)
        self._own = threading.local()
        # the binding sets itself up at its first array; two lanes that come first together wait for each other for ever
        _ = openvino.Tensor(np.zeros(1, np.float32)).data

    def __call__(self, tensor: Tensor) -> npt.NDArray[Any]:
        request = getattr(self._own, "request", None)
        if request is None:
            request = self._own.request = self._model.create_infer_request()
        request.infer([tensor], share_inputs=True)
        result: npt.NDArray[Any] = request.get_output_tensor(0).data
        return result.view(np.int16) if result.itemsize == 2 else result


def _before_activation(model: Any) -> Any:
    """The value that a model's last step, a softmax or sigmoid, is worked out from; None where it ends otherwise."""
    last = model.get_results()[0].input_value(0).get_node()
    return last.input_value(0) if last.get_type_name() in ("Softmax", "Sigmoid") else None


def available(runtime: str) -> bool:
    return importlib.util.find_spec(runtime) is not None


def load_network(
    path: Path, runtime: str, threads: int, *, lanes: int = 1, ending: Ending = Ending.AS_TRAINED
) -> Network:
    """`runtime` is `onnxruntime` or `openvino`; `lanes`: how many tensors run side by side, sharing the threads."""
    if runtime == "openvino":
        return OpenvinoNetwork(path, threads, lanes, ending)
    return OnnxNetwork(path, threads, lanes)
