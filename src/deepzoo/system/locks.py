"""Locks between processes: the operating system's own, which end with the process."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import DeepzooError, DownloadError
from .files import writing

if TYPE_CHECKING:
    import filelock

# `held` takes a lock for a moment to see whether it is free.
_PATIENCE_SECONDS = 1.0
_DOWNLOAD_SECONDS = 3600.0

logger = logging.getLogger("deepzoo")


@contextlib.contextmanager
def locked(path: Path, busy: DeepzooError, seconds: float = _PATIENCE_SECONDS) -> Iterator[None]:
    """Holds the lock file at `path` during the block.

    Args:
        path: The lock file; it is created if needed and never deleted.
        busy: Raised when another process or thread still holds the lock after `seconds`.
        seconds: How long to wait for it.
    """
    lock = _acquire(path, seconds)
    if lock is None:
        raise busy
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def one_at_a_time(target: Path) -> Iterator[None]:
    """Lets one process at a time download `target`; the others wait and say so in the log.

    Raises:
        DownloadError: The other process has not finished after an hour.
    """
    path, holder = (target.with_name(f".{target.name}.{suffix}") for suffix in ("lock", "holder"))
    other = _read(holder)
    if held(path):
        logger.warning("Waiting for process %s, which downloads %s.", other, target.name)
    busy = DownloadError(
        f"{target.name} is still being downloaded by process {other} "
        f"after {_DOWNLOAD_SECONDS:,.0f} s.",
        "Wait for that process, or stop it.",
    )
    with locked(path, busy, _DOWNLOAD_SECONDS):
        try:
            with contextlib.suppress(OSError):
                holder.write_text(str(os.getpid()), encoding="utf-8")
            yield
        finally:
            with contextlib.suppress(OSError):
                holder.unlink(missing_ok=True)


def held(path: Path) -> bool:
    """Returns whether someone holds the lock file at `path`; never creates the file."""
    if not path.exists():
        return False
    try:
        lock = _acquire(path, 0)
    except DeepzooError:
        return False
    if lock is not None:
        lock.release()
    return lock is None


def _acquire(path: Path, seconds: float) -> filelock.BaseFileLock | None:
    """Takes the lock, or returns None when it is still taken after `seconds`."""
    import filelock

    lock = filelock.FileLock(path, mode=0o600)
    with writing(path):
        try:
            lock.acquire(timeout=seconds, poll_interval=0.05)
        except filelock.Timeout:  # an OSError itself
            return None
    return lock


def _read(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return "unknown"
