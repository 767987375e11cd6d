"""The python batches of CIFAR-10, read without unpickling: nothing in them is ever run.

A pickle is a program for a small stack machine. This machine knows the few instructions
that a dictionary with one array, a list of labels and some names is written in; what they
call is never looked up, only compared with the four names that such files need.
"""

from __future__ import annotations

import pickletools
import struct
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from deepzoo.errors import DataError, UnsafeFileError

from .formats import cifar_pixels

if TYPE_CHECKING:
    import numpy as np

_ARRAY, _CLASS, _DTYPE, _ENCODE = "array", "class", "dtype", "encode"
_KNOWN = {
    "numpy.core.multiarray _reconstruct": _ARRAY,
    "numpy._core.multiarray _reconstruct": _ARRAY,
    "numpy ndarray": _CLASS,
    "numpy dtype": _DTYPE,
    "_codecs encode": _ENCODE,
}
_CONSTANTS = frozenset(
    "BININT BININT1 BININT2 INT LONG LONG1 BINSTRING SHORT_BINSTRING STRING BINBYTES "
    "SHORT_BINBYTES BINUNICODE SHORT_BINUNICODE UNICODE BINUNICODE8 BINBYTES8".split()
)
_VALUES = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_EMPTY: dict[str, Callable[[], Any]] = {
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
}
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, OverflowError, struct.error)


class _Name(str):
    """What a file calls, as a word: the real thing is never looked up."""


class _Made:
    """What the file says about an array or its type: words and bytes, nothing that runs."""

    def __init__(self, kind: str, arguments: tuple[Any, ...]) -> None:
        self.kind, self.arguments = kind, arguments
        self.state: Any = None


class _Machine:
    """A stack, marks and a memo; one method or branch for each instruction."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def run(self, data: bytes) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of strange escapes in damaged strings
            for instruction, argument, _ in pickletools.genops(data):
                self.step(instruction.name, argument)
        return self.stack.pop()

    def step(self, name: str, argument: Any) -> None:
        if name in _CONSTANTS:
            self.stack.append(argument)
        elif name in _VALUES:
            self.stack.append(_VALUES[name])
        elif name in _EMPTY:
            self.stack.append(_EMPTY[name]())
        elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
            self.memo[argument] = self.stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            self.stack.append(self.memo[argument])
        elif name == "MARK":
            self.marks.append(len(self.stack))
        elif name not in ("PROTO", "FRAME", "STOP"):
            method = getattr(self, f"_{name.lower()}", None)
            if method is None:
                raise UnsafeFileError(
                    f"{self.where} contains Python objects (instruction {name}); it is not loaded."
                )
            method(argument)

    def _since_mark(self) -> list[Any]:
        start = self.marks.pop()
        taken = self.stack[start:]
        del self.stack[start:]
        return taken

    def _memoize(self, _: Any) -> None:
        self.memo[len(self.memo)] = self.stack[-1]

    def _tuple(self, _: Any) -> None:
        self.stack.append(tuple(self._since_mark()))

    def _last(self, count: int) -> None:
        self.stack[-count:] = [tuple(self.stack[-count:])]

    def _tuple1(self, _: Any) -> None:
        self._last(1)

    def _tuple2(self, _: Any) -> None:
        self._last(2)

    def _tuple3(self, _: Any) -> None:
        self._last(3)

    def _list(self, _: Any) -> None:
        self.stack.append(self._since_mark())

    def _dict(self, _: Any) -> None:
        items = self._since_mark()
        self.stack.append({})
        self._fill(items)

    def _fill(self, items: list[Any]) -> None:
        self.stack[-1].update(zip(items[::2], items[1::2], strict=True))

    def _append(self, _: Any) -> None:
        item = self.stack.pop()
        self.stack[-1].append(item)

    def _appends(self, _: Any) -> None:
        items = self._since_mark()
        self.stack[-1].extend(items)

    def _setitem(self, _: Any) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self.stack[-1][key] = value

    def _setitems(self, _: Any) -> None:
        self._fill(self._since_mark())

    def _global(self, argument: str) -> None:
        if argument not in _KNOWN:
            raise UnsafeFileError(
                f"{self.where} contains Python objects ({argument.replace(' ', '.')}), which "
                "could run code; it is not loaded."
            )
        self.stack.append(_Name(_KNOWN[argument]))

    def _stack_global(self, _: Any) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        self._global(f"{module} {name}")

    def _reduce(self, _: Any) -> None:
        arguments, called = self.stack.pop(), self.stack.pop()
        if not isinstance(called, _Name) or not isinstance(arguments, tuple):
            raise ValueError("it calls what is not a name")
        if called == _ENCODE:
            self.stack.append(arguments[0].encode("latin-1"))
        else:
            self.stack.append(_Made(str(called), arguments))

    def _build(self, _: Any) -> None:
        state = self.stack.pop()
        if not isinstance(self.stack[-1], _Made):
            raise ValueError("it gives a state to what has none")
        self.stack[-1].state = state


def read_cifar_pickle(data: bytes, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Reads a python batch: a dictionary with `data` [N, 3072] and `labels`.

    Args:
        data: Content of the file.
        where: What errors call it.

    Returns:
        Pixels uint8 [N, 32, 32, 3], and labels.

    Raises:
        DataError: It is damaged, or something else than a batch.
        UnsafeFileError: It contains other objects than such a file needs.
    """
    import numpy as np

    try:
        content = {_text(key): value for key, value in _Machine(where).run(data).items()}
        labels = content["labels"]
        if not all(type(label) is int and 0 <= label <= 9 for label in labels):
            raise ValueError("labels are not whole numbers from 0 to 9")
        pixels = _pixels(content["data"])
        if len(pixels) != len(labels):
            raise ValueError(f"it has {len(pixels):,} images and {len(labels):,} labels")
    except _DAMAGE as error:
        raise DataError(
            f"{where} is damaged or no batch of CIFAR-10: {error}.", "Fetch it again."
        ) from error
    return cifar_pixels(pixels), np.array(labels, np.int64)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _pixels(made: Any) -> np.ndarray:
    import numpy as np

    if not isinstance(made, _Made) or made.kind != _ARRAY or made.state is None:
        raise ValueError("data is not an array")
    _, shape, kind, fortran, content = made.state
    if kind.kind != _DTYPE or _text(kind.arguments[0]) not in ("u1", "uint8") or fortran:
        raise ValueError("data is not an array of bytes in rows")
    if len(shape) != 2 or shape[1] != 3 * 32 * 32:
        raise ValueError(f"data has shape {shape}, expected N x 3072")
    raw = content.encode("latin-1") if isinstance(content, str) else content
    return np.frombuffer(raw, np.uint8).reshape(shape)
