"""Mine: a dataset for deepzoo, of sentences and their translations."""

import itertools

import deepzoo
from deepzoo import TextPairs

COUNTS = {"two": "twee", "three": "drie", "four": "vier", "five": "vijf", "six": "zes"}
KINDS = {"red": "rode", "old": "oude", "small": "kleine", "blue": "blauwe", "wild": "wilde"}
THINGS = {"birds": "vogels", "books": "boeken", "trees": "bomen", "horses": "paarden"}


class Mine(deepzoo.Dataset):
    """English phrases and their translation into Dutch."""

    name = "mine"
    kind = TextPairs
    license = "CC0-1.0"

    def load(self, files):
        """Makes the pairs; replace them by yours."""
        pairs = list(itertools.product(COUNTS.items(), KINDS.items(), THINGS.items()))
        sources = [" ".join(english for english, _ in words) for words in pairs]
        targets = [" ".join(dutch for _, dutch in words) for words in pairs]
        return self.split(TextPairs(sources, targets))


@deepzoo.hookimpl
def register_datasets():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
