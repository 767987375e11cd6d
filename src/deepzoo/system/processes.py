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
        return not is_alive({"host": host, "pid": pid}) or _is_zombie(pid)
    return time.time() - path.lstat().st_mtime > _FOREIGN_SECONDS


def _is_zombie(pid: int) -> bool:
    """Returns whether a process has ended but its parent has not collected its status."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def holder() -> dict[str, Any]:
    """Returns the process id and the host of this process, as `run.json` stores them."""
    return {"pid": os.getpid(), "host": _host()}


def is_alive(record: dict[str, Any]) -> bool:
    """Returns whether the process in `record` (`pid` and `host`) runs on this machine."""
    pid = record.get("pid")
    if record.get("host") != _host() or not isinstance(pid, int) or pid <= 0:
        return False
    if os.name == "nt":  # signal 0 is Ctrl-C on Windows
        return pid == os.getpid()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True
