"""The rules of each kind: what a split must look like, and which examples are equal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..interfaces.kinds import Baskets, Kind
from .findings import Findings

TEXTS = {"text": "documents", "labelled-text": "texts", "text-pairs": "sources"}
Rule = Callable[[Findings, Any, str], None]


def check_part(findings: Findings, part: Kind, where: str) -> None:
    """Checks types, shapes and lengths of one split."""
    count = len(part)
    for name, value in part.per_example().items():
        findings.expect(
            len(value) == count,
            f"{where}: `{name}` has {len(value)} entries for {count} examples; give one for each.",
        )
        findings.expect(
            getattr(getattr(value, "dtype", None), "hasobject", False) is False,
            f"{where}: `{name}` is an array of Python objects; give numbers, or a list of strings.",
        )
    if hasattr(part, "labels") and hasattr(part, "classes"):
        _check_labels(findings, part, where)
    rule = RULES.get(part.name)
    if rule is not None:
        rule(findings, part, where)


def identities(part: Kind) -> Iterator[Any] | None:
    """Yields what identifies each example, or None where equal ones are ordinary."""
    return None if part.repeats else map(hash, part.identities())


def shared_fields(part: Kind) -> dict[str, Any]:
    """Returns the fields that belong to the whole split, such as the names of the classes."""
    if isinstance(part, Baskets):
        return {"items": list(part.items)}
    values = {name: getattr(part, name) for name in part.shared_fields}
    return {
        name: list(value) if hasattr(value, "__len__") else value for name, value in values.items()
    }


def _check_labels(findings: Findings, part: Any, where: str) -> None:
    import numpy as np

    classes = list(part.classes)
    findings.expect(
        all(isinstance(name, str) for name in classes) and len(set(classes)) == len(classes),
        f"{where}: `classes` must be different strings.",
    )
    labels = part.labels
    findings.require(
        isinstance(labels, np.ndarray) and labels.dtype == np.int64 and labels.ndim == 1,
        f"{where}: `labels` must be a NumPy array int64 [N]; "
        f"received: {getattr(labels, 'dtype', type(labels).__name__)} "
        f"{list(getattr(labels, 'shape', []))}.",
    )
    outside = labels[(labels < 0) | (labels >= len(classes))]
    findings.expect(
        not len(outside),
        f"{where}: label {outside[:1]} is not one of 0 to {len(classes) - 1}, "
        f"the {len(classes)} classes.",
    )


def _check_images(findings: Findings, part: Any, where: str) -> None:
    pixels = part.pixels
    findings.expect(
        str(getattr(pixels, "dtype", "")) == "uint8" and pixels.ndim == 4,
        f"{where}: `pixels` must be uint8 [N, height, width, channels]; "
        f"received: {getattr(pixels, 'dtype', type(pixels).__name__)} "
        f"{list(getattr(pixels, 'shape', []))}.",
    )


def _check_pages(findings: Findings, part: Any, where: str) -> None:
    for noisy, clean in zip(part.noisy, part.clean or part.noisy, strict=True):
        findings.require(
            str(noisy.dtype) == "uint8" and noisy.ndim == 2 and clean.shape == noisy.shape,
            f"{where}: pages must be uint8 [height, width], the clean one as large as the noisy; "
            f"received: {noisy.dtype} {noisy.shape} and {clean.shape}.",
        )


def _check_strings(*names: str) -> Rule:
    def rule(findings: Findings, part: Any, where: str) -> None:
        for name in names:
            for index, text in enumerate(getattr(part, name)):
                findings.require(
                    isinstance(text, str) and text.strip(),
                    f"{where}: `{name}[{index}]` must be text that is not empty; "
                    f"received: {text!r:.60}.",
                )

    return rule


def _check_baskets(findings: Findings, part: Any, where: str) -> None:
    import numpy as np

    bounds, indices = part.indptr, part.indices
    findings.expect(
        bounds[0] == 0 and bounds[-1] == len(indices) and (np.diff(bounds) >= 0).all(),
        f"{where}: `indptr` must rise from 0 to the length of `indices`, {len(indices)}.",
    )
    findings.expect(
        not len(indices) or (indices.min() >= 0 and indices.max() < len(part.items)),
        f"{where}: `indices` must be below the number of items, {len(part.items)}.",
    )


RULES: dict[str, Rule] = {
    "images": _check_images,
    "image-pairs": _check_pages,
    "text": _check_strings("documents"),
    "labelled-text": _check_strings("texts"),
    "text-pairs": _check_strings("sources", "targets"),
    "baskets": _check_baskets,
}
