"""The datasets of the recommender: a month of a grocery store, and the user's own baskets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from annotated_types import Ge

from deepzoo import Baskets, Dataset, File, Files, Splits, setting
from deepzoo.errors import DataError, UsageError

if TYPE_CHECKING:
    import numpy as np

    from .own_baskets import Loaded


class _BasketData(Dataset):
    """Baskets that are split by their content, without the small ones.

    Attributes:
        sample_seed: Seed of the stand-in.
    """

    kind = Baskets
    sample_seed: ClassVar[int] = 0

    least_items: Annotated[int, Ge(1)] = setting(2, "leave out baskets with fewer items")
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the split")

    def sample(self) -> Splits[Baskets]:
        """Fills 3,000 baskets for breakfast, barbecues and other occasions."""
        from .samples import shopping_baskets

        return self.draw((shopping_baskets(3000, self.sample_seed), ()), "The sample")

    def split(self, whole: Baskets) -> Splits[Baskets]:
        """Splits baskets given in Python as those of a file."""
        return self.draw((whole, ()), "The data")

    def check_splits(self, splits: Splits[Baskets]) -> Splits[Baskets]:
        """Leaves small baskets out, as of a folder."""
        parts = {name: (getattr(splits, name), ()) for name in ("train", "validation", "test")}
        return given_splits(parts, self.least_items, "The data", splits.notes)

    def from_python(self, data: Any) -> Baskets | None:
        """Takes a list of lists of names."""
        from .own_baskets import from_lists

        if not isinstance(data, list) or not data:
            return None
        for number, row in enumerate(data):
            if not isinstance(row, (list, tuple, set, frozenset)) or not all(
                isinstance(name, str) for name in row
            ):
                raise UsageError(
                    f"Basket {number} is {str(row)[:40]}; expected a list of names.",
                    'For example: data=[["bread", "milk"], ["milk", "tea"]]',
                )
        return from_lists(sorted(row) if isinstance(row, (set, frozenset)) else row for row in data)

    def draw(self, loaded: Loaded, source: str) -> Splits[Baskets]:
        """Splits baskets, and puts each part, of one basket at least, into a mixed order.

        Args:
            loaded: All baskets, and notes to keep.
            source: What they were read from, for errors.

        Raises:
            DataError: Fewer than three baskets are left.
        """
        from .baskets import merge_capitals

        baskets, notes = merge_capitals(*loaded)
        kept, new_notes = _without_small(baskets, self.least_items)
        _require_some(source, baskets, kept, self.least_items)
        count = len(kept)
        if count < 3:
            of_all = f" of {len(baskets)}" if count < len(baskets) else ""
            raise DataError(
                f"{source}: {count} basket{'s'[: count > 1]}{of_all} to split, expected at least "
                "3: one each for training, validation and test.",
                "Give more baskets.",
            )
        return Splits(*map(kept.take, self.divide(kept)), notes=(*notes, *new_notes))

    def divide(self, baskets: Baskets) -> Iterable[np.ndarray]:
        """Returns the indices of the baskets for training, validation and test."""
        from deepzoo.readers import split_by_content

        return split_by_content(baskets.identities(), self.split_seed)


class Groceries(_BasketData):
    """9,835 baskets of 169 kinds of goods: one month of a grocery store.

    No split was published. A fifth of the baskets is drawn for test, a tenth of the others for
    validation. 2,159 baskets hold a single item, from which nothing else can be recommended.
    """

    name = "groceries"
    folder = "groceries"
    homepage = "https://cran.r-project.org/package=arules"
    license = "none stated; also in the R package arules, which is under GPL-3"
    citation = "M. Hahsler, K. Hornik, T. Reutterer (2006), Groceries, in the R package arules"
    files: ClassVar = {
        "baskets": File(
            paths=("groceries.csv",),
            mirrors=(
                "https://raw.githubusercontent.com/stedy/Machine-Learning-with-R-datasets/"
                "ff933238d9c30da179b7e3ad4b6ca938d67efc53/groceries.csv",
            ),
            sha256="ff1be892fd6b9b57d1a7bc50de067798963dda607619645988b21789bf23ae3b",
            size=500843,
        )
    }

    def load(self, files: Files) -> Splits[Baskets]:
        """Reads the file, which has a basket in each line."""
        from .own_baskets import read_baskets

        path = files["baskets"]
        return self.draw(read_baskets({"all": path}, files.options)["all"], str(path))

    def divide(self, baskets: Baskets) -> Iterable[np.ndarray]:
        """Draws the splits with which its figures were measured."""
        import numpy as np

        sizes = [max(1, round(fraction * len(baskets))) for fraction in (0.2, 0.08)]
        order = np.random.default_rng(self.split_seed).permutation(len(baskets))
        return np.split(order, np.cumsum(sizes))[::-1]


class BasketsFile(_BasketData):
    """Your own baskets: a table with one basket a line, gzipped or not.

    With two columns set, each row is instead one item of a basket; with the column of items
    alone, its cells are lists. Columns are numbers, when the first line is a row like all
    others, or names in a header. Folders or files named train, validation and test are the
    splits. Else a hash of each basket decides: of ten, about eight are for training, one each
    for validation and test.
    """

    name = "baskets"
    license = "your own"
    sample_seed = 1

    basket_column: str = setting(
        "", "column that names each row's basket, by number or name; empty: each line is a basket"
    )
    item_column: str = setting(
        "", "number or name of the column of items; alone, its cells are lists of items"
    )

    layout: Literal["auto", "lines"] = setting(
        "auto",
        "auto recognises headers, numbers in front, and zeros and ones; lines: each cell is an "
        "item",
    )

    def load(self, files: Files) -> Splits[Baskets]:
        """Reads and splits the file, or the folder of files, in `files["data"]`."""
        from deepzoo.readers import split_notes, split_parts

        from .own_baskets import ENDINGS, read_baskets

        columns, path = (self.basket_column, self.item_column), files["data"]
        parts = split_parts(path, ENDINGS)
        loaded = read_baskets(parts or {"all": path}, files.options, columns, self.layout)
        if parts:
            return given_splits(loaded, self.least_items, str(path), split_notes(parts))
        return self.draw(loaded["all"], str(path))


def given_splits(
    parts: Mapping[str, Loaded], least: int, source: str, notes: Iterable[str] = ()
) -> Splits[Baskets]:
    """Takes splits as they were given, without the baskets of fewer than `least` items.

    Raises:
        DataError: No training basket is left.
    """
    from .baskets import merge_capitals

    parts = {name: merge_capitals(*loaded) for name, loaded in parts.items()}
    train, _ = parts["train"]
    notes = [*notes, *dict.fromkeys(note for _, of_part in parts.values() for note in of_part)]
    kept = {}
    for name in ("train", "validation", "test"):
        given, _ = parts.get(name, (train.take([]), ()))
        kept[name], new_notes = _without_small(given, least)
        notes += [f"{name}: {note}" for note in new_notes]
    _require_some(source, train, kept["train"], least)
    return Splits(**kept, notes=tuple(notes))


def _without_small(baskets: Baskets, least: int) -> Loaded:
    from .baskets import at_least

    kept = at_least(baskets, least)
    dropped = len(baskets) - len(kept)
    if not dropped:
        return baskets, ()
    return kept, (
        f"{dropped:,} of {len(baskets):,} baskets with fewer than {least} items left out.",
    )


def _require_some(source: str, baskets: Baskets, kept: Baskets, least: int) -> None:
    if not len(kept):
        every = f"every one of the {len(baskets):,} baskets" if len(baskets) > 1 else "its basket"
        raise DataError(
            f"{source}: {every} has fewer than {least} items.",
            "Separate items by commas, semicolons, tabs or bars; "
            "--set least_items=1 keeps smaller baskets.",
        )


DATASETS: tuple[type[Dataset], ...] = (Groceries, BasketsFile)
