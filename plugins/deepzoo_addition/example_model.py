"""Mine: a model for deepzoo."""

from typing import Annotated

from annotated_types import Ge

import deepzoo
from deepzoo_addition import SumModel


class Mine(SumModel):
    """One recurrent layer over the columns of a sum, read in both directions."""

    name = "mine"
    defaults = {"epochs": 10, "learning_rate": 0.005}

    units: Annotated[int, Ge(1)] = deepzoo.setting(64, "units in each direction")

    def build(self, spec):
        """Builds the network; a column is two digits and the sign."""
        import keras

        from deepzoo_addition import KerasSumNetwork

        alphabet = spec["targets"]["high"] + 1
        columns = keras.Input((None, 3), dtype="int32")
        x = keras.ops.one_hot(columns, alphabet, dtype="float32")
        x = keras.layers.Reshape((-1, 3 * alphabet))(x)
        x = keras.layers.Bidirectional(keras.layers.GRU(self.units, return_sequences=True))(x)
        logits = keras.layers.Dense(alphabet, dtype="float32")(x)
        return KerasSumNetwork(keras.Model(columns, logits), spec)


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
