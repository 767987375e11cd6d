"""Mine: a dataset for deepzoo, of short texts."""

import itertools

import deepzoo
from deepzoo import Text

WHO = ("a frog", "the cat", "my sister", "an old man", "the moon", "nobody", "a small bird")
DOES = ("looks at", "waits for", "sings to", "walks past", "dreams of", "laughs at")
SEEN = ("the river", "a red door", "the winter", "an empty street", "the rain", "a letter")


class Mine(deepzoo.Dataset):
    """Every sentence that these words make."""

    name = "mine"
    kind = Text
    license = "CC0-1.0"

    def load(self, files):
        """Makes the sentences; replace them by yours."""
        return self.split(Text([" ".join(words) for words in itertools.product(WHO, DOES, SEEN)]))


@deepzoo.hookimpl
def register_datasets():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
