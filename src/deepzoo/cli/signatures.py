"""Signatures of verbs: the arguments and options of the commands built from them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

# Names of the command's own parameters, which no parameter of a verb has.
RUN, TASK, INPUTS = "deepzoo_run", "deepzoo_task", "deepzoo_inputs"
OUT, STREAM, DATA = "deepzoo_out", "deepzoo_stream", "deepzoo_data"


def is_option(annotation: Any) -> bool:
    """Tells whether a parameter of this type can be given on a command line."""
    if get_origin(annotation) is Annotated:
        return is_option(get_args(annotation)[0])
    if annotation in (str, int, float, bool, Path):
        return True
    if get_origin(annotation) is Literal:
        return True
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return len(parts) == 1 and "Callable" not in str(annotation) and is_option(parts[0])


def reads_files(annotation: Any) -> bool:
    """Tells whether a verb takes the paths of its inputs, and reads the files itself."""
    return annotation is Path or any(map(reads_files, get_args(annotation)))
