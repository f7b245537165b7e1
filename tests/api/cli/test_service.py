"""`serve`: web page, worker and watched folder in one process, which ends in order when asked."""

from __future__ import annotations

import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

import samples
from tests.api.cli.conftest import CHAPIAO, Chapiao


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.2)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


def states(data: Path) -> list[str]:
    with sqlite3.connect(data / "chapiao.sqlite") as connection:
        return [row[0] for row in connection.execute("SELECT state FROM documents")]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_serve_reads_what_is_dropped_and_ends_in_order(chapiao: Chapiao, tmp_path: Path, how: signal.Signals) -> None:
    port, inbox = free_port(), tmp_path / "inbox"
    inbox.mkdir()
    server = subprocess.Popen(
        [*CHAPIAO, "serve", "--port", str(port), "--watch", str(inbox)],
        env=chapiao.environment(CHAPIAO_WATCH_SETTLE_SECONDS="0.2"),
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: answers(port))
        shutil.copy(samples.FINISHED / "03-digital-special.xml", inbox)
        wait_for(lambda: states(tmp_path / "data") == ["done"])
        assert (inbox / "done/03-digital-special.xml").exists()
        second = chapiao("serve", "--port", str(port))
        assert second.code == 2
        assert "port_in_use" in second.err
        server.send_signal(how)
        assert server.wait(timeout=30) == 0
    finally:
        server.kill()
    assert list((tmp_path / "data/workers").iterdir()) == []
