"""Which process owns a run or a temporary file, and whether it is still alive."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

# Whether a process on another machine lives cannot be seen; after a day it is assumed dead.
_FOREIGN_SECONDS = 24 * 3600.0


def temporary_beside(target: Path, suffix: str) -> Path:
    """Names a temporary file or folder next to `target` that no other process uses."""
    owner = f"{_host()}~{os.getpid()}~{os.urandom(4).hex()}"
    return target.with_name(f".{target.name}.{owner}{suffix}")


def abandoned(target: Path, suffix: str) -> list[Path]:
    """Finds the temporary files of `target` whose processes have ended."""
    prefix = f".{target.name}."
    leftovers = []
    for path in target.parent.iterdir() if target.parent.is_dir() else ():
        if not (path.name.startswith(prefix) and path.name.endswith(suffix)):
            continue
        owner = path.name.removeprefix(prefix).removesuffix(suffix).split("~")
        if len(owner) == 3 and owner[1].isdigit() and _ended(path, owner[0], int(owner[1])):
            leftovers.append(path)
    return sorted(leftovers)


def _host() -> str:
    import socket  # not at the top: it takes longer than all else here

    return socket.gethostname()


def _ended(path: Path, host: str, pid: int) -> bool:
    if host == _host():
        return not is_alive({"host": host, "pid": pid})
    return time.time() - path.lstat().st_mtime > _FOREIGN_SECONDS


def holder() -> dict[str, Any]:
    """Returns the process id and the host of this process, as `run.json` stores them."""
    return {"pid": os.getpid(), "host": _host()}


def is_alive(record: dict[str, Any]) -> bool:
    """Returns whether the process in `record` (`pid` and `host`) runs on this machine."""
    pid = record.get("pid")
    if record.get("host") != _host() or not isinstance(pid, int) or pid <= 0:
        return False
    import psutil  # not at the top: listings need it for running runs alone

    try:
        # A zombie has ended; its parent has not collected its status.
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.AccessDenied:
        return True
    except (psutil.NoSuchProcess, OverflowError):
        return False
