"""Keeping the log lines of other libraries off standard error."""

from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.util
import os
import random
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any

from ..errors import UsageError, did_you_mean

BACKENDS = ("tensorflow", "jax", "torch")


def check_backend() -> None:
    """Refuses a Keras backend that does not exist or is not installed, before Keras is imported.

    Raises:
        UsageError: `KERAS_BACKEND` names one of them.
    """
    name = os.environ.get("KERAS_BACKEND")
    if not name or "keras" in sys.modules:
        return
    if name not in BACKENDS:
        raise UsageError(
            f"KERAS_BACKEND is {name!r}, expected one of {', '.join(BACKENDS)}."
            f"{did_you_mean(name, list(BACKENDS))}",
            "Take the default backend: unset KERAS_BACKEND",
        )
    if importlib.util.find_spec(name) is None:
        raise UsageError(
            f"KERAS_BACKEND is {name!r}, which is not installed.",
            f"Install it (pip install {name}), or take the default: unset KERAS_BACKEND",
        )


@contextlib.contextmanager
def quiet_libraries() -> Iterator[None]:
    """Silences TensorFlow and the warnings of other libraries during a command."""
    with quiet_tensorflow(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def quiet_tensorflow() -> Iterator[None]:
    """Silences the log lines that TensorFlow writes from C++, also while it is imported.

    Random numbers that are drawn meanwhile, as TensorFlow's import does, are not missed by the
    caller. Shows all lines if `TF_CPP_MIN_LOG_LEVEL` is set.
    """
    state = random.getstate()
    try:
        with contextlib.nullcontext() if "TF_CPP_MIN_LOG_LEVEL" in os.environ else _no_log_lines():
            yield
    finally:
        random.setstate(state)


@contextlib.contextmanager
def _no_log_lines() -> Iterator[None]:
    """Sets the environment variables of TensorFlow's log, and takes them back at the end."""
    missing = {"TF_CPP_MIN_LOG_LEVEL", "GRPC_VERBOSITY"} - os.environ.keys()
    # 3 hides errors, too; failures that matter are raised as exceptions.
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        for name in missing:
            os.environ.pop(name, None)
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(finder)


class _Finder:
    """Hides the lines that TensorFlow writes while it is imported.

    They come from C++ before any setting is read, so no setting turns them off.
    """

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Called for every import; changes only the first one of TensorFlow."""
        if name != "tensorflow":
            return None
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: Any) -> None:
                with _hidden_stderr():
                    execute(module)

            spec.loader.exec_module = exec_module
        return spec


@contextlib.contextmanager
def _hidden_stderr() -> Iterator[None]:
    """Redirects file descriptor 2 to a file; its last lines are printed if there is an error."""
    try:
        saved = os.dup(2)
    except OSError:  # standard error is closed
        yield
        return
    with tempfile.TemporaryFile() as aside:
        os.dup2(aside.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(saved, 2)
            aside.seek(0)
            os.write(2, aside.read()[-4000:])
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)
