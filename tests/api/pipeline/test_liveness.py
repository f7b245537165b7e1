"""A dead worker is known at once, a living one is never taken for dead."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.pipeline.liveness import Presence, alive, claim_dead

WORKER = """
import sys, time
from pathlib import Path
from api.pipeline.liveness import Presence
presence = Presence(Path(sys.argv[1]))
print(presence.executor_id, flush=True)
time.sleep(60)
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A worker in another process, and its id."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert process.stdout is not None
    yield process, process.stdout.readline().strip()
    process.kill()
    process.wait()


def test_a_running_worker_is_alive_and_cannot_be_claimed(
    tmp_path: Path, other: tuple[subprocess.Popen[str], str]
) -> None:
    _, executor_id = other
    assert alive(tmp_path) == [executor_id]
    with claim_dead(tmp_path, executor_id) as dead:
        assert not dead
    assert alive(tmp_path) == [executor_id]


def test_a_killed_worker_is_dead_at_once(tmp_path: Path, other: tuple[subprocess.Popen[str], str]) -> None:
    process, executor_id = other
    process.kill()
    process.wait()
    assert alive(tmp_path) == []
    with claim_dead(tmp_path, executor_id) as dead:
        assert dead
    assert list((tmp_path / "workers").iterdir()) == []


def test_only_one_claims_a_dead_worker_at_a_time(tmp_path: Path) -> None:
    with claim_dead(tmp_path, "gone") as first, claim_dead(tmp_path, "gone") as second:
        assert (first, second) == (True, False)


def test_a_worker_that_left_in_order_is_dead(tmp_path: Path) -> None:
    presence = Presence(tmp_path)
    presence.leave()
    with claim_dead(tmp_path, presence.executor_id) as dead:
        assert dead


def test_a_claim_that_failed_can_be_taken_again(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="database away"), claim_dead(tmp_path, "gone"):
        raise OSError("database away")
    with claim_dead(tmp_path, "gone") as dead:
        assert dead


def test_two_workers_know_of_each_other(tmp_path: Path) -> None:
    first = Presence(tmp_path)
    assert not first.others_alive()
    second = Presence(tmp_path)
    assert first.others_alive()
    second.leave()
    assert not first.others_alive()
    first.leave()
