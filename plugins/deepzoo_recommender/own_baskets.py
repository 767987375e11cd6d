"""The user's own baskets: a basket a line, or a table with a basket and an item in each row."""

from __future__ import annotations

from typing import Annotated, Any

from annotated_types import Ge

from deepzoo import Baskets, Dataset, Files, Splits, setting


class BasketsFile(Dataset):
    """Your own baskets: a file with commas or tabs, gzipped or not, one basket a line.

    With the two columns set, each row is instead one item of a basket. Columns are numbers, when
    the first line is a row like all others, or names in a header. Folders or files named train,
    validation and test are the splits. Else 80/10/10 are drawn from a fixed seed.
    """

    name = "baskets"
    kind = Baskets
    license = "your own"

    basket_column: str = setting(
        "", "number or name of the column that says which basket; empty: a basket a line"
    )
    item_column: str = setting(
        "", "number or name of the column of items; empty: all cells of a line are items"
    )
    least_items: Annotated[int, Ge(1)] = setting(2, "leave out baskets with fewer items")
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the 80/10/10 draw")

    def load(self, files: Files) -> Splits[Baskets]:
        """Reads and splits the file, or the folder of files, in `files["data"]`."""
        from .basket_files import basket_parts, read_baskets, read_parts
        from .splitting import given_splits

        columns = (self.basket_column, self.item_column)
        path = files["data"]
        parts = basket_parts(path)
        if parts:
            found = read_parts(parts, files.options, columns)
            return given_splits(found, self.least_items, str(path))
        return self._split(read_baskets(path, files.options, columns), str(path))

    def sample(self) -> Splits[Baskets]:
        """Fills 3,000 baskets for breakfast, barbecues and other occasions."""
        from .samples import shopping_baskets

        return self._split((shopping_baskets(3000, seed=1), ()), "The sample")

    def _split(self, found: Any, where: str) -> Splits[Baskets]:
        from .splitting import split_baskets

        return split_baskets(
            found, self.least_items, self.split_seed, where=where, test=0.1, validation=0.1
        )
