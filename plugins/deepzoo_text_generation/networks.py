"""The Keras networks of text generation, which score and sample through NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import KerasNetwork
from deepzoo.errors import CheckpointError, UsageError

from .mixture import fit_counts, separate
from .numpy_networks import NumpyStepperMixin, ScoringMixin
from .vocabulary import SEPARATOR

if TYPE_CHECKING:
    from deepzoo import Prepared

    from .models import RecurrentModel


def build_network(model: RecurrentModel, spec: Mapping[str, Any]) -> TextNetwork:
    """Builds the network of a recipe; `build_keras` has its layers, from tokens to logits."""
    if model.order == "streams" and model.stride != model.sequence_length:
        raise UsageError(
            "order=streams needs windows that follow each other: "
            f"step is {model.stride}, sequence_length is {model.sequence_length}.",
            "Leave step at 0, or use --set order=shuffled.",
        )
    return TextNetwork(build_keras(model, spec), model, spec)


def build_keras(model: RecurrentModel, spec: Mapping[str, Any]) -> Any:
    """Builds the Keras network of a recipe: embedding, recurrent layers, logits."""
    import keras

    from .layers import LSTM, HoistedGRU, NGramEmbedding, OneHot, SimpleRNN

    dropout, vocabulary, seed = keras.layers.Dropout, spec["vocabulary"], spec["seed"]
    layer = {"gru": HoistedGRU, "lstm": LSTM, "rnn": SimpleRNN}[model.cell]
    batch = spec["batch_size"] if model.stateful else None
    inputs = keras.Input((model.context + model.sequence_length,), batch, dtype="int32")
    if model.orders:
        embed = NGramEmbedding(
            vocabulary,
            model.embedding,
            model.orders,
            model.buckets,
            spec.get("codes"),
            name="embed",
        )
    elif model.embedding:
        embed = keras.layers.Embedding(vocabulary, model.embedding, name="embed")
    else:
        embed = OneHot(vocabulary, name="embed")
    x = embed(inputs)
    if model.embedding_dropout:
        x = dropout(model.embedding_dropout, seed=seed)(x)
    for index in range(model.layers):
        y = layer(
            model.units,
            return_sequences=model.every_step or index < model.layers - 1,
            stateful=model.stateful,
            recurrent_initializer=model.recurrent_initializer,
        )(x)
        x = keras.layers.Add()([y, x]) if model.residual and index else y
        if model.dropout:
            x = dropout(model.dropout, seed=seed + index + 1)(x)
    outputs = keras.layers.Dense(vocabulary, dtype="float32", name="logits")(x)
    return keras.Model(inputs, outputs)


class TextNetwork(KerasNetwork, NumpyStepperMixin):
    """A recurrent Keras network that also scores documents and emits one token at a time.

    Args:
        keras_model: From `build_keras`.
        model: The recipe it was built from.
        spec: What it was built for.
    """

    def __init__(self, keras_model: Any, model: RecurrentModel, spec: Mapping[str, Any]) -> None:
        super().__init__(keras_model)
        self.recipe, self.spec = model, spec
        self.counted: dict[str, np.ndarray] = {}

    def finish(self, prepared: Prepared) -> None:
        """Counts the training text, and fits how the two are mixed on the validation split."""
        self.counted = {}
        if self.recipe.counts:
            rows = prepared.train.inputs, prepared.validation.inputs
            self.counted = fit_counts(
                self.numpy_network(), self.recipe.counts, self.spec["vocabulary"], *rows
            )

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the weights of the Keras model, and the counts once they are fitted."""
        return {**super().arrays(), **self.counted}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Loads weights, and the counts if they are among them."""
        weights, counted = separate(arrays)
        if counted and not self.recipe.counts:
            raise CheckpointError("The weights hold counts of n-grams, but the model mixes none.")
        super().load_arrays(weights)
        self.counted = counted

    @property
    def variables(self) -> list[Any]:
        """All Keras variables."""
        return self.model.variables

    @property
    def compiles(self) -> bool:
        """Whether the compiled sampling loop can run it: no whole windows, and no counts."""
        return self.recipe.every_step and not self.counted

    def start_ops(self, n: int) -> Any:
        """Returns the state of `n` sequences as tensors."""
        from keras import ops, tree

        history = ops.zeros((n, self.recipe.context), dtype="int32")
        cells = [layer.cell for layer in self.model.layers if hasattr(layer, "cell")]
        return history, [
            [ops.zeros((n, size)) for size in tree.flatten(cell.state_size)] for cell in cells
        ]

    def step_ops(self, tokens: Any, state: Any) -> tuple[Any, Any]:
        """Advances by one token in Keras operations."""
        import keras

        ops: Any = keras.ops
        history, states = state
        window = ops.concatenate([history, ops.cast(tokens, "int32")[:, None]], axis=1)
        x: Any = None
        after: list[Any] = []
        for layer in self.model.layers:
            if hasattr(layer, "cell"):
                y, new = layer.cell(x, states[len(after)])
                x = y + x if self.recipe.residual and after else y
                after.append(keras.tree.flatten(new))
            elif layer.name in ("embed", "logits"):
                x = layer(window)[:, 0] if layer.name == "embed" else layer(x)
        return x, (window[:, 1:], after)


class WindowNetwork(KerasNetwork, ScoringMixin):
    """Any Keras network from windows of tokens to logits; it reads a whole window per token.

    Args:
        keras_model: From tokens [n, length] to logits [n, length, vocabulary], or only those of
            the last position, [n, vocabulary].
    """

    def start(self, n: int) -> np.ndarray:
        """Returns the windows of `n` sequences before their first token."""
        return np.full((n, self.model.input_shape[1]), SEPARATOR, np.int32)

    def step(self, tokens: np.ndarray, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Appends a token int [n] to the windows; returns the logits of the next."""
        window = np.column_stack([state[:, 1:], tokens]).astype(np.int32)
        logits = self.predict(window)
        return logits if logits.ndim == 2 else logits[:, -1], window
