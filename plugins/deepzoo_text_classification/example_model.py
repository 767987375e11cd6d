"""Mine: a model for deepzoo."""

from typing import Annotated

from annotated_types import Ge

import deepzoo
from deepzoo_text_classification import TextClassifier, Tokens


class Mine(TextClassifier):
    """The mean of the vectors of a text's first words, and one layer of classes."""

    name = "mine"
    defaults = {"epochs": 10, "learning_rate": 0.01}

    words: Annotated[int, Ge(1)] = deepzoo.setting(100, "words of a text that are read")
    units: Annotated[int, Ge(1)] = deepzoo.setting(32, "size of the word vectors")

    def reader(self, texts):
        """Returns what reads texts: words as whole numbers, by the vocabulary of `texts`."""
        return Tokens("words", self.words).fit(texts, size=20_000)

    def build(self, spec):
        """Builds the network; 0 stands for no word, and the outputs are logits."""
        import keras

        words = keras.Input((self.words,), dtype="int32")
        x = keras.layers.Embedding(spec["vocabulary"], self.units, mask_zero=True)(words)
        x = keras.layers.GlobalAveragePooling1D()(x)
        return keras.Model(words, keras.layers.Dense(spec["classes"], dtype="float32")(x))


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
