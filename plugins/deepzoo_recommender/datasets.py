"""The published dataset of the recommender: what a grocer sold in a month."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from annotated_types import Ge

from deepzoo import Baskets, Dataset, File, Files, Splits, setting

from .own_baskets import BasketsFile


class Groceries(Dataset):
    """9,835 baskets of 169 kinds of goods: one month of a grocery store.

    No split was published. A fifth of the baskets is drawn for test, a tenth of the others for
    validation. 2,159 baskets hold a single item, from which nothing else can be recommended.
    """

    name = "groceries"
    kind = Baskets
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

    least_items: Annotated[int, Ge(1)] = setting(2, "leave out baskets with fewer items")
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the 72/8/20 draw")

    def load(self, files: Files) -> Splits[Baskets]:
        """Reads the file, which has a basket in each line."""
        from .basket_files import read_baskets

        path = files["baskets"]
        return self._split(read_baskets(path, files.options), str(path))

    def sample(self) -> Splits[Baskets]:
        """Fills 3,000 baskets for breakfast, barbecues and other occasions."""
        from .samples import shopping_baskets

        return self._split((shopping_baskets(3000, seed=0), ()), "The sample")

    def _split(self, found: Any, where: str) -> Splits[Baskets]:
        from .splitting import split_baskets

        return split_baskets(
            found, self.least_items, self.split_seed, where=where, test=0.2, validation=0.08
        )


DATASETS: tuple[type[Dataset], ...] = (Groceries, BasketsFile)
