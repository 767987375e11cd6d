"""Choosing the device of a command, with one function for each backend."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sys
from collections.abc import Iterator
from typing import Any

from ..errors import UsageError
from .silence import check_backend, quiet_tensorflow


@dataclasses.dataclass(frozen=True)
class Device:
    """The device in use.

    Args:
        name: `cpu`, `gpu:0`, or `gpu:0,gpu:1` with data parallelism.
        reason: Why it was chosen, for `doctor` and `run.json`.
        backend: The Keras backend.
        threads: Number of threads that an operation may use.
        strategy: The TensorFlow strategy for several devices.
        policy: The Keras dtype policy of networks built for it.
    """

    name: str
    reason: str
    backend: str
    threads: int
    strategy: Any = None
    policy: str = "float32"

    @contextlib.contextmanager
    def scope(self) -> Iterator[None]:
        """Enters the strategy and the dtype policy in which networks must be built."""
        import keras

        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(self.policy)
        try:
            with self.strategy.scope() if self.strategy else contextlib.nullcontext():
                yield
        finally:
            keras.config.set_dtype_policy(before)


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seeds every global random state; those of Python and NumPy are put back at the end."""
    import random

    import keras
    import numpy as np

    states = random.getstate(), np.random.get_state()
    keras.utils.set_random_seed(seed)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def scope_of(keras_model: Any) -> contextlib.AbstractContextManager[Any]:
    """Returns the context in which a Keras model was built."""
    strategy = getattr(keras_model, "distribute_strategy", None)
    return strategy.scope() if strategy else contextlib.nullcontext()


def feed(batches: Any) -> Any:
    """Converts batches to an input for the backend's `fit`, so that epochs end without delay.

    TensorFlow tunes its own pipelines in a thread that sleeps for up to a minute, and the end
    of an epoch waits for it: epochs would take up to twice as long.

    Args:
        batches: A `keras.utils.PyDataset` whose batches all have the shapes of the first.
    """
    import keras

    if keras.config.backend() != "tensorflow":
        return batches
    import tensorflow as tf

    def batch(position: int) -> Any:
        return tf.nest.map_structure(_single_precision, batches[position])

    def all_batches() -> Iterator[Any]:
        yield from map(batch, range(len(batches)))

    signature = tf.nest.map_structure(
        lambda array: tf.TensorSpec(array.shape, array.dtype), batch(0)
    )
    options = tf.data.Options()
    options.autotune.enabled = False
    return (
        tf.data.Dataset.from_generator(all_batches, output_signature=signature)
        .apply(tf.data.experimental.assert_cardinality(len(batches)))
        .prefetch(2)
        .with_options(options)
    )


def _single_precision(array: Any) -> Any:
    return array.astype("float32") if array.dtype == "float64" else array


def check_request(device: str, precision: str) -> None:
    """Refuses unknown devices and precisions before anything heavy is imported.

    Raises:
        UsageError: Not one of `auto`, `cpu`, `all`, `gpu:N`; not `float32` or `mixed`.
    """
    known = device in ("auto", "cpu", "all") or (device.startswith("gpu:") and device[4:].isdigit())
    if not known:
        raise UsageError(f"--device must be auto, cpu, all or gpu:N; received {device!r}.")
    if precision not in ("float32", "mixed"):
        raise UsageError(f"--precision must be float32 or mixed; received {precision!r}.")


def configure(
    device: str = "auto", precision: str = "float32", deterministic: bool | None = None
) -> Device:
    """Chooses the device and the precision for this process, and imports Keras.

    Args:
        device: `auto` takes a GPU when there is one; `all` every GPU; `cpu`; `gpu:N`.
        precision: `float32`, or `mixed` for bfloat16 arithmetic on float32 weights.
        deterministic: Whether equal runs must be bit-identical; None means yes on a CPU
            (where it costs no measurable time) and no on a GPU.

    Returns:
        The device, and why it was chosen.

    Raises:
        UsageError: The device does not exist on this machine.
    """
    check_request(device, precision)
    check_backend()
    with quiet_tensorflow():
        import keras

    backend = keras.config.backend()
    chosen = _BACKENDS[backend](device)
    if deterministic or (deterministic is None and chosen.name == "cpu"):
        _make_deterministic(backend)
    return dataclasses.replace(
        chosen, policy="mixed_bfloat16" if precision == "mixed" else "float32"
    )


