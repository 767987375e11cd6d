"""Locks between processes: the system's own, which end with the process that holds them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .errors import DeepzooError
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


def holder() -> dict[str, Any]:
    """Returns the process id and the host of this process, as `run.json` stores them."""
    import socket

    return {"pid": os.getpid(), "host": socket.gethostname()}


def is_alive(record: dict[str, Any]) -> bool:
    """Says whether the process that `record` names by pid and host runs on this machine."""
    import socket

    pid = record.get("pid")
    if record.get("host") != socket.gethostname() or not isinstance(pid, int) or pid <= 0:
        return False
    if os.name == "nt":  # signal 0 is Ctrl-C there
        return pid == os.getpid()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
