"""The Keras networks of text generation, which score and sample through their NumPy twins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deepzoo import KerasNetwork

from .numpy_networks import EmitsByTwin

if TYPE_CHECKING:
    from .models import TextModel


class TextNetwork(KerasNetwork, EmitsByTwin):
    """A recurrent Keras network that also scores documents and emits one token at a time.

    Args:
        keras_model: From `build_keras`.
        model: The recipe it was built from.
        spec: What it was built for.
    """

    def __init__(self, keras_model: Any, model: TextModel, spec: Mapping[str, Any]) -> None:
        super().__init__(keras_model)
        self.recipe, self.spec = model, spec

    @property
    def variables(self) -> list[Any]:
        """All Keras variables."""
        return self.model.variables

    @property
    def compiles(self) -> bool:
        """Whether `deepzoo.compiled` can run it: not where it sees windows without a state."""
        return self.recipe.every_step

    def start_ops(self, n: int) -> Any:
        """Returns the state of `n` sequences as tensors."""
        from keras import ops

        history = ops.zeros((n, self.recipe.context), dtype="int32")
        layers = [layer for layer in self.model.layers if hasattr(layer, "cell")]
        return history, [
            [ops.zeros((n, layer.units)) for _ in _sizes(layer.cell)] for layer in layers
        ]

    def step_ops(self, tokens: Any, state: Any) -> tuple[Any, Any]:
        """Advances by one token in Keras operations."""
        import keras

        ops: Any = keras.ops
        history, states = state
        window = ops.concatenate([history, ops.cast(tokens, "int32")[:, None]], axis=1)
        x: Any = None
        after, index = [], 0
        for layer in self.model.layers:
            if hasattr(layer, "cell"):
                y, new = layer.cell(x, states[index])
                after.append(list(new) if isinstance(new, (list, tuple)) else [new])
                x = y + x if self.recipe.residual and index else y
                index += 1
            elif layer.name.startswith("embed"):
                x = layer(window)[:, 0]
            elif layer.name == "logits":
                x = layer(x)
        return x, (window[:, 1:], after)


def _sizes(cell: Any) -> list[int]:
    size = cell.state_size
    return list(size) if isinstance(size, (list, tuple)) else [size]


def build_keras(model: TextModel, spec: Mapping[str, Any]) -> Any:
    """Builds the Keras network of a recipe: embedding, recurrent layers, logits."""
    import keras

    from . import layers as own

    classes = {"gru": own.HoistedGRU, "lstm": own.LSTM, "rnn": own.SimpleRNN}
    batch = spec["batch_size"] if model.stateful else None
    inputs = keras.Input((model.context + model.sequence_length,), batch, dtype="int32")
    x = _embedding(model, spec["vocabulary"])(inputs)
    if model.embedding_dropout:
        x = keras.layers.Dropout(model.embedding_dropout, seed=spec["seed"])(x)
    for index in range(model.layers):
        last = index == model.layers - 1
        if index and model.dropout:
            x = keras.layers.Dropout(model.dropout, seed=spec["seed"] + index)(x)
        y = classes[model.cell](
            model.units,
            return_sequences=model.every_step or not last,
            stateful=model.stateful,
            recurrent_initializer=model.recurrent_initializer,
        )(x)
        x = keras.layers.Add()([y, x]) if model.residual and index else y
    if model.dropout:
        x = keras.layers.Dropout(model.dropout, seed=spec["seed"] + model.layers)(x)
    outputs = keras.layers.Dense(spec["vocabulary"], dtype="float32", name="logits")(x)
    return keras.Model(inputs, outputs)


def _embedding(model: TextModel, vocabulary: int) -> Any:
    import keras

    from .layers import NGramEmbedding, OneHot

    if model.orders:
        return NGramEmbedding(
            vocabulary, model.embedding, model.orders, model.buckets, name="embed"
        )
    if model.embedding:
        return keras.layers.Embedding(vocabulary, model.embedding, name="embed")
    return OneHot(vocabulary, name="embed")
