"""A deepzoo plugin: haiku, put together from lines of five and of seven syllables."""

import random

import deepzoo
from deepzoo import Text

FIVES = (
    "a boat drifting home, a crow has settled, an old quiet pond, autumn moonlight falls, "
    "cold night on the road, first snow of the year, lightning in the dark, morning on the lake, "
    "nobody is here, one lamp in the fog, rain on the tin roof, spring is passing by, "
    "the kettle whistles, the last of the light, the temple bell stops, wind across the field"
).split(", ")
SEVENS = (
    "a cat sleeps on the doorstep, a moth circles once and leaves, a small frog jumps into it, "
    "on a bare branch all alone, smoke rises from the village, somewhere a child is laughing, "
    "the crickets forget to sing, the leaves of the plum tree bend, the river carries the moon, "
    "the sparrows share a few crumbs"
).split(", ")


class Haiku(deepzoo.Dataset):
    """Every poem that these lines make, in an order shuffled once."""

    name = "haiku"
    kind = Text

    def load(self, files):
        poems = [f"{a} / {b} / {c}" for a in FIVES for b in SEVENS for c in FIVES if a != c]
        random.Random(5).shuffle(poems)
        return deepzoo.Splits(Text(poems[200:]), Text(poems[:100]), Text(poems[100:200]))

    def sample(self):
        return self.load({})


@deepzoo.hookimpl
def register_datasets():
    return [Haiku]
