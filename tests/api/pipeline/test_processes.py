"""A poisonous file costs its own process and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from api.pipeline.processes import ReadingProcesses, WorkerStopping
from models.errors import DocumentError
from models.settings import Settings
from tests.api.pipeline import poison


@pytest.fixture(scope="module")
def processes() -> Iterator[ReadingProcesses]:
    pool = ReadingProcesses(Settings(reading_timeout_seconds=5, reading_memory_mib=1024, reading_tasks_per_process=50))
    yield pool
    pool.close()


def assert_service_goes_on(processes: ReadingProcesses) -> None:
    assert psutil.pid_exists(processes.call(poison.read_well))


def test_a_crash_is_tried_once_more_and_then_named(processes: ReadingProcesses) -> None:
    with pytest.raises(DocumentError) as error:
        processes.call(poison.crash)
    assert error.value.code == "reading_crashed"
    assert_service_goes_on(processes)


def test_a_crash_that_does_not_recur_is_not_noticed(processes: ReadingProcesses, tmp_path: Path) -> None:
    assert processes.call(poison.crash_once, tmp_path / "crashed") == "read"


def test_a_file_that_hangs_is_stopped(processes: ReadingProcesses) -> None:
    started = time.monotonic()
    with pytest.raises(DocumentError) as error:
        processes.call(poison.hang)
    assert error.value.code == "reading_timeout"
    assert error.value.details == {"seconds": 5}
    assert time.monotonic() - started < 20
    assert_service_goes_on(processes)


def test_memory_has_a_ceiling(processes: ReadingProcesses) -> None:
    with pytest.raises(DocumentError) as error:
        processes.call(poison.devour_memory, 2000)
    assert error.value.code == "reading_failed"
    assert "MemoryError" in error.value.details["what"]
    assert_service_goes_on(processes)


def test_a_fault_in_a_reader_is_the_documents_failure(processes: ReadingProcesses) -> None:
    with pytest.raises(DocumentError) as error:
        processes.call(poison.stumble)
    assert error.value.code == "reading_failed"
    assert error.value.details == {"what": "ValueError: unforeseen"}


def test_an_error_for_people_arrives_as_it_was_raised(processes: ReadingProcesses) -> None:
    with pytest.raises(DocumentError) as error:
        processes.call(poison.refuse)
    assert (error.value.code, error.value.details) == ("too_many_pages", {"pages": 200, "limit": 100})


def test_a_process_that_dies_while_idle_is_replaced(processes: ReadingProcesses) -> None:
    first = processes.call(poison.read_well)
    os.kill(first, signal.SIGKILL)
    time.sleep(0.5)
    assert processes.call(poison.read_well) != first


def test_a_process_is_replaced_after_its_number_of_documents() -> None:
    pool = ReadingProcesses(Settings(reading_tasks_per_process=2))
    try:
        readers = [pool.call(poison.read_well) for _ in range(4)]
    finally:
        pool.close()
    assert readers[0] == readers[1] != readers[2] == readers[3]


def test_after_the_end_nothing_is_read_and_nothing_is_called_failed() -> None:
    pool = ReadingProcesses(Settings())
    pool.close()
    with pytest.raises(WorkerStopping):
        pool.call(poison.read_well)


def test_the_end_lets_go_of_every_call_begun_or_not() -> None:
    pool = ReadingProcesses(Settings())
    with ThreadPoolExecutor(3) as threads:
        calls = [threads.submit(pool.call, poison.hang) for _ in range(3)]
        time.sleep(1.5)
        pool.close()
        assert [type(call.exception(timeout=10)) for call in calls] == [WorkerStopping] * 3


ORPHAN_MAKER = """
import sys, threading, time
from api.pipeline.processes import ReadingProcesses
from models.settings import Settings
from tests.api.pipeline import poison
if __name__ == "__main__":
    pool = ReadingProcesses(Settings())
    print(pool.call(poison.read_well), flush=True)
    pool.call(poison.hang)
"""


@pytest.mark.fault
def test_reading_processes_do_not_outlive_a_killed_worker(tmp_path: Path) -> None:
    script = tmp_path / "worker.py"
    script.write_text(ORPHAN_MAKER)
    worker = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert worker.stdout is not None
    reader = int(worker.stdout.readline())
    time.sleep(0.5)  # it hangs in its second document now
    worker.kill()
    worker.wait()
    deadline = time.monotonic() + 10
    while psutil.pid_exists(reader) and psutil.Process(reader).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the reading process is still there"
        time.sleep(0.2)