def _tensorflow(device: str) -> Device:
    import tensorflow as tf

    def make(name: str, reason: str, strategy: Any = None) -> Device:
        threads = tf.config.threading.get_intra_op_parallelism_threads() or os.cpu_count() or 1
        return Device(name, reason, "tensorflow", threads, strategy)

    gpus = tf.config.list_physical_devices("GPU")
    with contextlib.suppress(RuntimeError):  # already initialised: then growth is set, too
        for gpu in gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
    if device == "all":
        devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
        if len(devices) > 1:
            names = ",".join(item.name.split("device:")[-1].lower() for item in devices)
            strategy = tf.distribute.MirroredStrategy([item.name for item in devices])
            return make(names, f"all {len(devices)} devices, data parallel", strategy)
    number = _gpu_number(device, len(gpus))
    with contextlib.suppress(RuntimeError):
        if gpus:
            tf.config.set_visible_devices([] if number is None else gpus[number], "GPU")
    if number is not None:
        return make(f"gpu:{number}", _reason(device, len(gpus)))
    if sys.platform != "linux":
        missing = "TensorFlow uses GPUs on Linux only"
    elif not tf.test.is_built_with_cuda():
        missing = "this TensorFlow was built without CUDA"
    else:
        missing = "no usable GPU found; if there is one: pip install 'deepzoo[cuda]'"
    return make("cpu", _reason(device, 0, missing))


def _jax(device: str) -> Device:
    import jax  # pyright: ignore[reportMissingImports]
    import keras

    gpus = [item for item in jax.devices() if item.platform != "cpu"]
    everything = gpus or jax.devices()
    threads = os.cpu_count() or 1
    if device == "all" and len(everything) > 1:
        keras.distribution.set_distribution(
            keras.distribution.DataParallel(auto_shard_dataset=False)
        )
        names = ",".join(f"{item.platform}:{item.id}" for item in everything)
        return Device(names, f"all {len(everything)} devices, data parallel", "jax", threads)
    number = _gpu_number(device, len(gpus))
    if number is None:
        jax.config.update("jax_default_device", jax.devices("cpu")[0])
        return Device("cpu", _reason(device, 0, "JAX found no GPU"), "jax", threads)
    jax.config.update("jax_default_device", gpus[number])
    return Device(f"gpu:{number}", _reason(device, len(gpus)), "jax", threads)


def _torch(device: str) -> Device:
    import torch  # pyright: ignore[reportMissingImports]

    count, threads = torch.cuda.device_count(), torch.get_num_threads()
    number = _gpu_number(device, count)
    if number is None:
        torch.set_default_device("cpu")
        return Device("cpu", _reason(device, 0, "PyTorch found no GPU"), "torch", threads)
    torch.set_default_device(f"cuda:{number}")
    return Device(f"gpu:{number}", _reason(device, count), "torch", threads)


_BACKENDS = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}


def _gpu_number(device: str, count: int) -> int | None:
    """Returns the number of the GPU to use, or None for the CPU."""
    number = int(device[4:]) if device.startswith("gpu:") else 0
    if device != "cpu" and number < count:
        return number
    if device.startswith("gpu:"):
        raise UsageError(f"There is no {device}: {count} GPUs were found.", "See: deepzoo doctor")
    return None


def _reason(device: str, count: int, missing: str = "") -> str:
    if device == "cpu" or device.startswith("gpu:"):
        return "asked for"
    return f"{count} GPU found" if count else missing


def _make_deterministic(backend: str) -> None:
    if backend == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
        # Two convolutions at once share the threads of a CPU now this way, now that way, and
        # sum up their gradients in another order. One at a time still uses all threads.
        with contextlib.suppress(RuntimeError):  # already initialised: then it stays as it is
            tf.config.threading.set_inter_op_parallelism_threads(1)
    elif backend == "torch":
        import torch  # pyright: ignore[reportMissingImports]

        torch.use_deterministic_algorithms(True)
