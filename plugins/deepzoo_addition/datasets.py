"""The dataset: sums drawn from a seed, without a download."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le

from deepzoo import Dataset, Files, Splits, TextPairs, setting


class Sums(Dataset):
    """Sums as text, drawn from a seed: `57+68` and `125`.

    No pair of numbers, in either order, is in two splits. The test split ends with sums of
    longer numbers than all others.
    """

    name = "addition"
    kind = TextPairs
    default_task: ClassVar[str] = "addition"
    license = "generated"

    digits: Annotated[int, Ge(1), Le(8)] = setting(3, "maximum number of digits of a number")
    base: Annotated[int, Ge(2), Le(16)] = setting(10, "base of the numbers")
    operation: Literal["plus", "minus", "both"] = setting("plus", "add, subtract, or both")
    draw: Literal["lengths", "values"] = setting(
        "lengths", "draw a length first, then the digits; or all values uniformly"
    )
    examples: Annotated[int, Ge(1)] = setting(45_000, "training sums")
    validation_examples: Annotated[int, Ge(0)] = setting(5_000, "validation sums")
    test_examples: Annotated[int, Ge(1)] = setting(5_000, "test sums")
    distinct: bool = setting(True, "use every training pair once; else draw with replacement")
    longer: Annotated[int, Ge(0), Le(7)] = setting(
        2, "also score sums with up to so many more digits"
    )
    longer_examples: Annotated[int, Ge(1)] = setting(500, "test sums of each of these lengths")
    data_seed: Annotated[int, Ge(0)] = setting(0, "seed of the numbers")

    @property
    def signs(self) -> str:
        """The signs of `operation`."""
        return {"plus": "+", "minus": "-", "both": "+-"}[self.operation]

    def load(self, files: Files) -> Splits[TextPairs]:
        """Draws all sums; there is no file to read."""
        from .sums import draw

        return draw(self)

    def sample(self) -> Splits[TextPairs]:
        """Draws the same sums: they are generated, not read."""
        return self.load(Files({}, self.kind.options()))
