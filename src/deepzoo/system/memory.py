"""How much memory is free, so that data too large are refused before the system kills us."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import ResourceError
from .files import bytes_in_words


def available() -> int | None:
    """Returns the bytes this process can still use, or None if that is unknown."""
    known = [limit for limit in (_system(), _container(), _process()) if limit is not None]
    return max(0, min(known)) if known else None


def require(needed: int, what: str, hint: str) -> None:
    """Raises `ResourceError` when `needed` bytes are more than are free.

    Args:
        needed: An estimate in bytes.
        what: What the memory is for; the message starts with it.
        hint: How to need less.
    """
    free = available()
    if free is not None and needed > free:
        raise ResourceError(
            f"{what} needs about {bytes_in_words(needed)} of memory, {bytes_in_words(free)} free.",
            hint,
        )


def _system() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return None


def _container() -> int | None:
    """Reads the limit of a Linux control group, version 2."""
    folder = Path("/sys/fs/cgroup")
    try:
        limit = int((folder / "memory.max").read_text())
        return limit - int((folder / "memory.current").read_text())
    except (OSError, ValueError):  # "max" is no number and means no limit
        return None


def _process() -> int | None:
    """Reads the address space limit (`ulimit -v`) of this process."""
    try:
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit == resource.RLIM_INFINITY:
            return None
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return limit - pages * os.sysconf("SC_PAGE_SIZE")
    except (ImportError, OSError, ValueError):
        return None
