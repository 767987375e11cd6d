"""Locks between processes: the system's own, which end with the process that holds them."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

from ..errors import DeepzooError, DownloadError
from .files import resource_error

# Whoever only looks whether a lock is held holds it for a moment.
_PATIENCE_SECONDS = 1.0


@contextlib.contextmanager
def locked(path: Path, busy: DeepzooError) -> Iterator[None]:
    """Holds the lock file at `path` during the block.

    Args:
        path: The lock file; it is created, and stays.
        busy: What to raise when another process, or another thread, holds it.
    """
    import filelock

    lock = filelock.FileLock(path, mode=0o600)
    try:
        lock.acquire(timeout=_PATIENCE_SECONDS, poll_interval=0.05)
    except filelock.Timeout:
        raise busy from None
    except OSError as error:
        raise resource_error(error, path) from error
    try:
        yield
    finally:
        lock.release()


def held(path: Path) -> bool:
    """Says whether someone holds the lock file at `path`; never creates it."""
    import filelock

    if not path.exists():
        return False
    lock = filelock.FileLock(path, mode=0o600)
    try:
        lock.acquire(blocking=False)
    except filelock.Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False


LOCK_SECONDS = 3600.0


logger = logging.getLogger("deepzoo")


@contextlib.contextmanager
def only_one(target: Path) -> Iterator[None]:
    """Holds the system's lock on one file of the cache; it ends with the process."""
    import filelock

    holder = target.with_name(f".{target.name}.holder")
    lock = filelock.FileLock(target.with_name(f".{target.name}.lock"), mode=0o600)
    deadline = time.monotonic() + LOCK_SECONDS
    said = False
    while True:
        try:
            lock.acquire(timeout=0.3, poll_interval=0.05)
            break
        except filelock.Timeout:
            pid = _pid(holder)
            if not said:
                logger.warning("Waiting for process %s, which fetches %s.", pid, target.name)
                said = True
            if time.monotonic() > deadline:
                raise DownloadError(
                    f"{target.name} is still being fetched by process {pid} "
                    f"after {LOCK_SECONDS:,.0f} s.",
                    "Wait for it, or end it.",
                ) from None
        except OSError as error:
            raise resource_error(error, target) from error
    try:
        with contextlib.suppress(OSError):
            holder.write_text(json.dumps({"pid": os.getpid()}), encoding="utf-8")
        yield
    finally:
        with contextlib.suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _pid(holder: Path) -> str:
    try:
        return str(json.loads(holder.read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return "unknown"
