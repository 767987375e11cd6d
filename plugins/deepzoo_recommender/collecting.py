"""What is kept of baskets while they are read: numbers of items, not their names."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from deepzoo import Baskets

NOTHING = -1
"""The number of a cell that is empty."""


class Numbering(dict[str, int]):
    """Numbers names in the order they come: `numbering[cell]`.

    Blanks around a name do not count, and several inside it count as one. An empty cell
    gets `NOTHING`.

    Example:
        >>> numbering = Numbering()
        >>> [numbering[cell] for cell in ("rye bread", "milk", " rye  bread", " ")]
        [0, 1, 0, -1]
        >>> numbering.names
        ['rye bread', 'milk']
    """

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __missing__(self, cell: str) -> int:
        name = " ".join(cell.split())
        if not name:
            number = NOTHING
        elif name != cell:
            number = self[name]
        else:
            number = len(self.names)
            self.names.append(name)
        self[cell] = number
        return number

    def by_name(self) -> tuple[list[str], np.ndarray]:
        """Sorts the names.

        Returns:
            The sorted names, and for each number its place among them.
        """
        order = sorted(range(len(self.names)), key=self.names.__getitem__)
        places = np.empty(len(order), np.int32)
        places[order] = np.arange(len(order), dtype=np.int32)
        return [self.names[number] for number in order], places


class Entries:
    """Items of baskets in the order they are read; eight bytes each.

    Args:
        items: Numbers the items, of all splits alike.
    """

    def __init__(self, items: Numbering) -> None:
        self.items = items
        self.count = 0
        self.notes: list[str] = []
        self._baskets, self._items = array("i"), array("i")

    def __len__(self) -> int:
        """Returns the number of entries, repeated items included."""
        return len(self._items)

    def add(self, basket: int, items: Sequence[int]) -> None:
        """Puts items into a basket, which may be one that has some."""
        self._baskets.extend([basket] * len(items))
        self._items.extend(items)

    def baskets(self, names: Sequence[str], places: np.ndarray) -> Baskets:
        """Makes sparse rows, in which each item is once and the items are in order.

        Args:
            names: What the items are called, sorted.
            places: The place among them of each item's number.
        """
        keys = np.asarray(self._baskets).astype(np.int64)
        keys *= len(names)
        keys += places[np.asarray(self._items)]
        keys.sort()  # in place; `unique` would hash, which takes ten times as long
        keys = keys[np.diff(keys, prepend=-1) > 0]
        baskets, items = np.divmod(keys, max(1, len(names)))
        indptr = np.zeros(self.count + 1, np.int64)
        np.cumsum(np.bincount(baskets, minlength=self.count), out=indptr[1:])
        return Baskets(names, indptr, items.astype(np.int32))
