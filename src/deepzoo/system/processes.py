"""Temporary files that say whose they are, so that those of killed processes can be told apart."""

from __future__ import annotations

import os
import secrets
import socket
import time
from pathlib import Path
from typing import Any

# Whether a process of another machine lives cannot be seen; after a day it is assumed dead.
_FOREIGN_SECONDS = 24 * 3600.0


def temporary_beside(target: Path, suffix: str) -> Path:
    """Names a temporary file or folder in the folder of `target` that no other process uses."""
    owner = f"{socket.gethostname()}~{os.getpid()}~{secrets.token_hex(4)}"
    return target.with_name(f".{target.name}.{owner}{suffix}")


def abandoned(target: Path, suffix: str) -> list[Path]:
    """Finds what `temporary_beside` named for processes that have ended."""
    prefix = f".{target.name}."
    found = []
    for path in target.parent.iterdir() if target.parent.is_dir() else ():
        if not (path.name.startswith(prefix) and path.name.endswith(suffix)):
            continue
        owner = path.name.removeprefix(prefix).removesuffix(suffix).split("~")
        if len(owner) == 3 and owner[1].isdigit() and _ended(path, owner[0], int(owner[1])):
            found.append(path)
    return sorted(found)


def _ended(path: Path, host: str, pid: int) -> bool:
    if host == socket.gethostname():
        return not is_alive({"host": host, "pid": pid}) or _is_zombie(pid)
    return time.time() - path.lstat().st_mtime > _FOREIGN_SECONDS


def _is_zombie(pid: int) -> bool:
    """Whether a process has ended and its parent has not looked yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
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
