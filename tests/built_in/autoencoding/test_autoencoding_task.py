"""Compression: training, scores, codes, and images of random codes."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_autoencoding.models import Autoencoder, AutoencoderModel, CompressorMLP, Variational
from deepzoo_autoencoding.numpy_networks import PrincipalComponents
from deepzoo_autoencoding.prepare import prepare, read_images
from deepzoo_autoencoding.task import Autoencoding
from PIL import Image

from deepzoo import api
from deepzoo.cli import main
from deepzoo.errors import DataError, UsageError
from deepzoo.interfaces.image_kinds import Images
from deepzoo.interfaces.kinds import Splits
from deepzoo.testing import check_model, check_task

pytest.importorskip("keras")


def digits(**options):
    """Trains on the drawn stand-in of MNIST."""
    options = {"model": "compressor-mlp", "epochs": 4, **options}
    return api.train("mnist", task="autoencoding", sample=True, **options)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Trains the default and a variational network; gives the folders of their runs."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEEPZOO_HOME", str(tmp_path_factory.mktemp("home")))
        settings = {"widths": "32", "code": 6, "subset": 400, "batch_size": 16}
        default = digits(settings={**settings, "learning_rate": 0.005}, epochs=8).path
        patched.setattr(Autoencoding, "baselines", ())
        settings = {"units": 16, "code": 2, "subset": 100}
        variational = digits(model="variational", settings=settings, epochs=1).path
        return {"default": default, "variational": variational}


@pytest.fixture
def run(folders):
    """Opens the default as a fresh process would."""
    return api.load(str(folders["default"]))


def test_the_task_keeps_its_promises():
    checked = check_task(
        Autoencoding, dataset="mnist", epochs=1, widths="8", code=3, subset=60, test_subset=20
    )
    assert any("encode answers" in line for line in checked)


@pytest.mark.parametrize("model", ["autoencoder", "deep-autoencoder", "variational"])
def test_the_published_models_keep_their_promises(model):
    small = {"units": 8} if model == "variational" else {}
    assert check_model(model, dataset="mnist", epochs=1, code=2, subset=40, **small)


def test_the_default_learns_and_is_beside_components_of_equal_number(run):
    assert list(run.metrics) == list(Autoencoding.metrics)
    losses = [row["val_cross_entropy"] for row in run.history]
    assert losses[-1] < 0.8 * losses[0]
    assert run.metrics["probe_accuracy"] > 0.3
    pca = run.baseline("pca")
    assert pca.arrays()["components"].shape == (6, 784)
    assert run.results["baselines"]["pca"]["mse"] < 0.05


def test_images_are_restored_and_encoded(run, tmp_path):
    test = run.workload().data.splits.test.pixels[:3]
    Image.fromarray(test[0, ..., 0]).save(tmp_path / "digit.png")
    restored = run.predict(tmp_path / "digit.png")
    assert restored.shape == (28, 28, 1)
    assert (
        np.abs(restored.astype(int) - test[0]).mean() < np.abs(test[1].astype(int) - test[0]).mean()
    )
    codes = run.encode(*test)
    assert [list(code) for code in codes] == [["c1", "c2", "c3", "c4", "c5", "c6"]] * 3
    expected = run.network.encode(test / np.float32(255))
    np.testing.assert_allclose([list(code.values()) for code in codes], expected, atol=1e-4)


def test_codes_are_written_to_a_table(folders, tmp_path, capsys):
    paths = [str(tmp_path / f"{n}.png") for n in range(2)]
    for path in paths:
        Image.new("L", (20, 30), 40).save(path)
    out = tmp_path / "codes.csv"
    assert main(["encode", str(folders["default"]), *paths, "--out", str(out)]) == 0
    header, *rows = out.read_text().splitlines()
    assert header == "input,c1,c2,c3,c4,c5,c6"
    assert len(rows) == 2


def test_only_a_variational_network_generates(folders, run):
    variational = api.load(str(folders["variational"]))
    sheet = variational.generate(n=5, seed=1)
    assert sheet.shape == (2 * 29 - 1, 3 * 29 - 1, 1)
    assert np.array_equal(sheet, variational.generate(n=5, seed=1))
    assert not np.array_equal(sheet, variational.generate(n=5, seed=2))
    with pytest.raises(UsageError, match="cannot generate"):
        run.generate(n=5)


def test_the_code_of_a_variational_network_is_drawn_in_training_alone():
    spec = {"inputs": {"shape": [4, 4, 1]}, "code": 2, "seed": 0}
    network = Variational(units=8).build(spec)
    images = np.random.default_rng(0).random((5, 4, 4, 1), np.float32)
    same = network.predict(images)
    assert np.array_equal(same, network.predict(images))
    first, second = (np.asarray(network.model(images, training=True)) for _ in range(2))
    assert not np.allclose(first, second)
    mean = np.asarray(network.model.get_layer("mean").output.shape)
    assert mean[-1] == 2
    np.testing.assert_allclose(network.decode(network.encode(images)), same, atol=1e-5)


def test_a_sparse_code_costs_its_sum_in_the_loss():
    spec = {"inputs": {"shape": [4, 4, 1]}, "code": 3, "seed": 0}
    images = np.random.default_rng(0).random((5, 4, 4, 1), np.float32)
    assert not Autoencoder().build(spec).model.losses
    network = Autoencoder(sparsity=0.5).build(spec)
    network.model(images)
    (loss,) = network.model.losses
    codes = network.encode(images)
    assert codes.any()
    assert float(loss) == pytest.approx(0.5 * codes.sum(axis=1).mean(), rel=1e-5)


def test_the_numpy_compressor_answers_as_keras():
    spec = {"inputs": {"shape": [5, 6, 3]}, "code": 4, "seed": 0}
    for widths in ((7, 5), ()):
        model = CompressorMLP(widths=widths)
        network = model.build(spec)
        numpy_network = model.from_arrays(spec, network.arrays())
        images = np.random.default_rng(0).random((9, 5, 6, 3), np.float32)
        for verb, inputs in (
            ("predict", images),
            ("encode", images),
            ("decode", images[:, 0, 0:1, 0].repeat(4, 1)),
        ):
            expected = getattr(network, verb)(inputs)
            np.testing.assert_allclose(getattr(numpy_network, verb)(inputs), expected, atol=1e-5)


def test_components_restore_what_lies_in_their_plane():
    rng = np.random.default_rng(0)
    plane = rng.random((2, 6))
    images = (rng.random((50, 2)) @ plane / plane.sum(axis=0)).reshape(-1, 2, 3, 1)
    network = PrincipalComponents({"inputs": {"shape": [2, 3, 1]}, "code": 8})
    network.fit_arrays(images.astype(np.float32), None)
    np.testing.assert_allclose(network.predict(images), images, atol=1e-5)
    assert not network.weights["components"][6:].any()


def test_images_of_another_size_are_fitted_and_turned_to_the_ground_of_the_training():
    facts = {"shape": [10, 10, 1], "border": 0.0}
    photo = np.full((40, 20), 255, np.uint8)
    photo[10:30, 4:16] = 0
    (read,) = read_images([photo], facts)
    assert read.shape == (10, 10, 1)
    assert read[0, 0, 0] == 0
    assert read[5, 5, 0] > 150
    (colour,) = read_images([np.zeros((3, 3, 3), np.uint8)], {"shape": [5, 5, 3], "border": 255.0})
    assert not colour.any()


def test_splits_of_different_sizes_are_refused():
    parts = [
        Images(np.zeros((4, side, side, 1), np.uint8), np.arange(4) % 2, ("a", "b"))
        for side in (8, 8, 9)
    ]
    with pytest.raises(DataError, match=r"test images differ in size.*\[8, 8, 1\].*\[9, 9, 1\]"):
        prepare(Splits(*parts), 2)


def test_a_network_without_codes_says_so(monkeypatch):
    class Whole(AutoencoderModel):
        """Has no layer for the code."""

        name = "whole"

        def build(self, spec):
            import keras

            x = inputs = keras.Input(spec["inputs"]["shape"])
            return keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(x))

    from deepzoo.testing.trial_runs import workshop

    with workshop(Whole):
        monkeypatch.setattr(Autoencoding, "baselines", ())
        run = digits(model="whole", settings={"subset": 60}, epochs=1)
        assert "probe_accuracy" not in run.metrics
        with pytest.raises(UsageError, match="does not tell its codes"):
            run.encode(np.zeros((28, 28), np.uint8))
