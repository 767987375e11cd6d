"""Mine: a dataset for deepzoo, of baskets of items."""

import deepzoo
from deepzoo import Baskets

DISHES = {
    "pasta": ("pasta", "tomatoes", "basil", "cheese"),
    "breakfast": ("bread", "butter", "jam", "coffee"),
    "salad": ("lettuce", "tomatoes", "cheese", "oil"),
    "cake": ("flour", "butter", "sugar", "eggs"),
}


class Mine(deepzoo.Dataset):
    """Shopping for one dish, with something forgotten and something else."""

    name = "mine"
    kind = Baskets
    license = "CC0-1.0"

    def load(self, files):
        """Makes the baskets; replace them by yours."""
        import numpy as np

        generator = np.random.default_rng(0)
        items = sorted({item for dish in DISHES.values() for item in dish})
        rows = []
        for dish in generator.choice(list(DISHES), 400):
            bought = [item for item in DISHES[dish] if generator.random() < 0.8]
            rows.append(sorted({*map(items.index, bought), int(generator.integers(len(items)))}))
        bounds = np.cumsum([0, *map(len, rows)])
        return self.split(Baskets(items, bounds, np.concatenate(rows)))


@deepzoo.hookimpl
def register_datasets():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
