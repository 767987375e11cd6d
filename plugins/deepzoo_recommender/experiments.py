"""The published experiment of the recommender, as data."""

from __future__ import annotations

from typing import ClassVar

from deepzoo import Experiment, Published

_LISTED = {"keep_known": True, "threshold": 0.1}


class GroceriesAutoencoder(Experiment):
    """A denoising autoencoder on the baskets of a grocery store, and its lists for three baskets.

    No score was published, but three baskets with every item of a probability above about a
    tenth, items of the basket included.
    """

    name = "groceries-dae"
    source = "A report on a denoising autoencoder for shopping baskets"
    dataset = "groceries"
    model = "dae"
    settings: ClassVar = {
        "dataset.least_items": 1,
        "model.keep": 0.6,
        "model.l2": 0.00001,
        "model.optimizer": "adam",
        "model.learning_rate": 0.00002,
        "model.batch_size": 10,
        "model.epochs": 30,
    }
    samples = (
        Published(
            "instant food products, beverages, detergent, pickled vegetables, root vegetables",
            "bottled beer, bottled water, canned beer, citrus fruit, newspapers, other vegetables, "
            "pastry, rolls/buns, root vegetables, sausage, shopping bags, soda, tropical fruit, "
            "whole milk, yogurt",
            _LISTED,
        ),
        Published(
            "frankfurter, rolls/buns, soda",
            "other vegetables, rolls/buns, soda, whole milk",
            _LISTED,
        ),
        Published(
            "cream cheese, detergent, newspapers, processed cheese, tropical fruit",
            "bottled beer, bottled water, canned beer, newspapers, other vegetables, pastry, "
            "rolls/buns, root vegetables, sausage, shopping bags, soda, tropical fruit, "
            "whole milk, yogurt",
            _LISTED,
        ),
    )
    claims = ("It recommends what goes with the basket.",)


EXPERIMENTS: tuple[type[Experiment], ...] = (GroceriesAutoencoder,)
