"""Mine: a model for deepzoo."""

from typing import Annotated

from annotated_types import Ge

import deepzoo
from deepzoo_translation import TranslationModel


class Mine(TranslationModel):
    """A GRU reads the sentence, another one writes the translation from its last state."""

    name = "mine"
    defaults = {"level": "words", "longest": 20, "epochs": 10, "learning_rate": 0.003}

    units: Annotated[int, Ge(1)] = deepzoo.setting(128, "units of each GRU")

    def build(self, spec):
        """Builds the network; `Seq2SeqNetwork` finds its layers by their names."""
        import keras
        from keras import layers

        from deepzoo_translation import Seq2SeqNetwork

        source = keras.Input((spec["source_length"],), dtype="int32")
        target = keras.Input((spec["target_length"],), dtype="int32")
        x = layers.Embedding(spec["source_vocabulary"], self.units, name="source_vectors")(source)
        _, state = layers.GRU(self.units, return_state=True, name="encoder")(x)
        x = layers.Embedding(spec["target_vocabulary"], self.units, name="target_vectors")(target)
        decoder = layers.GRU(self.units, return_sequences=True, name="decoder")
        x = decoder(x, initial_state=state)
        logits = layers.Dense(spec["target_vocabulary"], dtype="float32", name="logits")(x)
        return Seq2SeqNetwork(keras.Model((source, target), logits), spec, self.beam)


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
