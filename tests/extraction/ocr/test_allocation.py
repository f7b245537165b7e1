"""Large blocks go back to the system as soon as they are free, whatever sizes came before."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

_RESIDENT_AFTER = """
import ctypes, os, sys
from pathlib import Path
from extraction.ocr.allocation import return_large_blocks
if sys.argv[1] == "set" and not return_large_blocks():
    sys.exit(3)
c = ctypes.CDLL(None)
c.malloc.restype = ctypes.c_void_p
c.malloc.argtypes = [ctypes.c_size_t]
c.free.argtypes = [ctypes.c_void_p]
def block(size):
    at = c.malloc(size); ctypes.memset(at, 1, size); return at
c.free(block(30 << 20))                       # glibc learns that such blocks come and go
large = [block(8 << 20) for _ in range(20)]
pins = [block(100_000) for _ in range(20)]      # small ones that lie above them
for at in large:
    c.free(at)
print(int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20)
"""


def resident_after(how: str) -> int:
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-c", _RESIDENT_AFTER, how],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return int(run.stdout)


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or not hasattr(ctypes.CDLL(None), "gnu_get_libc_version"),
    reason="the allocator is glibc's",
)
def test_freed_large_blocks_do_not_stay_in_the_process() -> None:
    assert resident_after("left") - resident_after("set") > 100
