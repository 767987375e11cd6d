"""The default network in NumPy: what Keras computes, without Keras."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from deepzoo_image_classification.models import ResNetSmall
from deepzoo_image_classification.task import ImageClassification
from image_blobs import spec
from image_runs import stroke
from PIL import Image

from deepzoo import api
from deepzoo.errors import CheckpointError

pytest.importorskip("keras")

SETTINGS = {
    "plain": {},
    "softmax of squared errors": {"loss": "mse"},
    "same width": {"width": 6, "widths": (6, 6)},
    "one block": {"widths": (5,), "dropout": 0.0, "shift": 0},
    "no block": {"widths": ()},
    "augmented": {"shift": 1, "erase": 3},
}
WITHOUT_KERAS = """
import sys
for name in ("keras", "tensorflow", "sklearn", "matplotlib"):
    sys.modules[name] = None  # cannot be imported
import deepzoo, json
print(json.dumps(deepzoo.load(sys.argv[1]).predict(sys.argv[2], top=10)))
"""


def trained(model, height=28, width=28, channels=1):
    """Builds a Keras network with random weights, of both signs where training has them."""
    shape = spec(channels=channels, mirror=True) | {"height": height, "width": width}
    network, rng = model.build(shape), np.random.default_rng(0)
    arrays = {
        name: rng.uniform(0.5 if name.endswith("variance") else -0.7, 0.7, array.shape).astype("f")
        for name, array in network.arrays().items()
    }
    network.load_arrays(arrays)
    return shape, network, arrays


def assert_same_answers(model, height=28, width=28, channels=1):
    shape, network, arrays = trained(model, height, width, channels)
    numpy_network = model.from_arrays(shape, arrays)
    images = np.random.default_rng(1).random((19, height, width, channels), np.float32)
    for method in ("predict", "probabilities"):
        expected = getattr(network, method)(images)
        np.testing.assert_allclose(getattr(numpy_network, method)(images), expected, atol=1e-4)


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_the_numpy_network_answers_as_keras_with_all_settings(settings):
    assert_same_answers(ResNetSmall(**{"width": 4, "widths": (5, 6), **settings}))


@pytest.mark.parametrize("size", [(1, 1), (1, 6), (5, 2), (17, 33)])
def test_the_numpy_network_answers_as_keras_for_images_of_any_size(size):
    assert_same_answers(ResNetSmall(width=4, widths=(5, 6)), *size, channels=3)


def test_weights_of_another_network_are_refused():
    model = ResNetSmall(width=4, widths=(5, 6))
    shape, _, arrays = trained(model)
    for wrong in (dict(list(arrays.items())[:-1]), {**arrays, "0099/kernel": np.zeros(1)}):
        with pytest.raises(CheckpointError, match=r"arrays are (too few|left over)"):
            model.from_arrays(shape, wrong)


def test_a_process_that_cannot_import_keras_predicts_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(ImageClassification, "baselines", ())
    settings = {"width": 4, "widths": "6,8", "subset": 60, "test_subset": 20}
    run = api.train("mnist", sample=True, epochs=1, settings=settings, name="quick")
    Image.fromarray(stroke()).save(tmp_path / "one.png")
    script = [sys.executable, "-c", WITHOUT_KERAS, str(run.path), str(tmp_path / "one.png")]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer, expected = json.loads(done.stdout), run.predict(tmp_path / "one.png", top=10)
    assert answer["label"] == expected["label"]
    assert answer["probabilities"] == pytest.approx(expected["probabilities"], abs=1e-5)
