"""The published RNN in plain NumPy, as data: its settings, its figures, its samples."""

from __future__ import annotations

from deepzoo import Experiment, Figure, Published

_SETTLED = {"model.epochs": 6}


class NumpyRNNExperiment(Experiment):
    """A character RNN from the equations alone, on a novel.

    The report's novel is under copyright; ours are Tom Sawyer and Shakespeare. It gave the
    largest relative error of single elements of the gradients; the smooth loss is a running
    mean of the loss of a sequence in nats. It wrote ten samples of 200 characters, one every
    10,000 steps, and 1,000 characters from its best model.
    """

    name = "numpy-rnn"
    source = "A report on a character RNN in plain NumPy, after a minimal one that is public"
    dataset = "tom-sawyer"
    model = "numpy-rnn"
    settings = {
        "dataset.splits": "report",
        "task.lower_case": False,
        "model.units": 100,
        "model.sequence_length": 25,
        "model.deviation": 0.1,
        "model.l2": 0.0,
        "model.learn_end": False,
        "model.sample_steps": 10_000,
        "model.order": "streams",
        "model.batch_size": 1,
        "model.optimizer": "adagrad",
        "model.learning_rate": 0.1,
        "model.clip": 5.0,
        "model.epochs": 6,
    }
    figures = (
        Figure("smooth_loss", 39, _SETTLED, "the lower end of where it settled; another novel"),
        Figure("smooth_loss", 42, _SETTLED, "the upper end of where it settled; another novel"),
        Figure("relative error of the gradient of b", 1.7467e-9, note="largest of one element"),
        Figure("relative error of the gradient of c", 3.0503e-10, note="largest of one element"),
        Figure("relative error of the gradient of U", 2.8536e-9, note="largest of one element"),
        Figure("relative error of the gradient of W", 1.9630e-7, note="largest of one element"),
        Figure("relative error of the gradient of V", 8.2572e-9, note="largest of one element"),
    )
    samples = (
        Published("", 'theedtjbidcthe sin ca" tlstbe sid', {"sample": 1}),
        Published(
            "",
            'iched Ibes, and lastly. Harrys you his look," said Hermionedle enore tean',
            {"sample": 10},
        ),
    )
    claims = ("Two parts of the book are especially hard.",)


class NumpyRNNShakespeare(NumpyRNNExperiment):
    """The network of `numpy-rnn` on the plays; no loss on them was published."""

    name = "numpy-rnn-shakespeare"
    dataset = "shakespeare"
    claims = ()


NUMPY_EXPERIMENTS: tuple[type[Experiment], ...] = (NumpyRNNExperiment, NumpyRNNShakespeare)
