"""Attention and layer normalisation compute what those of Keras compute, on random shapes."""

from __future__ import annotations

import numpy as np
import pytest

from deepzoo import feedforward as ff

keras = pytest.importorskip("keras")


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def randomised(layer, x):
    """Builds a layer of Keras with random weights; returns them and its answer."""
    layer.build(x.shape)
    weights = [numbers(*weight.shape, seed=seed) for seed, weight in enumerate(layer.weights)]
    layer.set_weights(weights)
    return weights, np.asarray(keras.ops.convert_to_numpy(layer(x)))


def close(first, second):
    np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("shape", [(4, 3), (2, 5, 8)])
def test_layer_normalisation(shape):
    x = numbers(*shape)
    weights, expected = randomised(keras.layers.LayerNormalization(), x)
    close(ff.LayerNormalization(*weights)(x), expected)


@pytest.mark.parametrize(("heads", "inputs", "time"), [(1, 3, 3), (2, 4, 6), (3, 1, 5)])
def test_attention(heads, inputs, time):
    x, memory = numbers(2, inputs, 12), numbers(2, time, 12, seed=1)
    mask = np.random.default_rng(2).random((2, inputs, time)) < 0.7
    mask[:, :, 0] = True
    layer = keras.layers.MultiHeadAttention(heads, 12 // heads)
    layer.build(x.shape, memory.shape)
    weights = [numbers(*weight.shape, seed=seed) for seed, weight in enumerate(layer.weights)]
    layer.set_weights(weights)
    expected = layer(x, memory, attention_mask=mask)
    flat = [
        ff.Dense(kernel.reshape(12, 12), bias.reshape(12))
        for kernel, bias in zip(weights[::2], weights[1::2], strict=True)
    ]
    attention = ff.MultiHeadAttention(heads, flat[0], flat[1], flat[2], flat[3])
    close(attention(x, memory, mask), expected)
    _, rates = attention.attend(x, *attention.project_keys_values(memory), mask)
    close(rates.sum(axis=-1), np.ones((2, heads, inputs)))
    assert not rates[~np.broadcast_to(mask[:, None], rates.shape)].any()


def test_positions_have_waves_of_falling_frequency():
    waves = ff.positional_encoding(np.arange(50), 8)
    assert waves.shape == (50, 8)
    close(waves[:, 0], np.sin(np.arange(50)))
    close(waves[:, 5], np.cos(np.arange(50) / 10_000 ** (2 / 8)))
