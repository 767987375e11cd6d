"""The dataset: sums drawn from a seed, so that nobody need download them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le

from deepzoo import Dataset, Files, Splits, TextPairs, setting


class Sums(Dataset):
    """Sums as text, drawn from a seed: `57+68` and `125`.

    No pair of numbers, in either order, is in two splits. The test split ends with sums of
    numbers that are longer than all others.
    """

    name = "addition"
    kind = TextPairs
    default_task: ClassVar[str] = "addition"
    license = "generated"

    digits: Annotated[int, Ge(1), Le(8)] = setting(3, "digits of a number at most")
    base: Annotated[int, Ge(2), Le(16)] = setting(10, "base the numbers are written in")
    operation: Literal["plus", "minus", "both"] = setting("plus", "what is done with the numbers")
    draw: Literal["lengths", "values"] = setting(
        "lengths", "a number's length is drawn first, then its digits; or every value alike"
    )
    examples: Annotated[int, Ge(1)] = setting(45_000, "sums to learn from")
    validation_examples: Annotated[int, Ge(0)] = setting(5_000, "sums to choose the epoch by")
    test_examples: Annotated[int, Ge(1)] = setting(5_000, "sums to score")
    distinct: bool = setting(
        True, "learn from every pair once; else training sums are drawn with replacement"
    )
    longer: Annotated[int, Ge(0), Le(7)] = setting(
        2, "also score sums of numbers with up to so many digits more"
    )
    longer_examples: Annotated[int, Ge(1)] = setting(500, "sums of each of these lengths")
    data_seed: Annotated[int, Ge(0)] = setting(0, "seed of the numbers")

    def load(self, files: Files) -> Splits[TextPairs]:
        """Draws all sums; there is no file to read."""
        from .sums import draw

        return draw(self)

    def sample(self) -> Splits[TextPairs]:
        """Draws the same sums: they are made, not read."""
        return self.load(Files({}, self.kind.options()))
