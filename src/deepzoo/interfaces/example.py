"""Example: what a network gets and returns, declared once and stored with each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NoReturn

from ..errors import PluginError


class ArraySpec(dict[str, Any]):
    """Shape, type and range of an array that belongs to one example, as JSON data.

    Args:
        shape: Its shape without the axis of the batch; None is any length.
        dtype: Its NumPy type.
        low: The lowest possible value.
        high: The highest possible value.

    Examples:
        >>> ArraySpec((28, 28, 1), low=0, high=1)
        {'shape': [28, 28, 1], 'dtype': 'float32', 'low': 0, 'high': 1}
    """

    def __init__(
        self,
        shape: Sequence[int | None] = (),
        dtype: str = "float32",
        low: float | None = None,
        high: float | None = None,
    ) -> None:
        super().__init__(shape=list(shape), dtype=dtype)
        self.update({key: at for key, at in (("low", low), ("high", high)) if at is not None})


class Example(dict[str, Any]):
    """What a network gets and what it returns for one example: the `spec` of a task.

    It is JSON data, which `Model.build` reads and each run stores. The core compares it with
    the first batch and with the shape of the network's outputs, and `deepzoo info TASK`
    prints it.

    Args:
        inputs: What the network gets: an array, or several by name.
        targets: What the loss compares the outputs with; None where nothing is compared.
        outputs: What the network returns: `logits` or `probabilities`, of each class where the
            targets are whole numbers, or `values` like the targets.
        **sizes: Further JSON data that models need, such as the number of classes.

    Examples:
        >>> digits = Example(
        ...     inputs=ArraySpec((28, 28, 1), low=0, high=1),
        ...     targets=ArraySpec((), "int64", low=0, high=9),
        ...     outputs="logits",
        ...     classes=10,
        ... )
        >>> digits["inputs"]["shape"], digits["classes"], digits.output_shape
        ([28, 28, 1], 10, [10])
    """

    def __init__(
        self,
        inputs: ArraySpec | Mapping[str, ArraySpec],
        targets: ArraySpec | None,
        outputs: Literal["logits", "probabilities", "values"],
        **sizes: Any,
    ) -> None:
        super().__init__(inputs=inputs, targets=targets, outputs=outputs, **sizes)
        if outputs not in ("logits", "probabilities", "values"):
            _refuse("Example", "outputs 'logits', 'probabilities' or 'values'", repr(outputs))
        if targets is not None and self._has_classes and "high" not in targets:
            _refuse("Example", f"targets with high=, the last class, for {outputs}", dict(targets))

    @property
    def _has_classes(self) -> bool:
        return self["outputs"] != "values" and "float" not in self["targets"]["dtype"]

    @property
    def input_shape(self) -> list[int | None] | None:
        """The shape of the inputs of one example, or None where there are several arrays."""
        alone = isinstance(self["inputs"].get("dtype"), str)
        return self["inputs"]["shape"] if alone else None

    @property
    def output_shape(self) -> list[int | None]:
        """The shape of a network's outputs for one example; None is any length."""
        targets = self["targets"]
        return [*targets["shape"], targets["high"] + 1] if self._has_classes else targets["shape"]

    def check_batch(self, batch: Sequence[Any], where: str) -> None:
        """Compares the arrays of a batch with what is declared.

        Args:
            batch: Inputs, targets and weights, as `Arrays.batch` returns them.
            where: What made them, for the error.

        Raises:
            PluginError: An array has another shape, type or range.
        """
        declared = {"inputs": self["inputs"]} if self.input_shape is not None else self["inputs"]
        parts = batch[0] if isinstance(batch[0], tuple) else (batch[0],)
        if len(parts) != len(declared):
            _refuse(where, f"{len(declared)} input arrays ({', '.join(declared)})", len(parts))
        for (name, spec), array in zip(declared.items(), parts, strict=True):
            _check_array(spec, array, where, name)
        if self["targets"] is not None:
            _check_array(self["targets"], batch[1], where, "targets")

    def check_outputs(self, shape: Sequence[int | None], where: str) -> None:
        """Compares the shape of a network's outputs, without the batch, with the targets.

        Raises:
            PluginError: The loss could not compare them.
        """
        if self["targets"] is not None and not _fits(shape, self.output_shape):
            words = f"outputs {_shown(self.output_shape)}, the {self['outputs']} of its targets"
            _refuse(where, words, _shown(shape))


def _check_array(spec: Mapping[str, Any], array: Any, where: str, name: str) -> None:
    shape = list(getattr(array, "shape", ()))[1:]
    dtype = str(getattr(array, "dtype", type(array).__name__))
    if not _fits(shape, spec["shape"]) or dtype != spec["dtype"]:
        expected = f"{name} {spec['dtype']} {_shown(spec['shape'])}"
        _refuse(where, expected, f"{dtype} {_shown(shape)}")
    low, high = spec.get("low"), spec.get("high")
    if low is not None and array.min() < low:
        _refuse(where, f"{name} of {low} or more", array.min())
    if high is not None and array.max() > high:
        _refuse(where, f"{name} of {high} or less", array.max())


def _fits(shape: Sequence[int | None], declared: Sequence[int | None]) -> bool:
    return len(shape) == len(declared) and all(
        None in (size, wanted) or size == wanted
        for size, wanted in zip(shape, declared, strict=True)
    )


def _shown(shape: Sequence[int | None]) -> str:
    return f"[{', '.join('any' if size is None else str(size) for size in shape)}]"


def _refuse(where: str, expected: str, received: Any) -> NoReturn:
    raise PluginError(f"{where}: expected {expected}, received {received}.")
