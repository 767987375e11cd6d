"""The `deepzoo` command: runs one command line, and says what went wrong with it."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import traceback
from collections.abc import Iterator, Sequence

import typer

from ..errors import DeepzooError, UsageError
from ..networks.silence import quiet_libraries
from ..system.files import DENIED, FULL, MORE_SPACE
from .console import console, show_plugin_warnings
from .root import make_root

RIGHTS = "Choose a place that you may write to, for example with DEEPZOO_HOME."
RESOURCES = dict.fromkeys(FULL, MORE_SPACE) | dict.fromkeys(DENIED, RIGHTS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        arguments: What follows `deepzoo`. Without it the process's own arguments are
            taken and the process ends with the exit code, as the script `deepzoo` does.

    Returns:
        The exit code.
    """
    if arguments is None:
        sys.exit(main(sys.argv[1:]))
    _prepare_streams()
    try:
        with console.new_command(), _shown_log(), _libraries(list(arguments)):
            code = _guarded(list(arguments))
            show_plugin_warnings()
        return code
    except BrokenPipeError:
        # The reader of our output has closed it; nothing more may be written.
        _discard(1)
        return 141


def _libraries(arguments: list[str]) -> contextlib.AbstractContextManager[None]:
    """Silences libraries, unless more detail is wanted."""
    if {"-v", "--verbose", "--debug"} & set(arguments):
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "0")
        return contextlib.nullcontext()
    return quiet_libraries()


def _guarded(arguments: list[str]) -> int:
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    console.json = "--json" in options
    console.debug = "--debug" in options
    try:
        _check_text(arguments)
        return run(arguments)
    except DeepzooError as error:
        return fail(type(error).__name__, error.message, error.hint, error.exit_code)
    except typer.TyperException as error:
        return _fail_usage(error)
    except typer.Exit as error:
        return error.exit_code
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except (KeyboardInterrupt, typer.Abort):
        return fail("Interrupted", "Interrupted.", "", 130)
    except BrokenPipeError:
        raise
    except MemoryError:
        return fail("ResourceError", "The memory is full.", "Try a smaller --batch-size.", 8)
    except OSError as error:
        return _fail_system(error)
    except Exception as error:
        return _fail_unexpected(error)


def _fail_system(error: OSError) -> int:
    """Tells a full disk and missing rights from bugs."""
    if error.errno not in RESOURCES:
        return _fail_unexpected(error)
    if error.filename is None:
        # It is standard output that cannot be written; what it still holds is lost.
        _discard(1)
        console.json = False
    where = error.filename or "Standard output"
    return fail("ResourceError", f"{where}: {error.strerror}.", RESOURCES[error.errno], 8)


def _fail_unexpected(error: Exception) -> int:
    text = " ".join(str(error).split())
    hint = "" if console.debug else "--debug shows the traceback"
    return fail(type(error).__name__, f"{type(error).__name__}: {text}", hint, 1)


def run(arguments: list[str]) -> int:
    """Parses and calls; errors pass through."""
    root = make_root()
    if os.environ.get("_DEEPZOO_COMPLETE"):
        console.quiet = True
        root.main(args=arguments, prog_name="deepzoo")
    with root.make_context("deepzoo", arguments) as context:
        root.invoke(context)
    return 0


def fail(kind: str, message: str, hint: str, code: int) -> int:
    """Shows an error, as JSON where that was asked for, and returns its exit code."""
    if console.debug and sys.exc_info()[0] is not None:
        traceback.print_exc()
    show_plugin_warnings()
    if console.json:
        error = {"type": kind, "message": message, "hint": hint, "exit_code": code}
        console.emit({"error": error})
    else:
        console.error(message, hint)
    return code


def _fail_usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError" and context is not None:
        console.result(context.get_help())
        return 0
    hint = f"{context.command_path} --help" if context is not None else ""
    return fail("UsageError", error.format_message(), hint, error.exit_code)


def _check_text(arguments: list[str]) -> None:
    for argument in arguments:
        if any("\ud800" <= character <= "\udfff" for character in argument):
            shown = argument.encode("utf-8", "backslashreplace").decode()
            raise UsageError(f"An argument is not valid text in this locale: {shown}")


def _prepare_streams() -> None:
    """Makes the standard streams safe to write to."""
    if sys.stdout is None:
        # The parent closed it: the next file opened would get its number.
        os.open(os.devnull, os.O_WRONLY)
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            with contextlib.suppress(ValueError):
                stream.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue]


@contextlib.contextmanager
def _shown_log() -> Iterator[None]:
    """Shows what the core logs as notes and warnings."""
    logger = logging.getLogger("deepzoo")
    before = logger.handlers[:], logger.propagate, logger.level
    logger.handlers[:], logger.propagate = [_Handler()], False
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.handlers[:], logger.propagate = before[:2]
        logger.setLevel(before[2])


class _Handler(logging.Handler):
    """Shows what the core logs: warnings always, information as notes."""

    def emit(self, record: logging.LogRecord) -> None:
        show = console.warn if record.levelno >= logging.WARNING else console.note
        show(record.getMessage())


def _discard(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, descriptor)
