"""The rules of each kind: what a split must look like, and which examples are equal."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from ..interfaces.kinds import Baskets, Kind
from .assertions import expect

TEXTS = {"text": "documents", "labelled-text": "texts", "text-pairs": "sources"}


def check_part(part: Kind, where: str) -> None:
    """Checks types, shapes and lengths of one split."""
    count = len(part)
    for name, value in _per_example(part):
        expect(
            len(value) == count,
            f"{where}: `{name}` has {len(value)} entries for {count} examples; give one for each.",
        )
        expect(
            getattr(getattr(value, "dtype", None), "hasobject", False) is False,
            f"{where}: `{name}` is an array of Python objects; give numbers, or a list of strings.",
        )
    if hasattr(part, "labels") and hasattr(part, "classes"):
        _check_labels(part, where)
    rule = RULES.get(part.name)
    if rule is not None:
        rule(part, where)


def identities(part: Kind) -> Iterator[Any] | None:
    """Yields what identifies each example, or None where equal ones are ordinary."""
    return None if part.repeats else map(hash, part.identities())


def shared_fields(part: Kind) -> dict[str, Any]:
    """Returns the fields that belong to the whole split, such as the names of the classes."""
    if isinstance(part, Baskets):
        return {"items": list(part.items)}
    return {
        field.name: list(getattr(part, field.name))
        for field in dataclasses.fields(part)
        if field.metadata.get("shared")
    }


def _per_example(part: Kind) -> list[tuple[str, Any]]:
    return [
        (field.name, getattr(part, field.name))
        for field in dataclasses.fields(part)
        if not field.metadata.get("shared") and getattr(part, field.name) is not None
    ]


def _check_labels(part: Any, where: str) -> None:
    import numpy as np

    classes = list(part.classes)
    expect(
        all(isinstance(name, str) for name in classes) and len(set(classes)) == len(classes),
        f"{where}: `classes` must be different strings.",
    )
    labels = part.labels
    expect(
        isinstance(labels, np.ndarray) and labels.dtype == np.int64 and labels.ndim == 1,
        f"{where}: `labels` must be a NumPy array int64 [N]; "
        f"received: {getattr(labels, 'dtype', type(labels).__name__)} "
        f"{list(getattr(labels, 'shape', []))}.",
    )
    outside = labels[(labels < 0) | (labels >= len(classes))]
    expect(
        not len(outside),
        f"{where}: label {outside[:1]} is not one of 0 to {len(classes) - 1}, "
        f"the {len(classes)} classes.",
    )


def _check_images(part: Any, where: str) -> None:
    pixels = part.pixels
    expect(
        str(getattr(pixels, "dtype", "")) == "uint8" and pixels.ndim == 4,
        f"{where}: `pixels` must be uint8 [N, height, width, channels]; "
        f"received: {getattr(pixels, 'dtype', type(pixels).__name__)} "
        f"{list(getattr(pixels, 'shape', []))}.",
    )


def _check_pages(part: Any, where: str) -> None:
    for noisy, clean in zip(part.noisy, part.clean or part.noisy, strict=True):
        expect(
            str(noisy.dtype) == "uint8" and noisy.ndim == 2 and clean.shape == noisy.shape,
            f"{where}: pages must be uint8 [height, width], the clean one as large as the noisy; "
            f"received: {noisy.dtype} {noisy.shape} and {clean.shape}.",
        )


def _check_strings(*names: str) -> Callable[[Any, str], None]:
    def rule(part: Any, where: str) -> None:
        for name in names:
            for index, text in enumerate(getattr(part, name)):
                expect(
                    isinstance(text, str) and text.strip(),
                    f"{where}: `{name}[{index}]` must be text that is not empty; "
                    f"received: {text!r:.60}.",
                )

    return rule


def _check_baskets(part: Any, where: str) -> None:
    import numpy as np

    bounds, indices = part.indptr, part.indices
    expect(
        bounds[0] == 0 and bounds[-1] == len(indices) and (np.diff(bounds) >= 0).all(),
        f"{where}: `indptr` must rise from 0 to the length of `indices`, {len(indices)}.",
    )
    expect(
        not len(indices) or (indices.min() >= 0 and indices.max() < len(part.items)),
        f"{where}: `indices` must be below the number of items, {len(part.items)}.",
    )


RULES: dict[str, Callable[[Any, str], None]] = {
    "images": _check_images,
    "image-pairs": _check_pages,
    "text": _check_strings("documents"),
    "labelled-text": _check_strings("texts"),
    "text-pairs": _check_strings("sources", "targets"),
    "baskets": _check_baskets,
}
