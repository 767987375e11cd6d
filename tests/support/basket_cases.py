"""Small files of baskets, and what is in the baskets that were read."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from deepzoo_recommender.datasets import BasketsFile

from deepzoo.data.load import load_data
from deepzoo.interfaces.kinds import Baskets


def write(path, text):
    path.write_bytes(text.encode())
    return path


def rows_of(baskets):
    """Returns the names of the items in each basket."""
    return [
        [baskets.items[item] for item in baskets.indices[start:end]]
        for start, end in pairwise(baskets.indptr)
    ]


def load_file(path, limit=None, **chosen):
    kind = {key: chosen.pop(key) for key in ("skip_bad", "encoding") if key in chosen}
    return load_data(BasketsFile(**chosen), Baskets.options(**kind), path=path, limit=limit)


def as_baskets(items, rows):
    """Makes sparse rows of lists of item numbers, in the order they are given."""
    bounds = np.cumsum([0, *map(len, rows)])
    return Baskets(items, bounds, np.array([item for row in rows for item in row], np.int32))
