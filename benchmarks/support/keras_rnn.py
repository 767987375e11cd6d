"""The same character RNN in Keras: a `SimpleRNN` from given weights, one sequence per step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from deepzoo_text_generation.numpy_rnn import NumpyRNNNetwork


def learn_in_keras(network: NumpyRNNNetwork, tokens: np.ndarray, steps: int) -> float:
    """Trains a copy of a network in Keras and returns its smooth loss.

    Args:
        network: The untrained network; it is left as it is.
        tokens: The text, int [N]; it is read again from the start.
        steps: Sequences to learn from.
    """
    import keras
    import tensorflow as tf

    recipe, length = network.recipe, network.recipe.sequence_length
    size = len(network.one_hot)
    layer = keras.layers.SimpleRNN(recipe.units, return_sequences=True, stateful=True)
    model = keras.Sequential(
        [keras.Input((length, size), batch_size=1), layer, keras.layers.Dense(size)]
    )
    U, W, b, V, c = network.parameters.values()
    model.set_weights([U, W, b, V, c])
    optimizer = keras.optimizers.Adagrad(
        recipe.learning_rate, initial_accumulator_value=0, clipvalue=recipe.clip
    )
    optimizer.build(model.trainable_variables)
    whole = (len(tokens) - 1) // length
    inputs = tf.constant(tokens[: whole * length].reshape(whole, length))
    targets = tf.constant(tokens[1 : whole * length + 1].reshape(whole, length))

    @tf.function
    def learn(index: Any) -> Any:
        x, y = tf.one_hot(inputs[index][None], size), targets[index][None]
        with tf.GradientTape() as tape:
            losses = keras.losses.sparse_categorical_crossentropy(
                y, model(x, training=True), from_logits=True
            )
            loss = tf.reduce_sum(losses)
        optimizer.apply(tape.gradient(loss, model.trainable_variables))
        return loss

    smooth = network.smooth_loss
    for done in range(steps):
        if done % whole == 0:
            layer.reset_state()
        loss = learn(tf.constant(done % whole))
        smooth = 0.999 * smooth + 0.001 * float(loss)
    return smooth
