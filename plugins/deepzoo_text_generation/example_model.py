"""Mine: a model for deepzoo."""

from typing import Annotated

from annotated_types import Ge

import deepzoo
from deepzoo_text_generation import TextModel


class Mine(TextModel):
    """Convolutions over the last tokens."""

    name = "mine"
    defaults = {"sequence_length": 40, "epochs": 3}

    units: Annotated[int, Ge(1)] = deepzoo.setting(128, "channels of each convolution")

    def build(self, spec):
        """Builds the network; a causal convolution does not see the tokens that follow."""
        import keras

        from deepzoo_text_generation import WindowNetwork

        tokens = keras.Input((self.sequence_length,), dtype="int32")
        x = keras.layers.Embedding(spec["vocabulary"], self.units)(tokens)
        for dilation in (1, 3):
            layer = keras.layers.Conv1D
            x = layer(self.units, 3, 1, "causal", dilation_rate=dilation, activation="relu")(x)
        logits = keras.layers.Dense(spec["vocabulary"], dtype="float32")(x)
        return WindowNetwork(keras.Model(tokens, logits))


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
