"""How much memory is free, so that data too large are refused before the system kills us."""

from __future__ import annotations

from pathlib import Path

from ..errors import ResourceError
from .files import bytes_in_words


def available() -> int:
    """Returns the bytes this process can still use."""
    import psutil  # not at the top: listings need none of it

    return max(0, min([psutil.virtual_memory().available, *_container(), *_process()]))


def require(needed: int, what: str, hint: str) -> None:
    """Raises `ResourceError` when `needed` bytes are more than are free.

    Args:
        needed: An estimate in bytes.
        what: What the memory is for; the message starts with it.
        hint: How to need less.
    """
    free = available()
    if needed > free:
        raise ResourceError(
            f"{what} needs about {bytes_in_words(needed)} of memory, {bytes_in_words(free)} free.",
            hint,
        )


def _container() -> list[int]:
    """Reads the limit of a Linux control group, version 2, which psutil does not know."""
    folder = Path("/sys/fs/cgroup")
    try:
        limit, used = (int((folder / f"memory.{name}").read_text()) for name in ("max", "current"))
    except (OSError, ValueError):  # "max" is no number and means no limit
        return []
    return [limit - used]


def _process() -> list[int]:
    """Reads the address space limit (`ulimit -v`) of this process."""
    import psutil

    process = psutil.Process()
    if not hasattr(process, "rlimit"):  # macOS and Windows
        return []
    limit = process.rlimit(psutil.RLIMIT_AS)[0]
    return [] if limit == psutil.RLIM_INFINITY else [limit - process.memory_info().vms]
