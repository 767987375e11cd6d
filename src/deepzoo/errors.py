"""Every error that deepzoo raises on purpose.

* DeepzooError                 exit code 1
  + UsageError                 2   an option, a setting or a name is wrong
    - UnknownNameError         2   no such dataset, model, task or run
  + DataError                  3   the data cannot be used as they are
  + DownloadError              4   a file could not be fetched
    - IntegrityError           4   a file is not the one that was expected
  + CheckpointError            5   stored weights or state cannot be used
    - ResumeError              5   a run cannot go on from where it stopped
  + PluginError                6   a plugin is missing, broken or clashes
  + DivergedError              7   the loss or a weight is no longer a number
  + ResourceError              8   disk, memory or permission is missing
  + UnsafeFileError            9   a file could run code or write elsewhere
  + Interrupted                130 Ctrl-C, or 143 for SIGTERM
"""

from __future__ import annotations

import difflib
from typing import Any


class DeepzooError(Exception):
    """Base of all expected errors: catch it to catch them all.

    Args:
        message: One line: what happened, where, what was expected and received.
        hint: The command or the step that fixes it; empty if there is none.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def as_json(self) -> dict[str, Any]:
        """Returns the error as `--json` shows it."""
        return {
            "type": type(self).__name__,
            "message": self.message,
            "hint": self.hint,
            "exit_code": self.exit_code,
        }


class UsageError(DeepzooError):
    """An option, a setting or an argument has a value that is not allowed."""

    exit_code = 2


class UnknownNameError(UsageError):
    """Nothing is registered or stored under this name."""


class DataError(DeepzooError):
    """The data cannot be used: empty, too short, badly encoded, wrong columns."""

    exit_code = 3


class DownloadError(DeepzooError):
    """A file could not be fetched from any of its mirrors."""

    exit_code = 4


class IntegrityError(DownloadError):
    """A fetched or cached file is not the one whose hash is recorded."""


class CheckpointError(DeepzooError):
    """Stored weights or training state are missing, damaged or do not fit."""

    exit_code = 5


class ResumeError(CheckpointError):
    """A run cannot be continued: other settings or shapes, no checkpoint, or in use."""


class PluginError(DeepzooError):
    """A plugin is missing, broken, or clashes with another one."""

    exit_code = 6


class DivergedError(DeepzooError):
    """Training produced a loss or a weight that is not a finite number."""

    exit_code = 7


class ResourceError(DeepzooError):
    """Disk space, memory or a permission is missing."""

    exit_code = 8


class UnsafeFileError(DeepzooError):
    """A file could run code, write outside its folder or fill the disk."""

    exit_code = 9


class Interrupted(DeepzooError):
    """Training was stopped by a signal after its state had been saved.

    Args:
        message: What was saved and where.
        hint: The command that resumes.
        signal_number: 2 for Ctrl-C (exit code 130), 15 for SIGTERM (143).
    """

    def __init__(self, message: str, hint: str = "", signal_number: int = 2) -> None:
        super().__init__(message, hint)
        self.exit_code = 128 + signal_number


def did_you_mean(name: str, known: list[str]) -> str:
    """Returns ` Did you mean 'x'?` for the closest known name, or nothing."""
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean '{close[0]}'?" if close else ""
