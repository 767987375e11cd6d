"""Calls into a plugin's code: what it raises becomes one sentence that names the plugin."""

from __future__ import annotations

import contextlib
import errno
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import DeepzooError, PluginError
from . import registry
from .registration import BASES

_SYSTEM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EPIPE)


@contextlib.contextmanager
def calling(owner: Any, what: str, failed: str = "failed in") -> Iterator[None]:
    """Names the owner, its plugin and the line in what a plugin's code raises.

    Expected errors pass, and so do a full memory, a full disk and a closed pipe, which are no
    faults of the code.

    Args:
        owner: The dataset, model or task whose code is called; or words for it.
        what: What is called, such as `build`.
        failed: The words between the two.

    Raises:
        PluginError: The code raised something unexpected, which is its cause.
    """
    try:
        yield
    except Exception as error:
        system = isinstance(error, OSError) and error.errno in _SYSTEM
        memory = isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
        if system or memory or isinstance(error, DeepzooError):
            raise
        text = next(iter(str(error).strip().splitlines()), "").rstrip(".")
        reason = f"{type(error).__name__}: {text}".removesuffix(": ")
        raise PluginError(
            f"{described(owner)} {failed} {what}: {reason} ({_line(error, owner)}).",
            "--debug shows the traceback",
        ) from error


def described(owner: Any) -> str:
    """Returns the words for a recipe: `Model 'x' of plugin 'y' (distribution 1.0)`."""
    if isinstance(owner, str):
        return owner
    entry = registry.registered(type(owner))
    category = next(name for name, base in BASES.items() if isinstance(owner, base))
    origin = f" of plugin '{entry.plugin}' ({entry.distribution} {entry.version})"
    return f"{category.capitalize()} '{entry.name}'{origin if entry.plugin else ''}"


def _line(error: Exception, owner: Any) -> str:
    """Returns the last line of the traceback that is in the owner's package, or else the last."""
    package, frames = type(owner).__module__.partition(".")[0], frames_of(error)
    _, file, line = ([row for row in frames if row[0] == package] or frames)[-1]
    return f"{file} line {line}"


def frames_of(error: BaseException) -> list[tuple[str, str, int]]:
    """Lists package, file and line of each frame in the traceback of an error."""
    return [
        (
            frame.f_globals.get("__name__", "").partition(".")[0],
            Path(frame.f_code.co_filename).name,
            line,
        )
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
