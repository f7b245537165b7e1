"""How a process that recognises text takes and returns memory. Never frees anything itself.

Networks take blocks of a megabyte and more, of another size for each width of line. glibc raises the size from which it
maps a block on its own as such blocks come and go (up to 32 MiB), then cuts them out of its heaps, one heap for each
thread, and the holes stay. With a fixed limit each large block is mapped alone and returned at once (mallopt(3)).
"""

from __future__ import annotations

import ctypes
import sys

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
LARGE = 1 << 20  #: bytes
HEAPS = 2


def return_large_blocks() -> bool:
    """Map blocks from `LARGE` bytes each on their own, and keep to few heaps; False where this is not glibc."""
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):
        return False
    return bool(library.mallopt(_M_MMAP_THRESHOLD, LARGE)) and bool(library.mallopt(_M_ARENA_MAX, HEAPS))
