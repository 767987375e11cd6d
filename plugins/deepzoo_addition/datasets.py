"""The dataset: sums drawn from a seed, without a download."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le

from deepzoo import Dataset, Files, Splits, TextPairs, setting


class Sums(Dataset):
    """Sums (or differences) as text, drawn at random from a seed: `57+68` and `125`.

    No pair of numbers, in either order, is in two splits. The last test sums have
    longer numbers than any in training.
    """

    name = "addition"
    kind = TextPairs
    default_task: ClassVar[str] = "addition"
    license = "generated"

    digits: Annotated[int, Ge(1), Le(8)] = setting(3, "maximum number of digits of a number")
    base: Annotated[int, Ge(2), Le(16)] = setting(10, "base of the numbers")
    operation: Literal["plus", "minus", "both"] = setting("plus", "add, subtract, or both")
    draw: Literal["lengths", "values"] = setting(
        "lengths", "lengths: draw a length, then its digits; values: all numbers equally likely"
    )
    examples: Annotated[int, Ge(1)] = setting(45_000, "training sums")
    validation_examples: Annotated[int, Ge(0)] = setting(5_000, "validation sums")
    test_examples: Annotated[int, Ge(1)] = setting(5_000, "test sums")
    distinct: bool = setting(True, "use every training pair once; else draw with replacement")
    longer: Annotated[int, Ge(0), Le(7)] = setting(
        2, "also score sums with up to this many more digits than in training"
    )
    longer_examples: Annotated[int, Ge(1)] = setting(500, "number of test sums of each such length")
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
