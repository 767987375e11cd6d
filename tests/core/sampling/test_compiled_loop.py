"""The compiled loop against the NumPy stepper, on one set of weights."""

from __future__ import annotations

import gc
import importlib.util
import os
import subprocess
import sys
import weakref

import numpy as np
import pytest

from deepzoo.errors import DivergedError
from deepzoo.recurrent import Embedding, GRUCell, Head, RecurrentStepper
from deepzoo.sampling.sampler import Sampling, filter_logits, generate

keras = pytest.importorskip("keras")

from deepzoo.sampling import compiled_loop  # noqa: E402
from deepzoo.sampling.compiled_loop import generate_compiled  # noqa: E402

VOCABULARY, UNITS = 13, 24
PROMPTS = [np.array([1, 2, 3]), np.array([4]), np.array([5, 6, 7, 8, 9, 10])]


class Network:
    """Embedding, GRU and Dense of Keras, stepped by the GRU's own cell."""

    def __init__(self, seed=0):
        self.model = keras.Sequential(
            [
                keras.layers.Embedding(VOCABULARY, 8),
                keras.layers.GRU(UNITS, return_sequences=True),
                keras.layers.Dense(VOCABULARY),
            ]
        )
        self.model.build((None, None))
        rng = np.random.default_rng(seed)  # the same weights on every backend
        for variable in self.model.trainable_variables:
            variable.assign(rng.normal(0, 0.6, variable.shape).astype("f"))
        self.layers = self.model.layers

    @property
    def variables(self):
        return self.model.variables

    def start_ops(self, n):
        return [keras.ops.zeros((n, UNITS))]

    def step_ops(self, tokens, state):
        embedding, gru, dense = self.layers
        output, state = gru.cell(embedding(tokens), state)
        return dense(output), list(state)


def arrays(layer):
    return [keras.ops.convert_to_numpy(variable + 0) for variable in layer.weights]


def numpy_network(network):
    """The same network without Keras."""
    (table,), gru, dense = (arrays(layer) for layer in network.layers)
    return RecurrentStepper(Embedding(table), [GRUCell(*gru)], Head(*dense))


@pytest.fixture(scope="module")
def network():
    return Network()


def test_logits_of_both_paths_agree(network):
    stepper, n = numpy_network(network), 3
    state, state_ops = stepper.start(n), network.start_ops(n)
    for tokens in np.random.default_rng(0).integers(0, VOCABULARY, (10, n)):
        logits, state = stepper.step(tokens, state)
        logits_ops, state_ops = network.step_ops(tokens.astype("int32"), state_ops)
        np.testing.assert_allclose(logits, keras.ops.convert_to_numpy(logits_ops), atol=1e-4)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"sampling": Sampling(temperature=0.5)},
        {"sampling": Sampling(top_k=3)},
        {"sampling": Sampling(top_k=50, top_p=0.8)},
        {"sampling": Sampling(0.9, 5, 0.7, 1.5), "forbidden": [0, 3]},
        {"end": 2, "forbidden": [4]},
        {"end": 2, "least": [30, 0, 60]},
        {"end": 2, "least": 40, "sampling": Sampling(top_k=2)},
    ],
    ids=repr,
)
def test_tokens_of_both_paths_agree(network, options):
    stepper = numpy_network(network)
    lengths = [90, 0, 70]
    expected = generate(stepper, PROMPTS, lengths, seed=5, **options)
    written = generate_compiled(network, PROMPTS, lengths, seed=5, **options)
    for ours, wanted in zip(written, expected, strict=True):
        np.testing.assert_array_equal(ours, wanted)
    assert sum(len(tokens) for tokens in written) > 10


def test_changed_weights_are_used_and_nothing_is_compiled_again():
    network = Network()
    before = generate_compiled(network, PROMPTS, 20, seed=1)
    loop = compiled_loop._loop(network, compiled_loop.Filters.of(Sampling()))
    for variable in network.model.trainable_variables:
        variable.assign(keras.ops.flip(variable, axis=-1) * 1.5)
    after = generate_compiled(network, PROMPTS, 20, Sampling(temperature=0.9), seed=1)
    assert compiled_loop._loop(network, compiled_loop.Filters.of(Sampling())) is loop
    expected = generate(numpy_network(network), PROMPTS, 20, Sampling(temperature=0.9), seed=1)
    np.testing.assert_array_equal(after[0], expected[0])
    assert not np.array_equal(before[0], after[0])


@pytest.mark.skipif(keras.config.backend() == "torch", reason="PyTorch runs the loop eagerly")
def test_other_prompts_and_lengths_do_not_trace_again(network):
    generate_compiled(network, PROMPTS, 20)
    traced, step = [], network.step_ops
    network.step_ops = lambda *arguments: traced.append(1) or step(*arguments)
    try:
        generate_compiled(network, [prompt[:1] for prompt in PROMPTS], 100, seed=9)
    finally:
        del network.step_ops
    assert not traced


def test_streamed_tokens_are_those_returned(network):
    streamed = [[] for _ in PROMPTS]
    written = generate_compiled(
        network, PROMPTS, 80, end=3, on_token=lambda index, token: streamed[index].append(token)
    )
    assert [list(tokens) for tokens in written] == streamed


def test_a_batch_stops_when_all_its_texts_have_ended(network):
    everything = list(range(VOCABULARY))
    everything.remove(7)
    written = generate_compiled(network, PROMPTS, 100_000_000, end=7, forbidden=everything)
    assert [len(tokens) for tokens in written] == [0, 0, 0]


def test_broken_weights_are_named_and_not_sampled_from():
    network = Network()
    network.variables[0].assign(np.full((VOCABULARY, 8), np.nan))
    with pytest.raises(DivergedError, match="not finite"):
        generate_compiled(network, PROMPTS, 5)


def test_forbidding_everything_is_a_mistake_of_the_caller(network):
    with pytest.raises(ValueError, match="every token"):
        generate_compiled(network, PROMPTS, 5, forbidden=range(VOCABULARY))


def test_a_network_is_freed_although_its_loop_was_kept():
    network = Network()
    generate_compiled(network, PROMPTS, 3)
    reference = weakref.ref(network)
    del network
    gc.collect()
    assert reference() is None


@pytest.mark.parametrize("seed", range(5))
def test_filters_in_keras_operations_are_those_in_numpy(seed):
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, (4, 9)).astype("f")
    counts = rng.integers(0, 2, (4, 9)).astype("f")
    sampling = Sampling(rng.uniform(0.3, 2), int(rng.integers(0, 12)), rng.uniform(0.2, 1), 1.3)
    strength = compiled_loop.strengths(sampling, 9)
    filters = compiled_loop.Filters.of(sampling)
    tensors = [keras.ops.convert_to_tensor(array) for array in (logits, counts)]
    kept = compiled_loop.filter_ops(tensors[0], filters, strength, tensors[1])
    kept = keras.ops.convert_to_numpy(kept)
    np.testing.assert_allclose(kept, filter_logits(logits, sampling, counts), atol=1e-4)


@pytest.mark.backends
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_every_backend_passes_the_tests_of_this_file(backend):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not backends", __file__]
    environment = {**os.environ, "KERAS_BACKEND": backend}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
