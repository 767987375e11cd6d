"""The networks: as published, exact in resuming, and augmented images only in training."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_image_classification.layers import Augment
from deepzoo_image_classification.models import CNN, MLP, CifarCNN, Perceptron, ResNetSmall
from deepzoo_image_classification.task import ImageClassification
from image_blobs import Blobs, pictures, spec

from deepzoo.errors import DataError
from deepzoo.testing import check_model

keras = pytest.importorskip("keras")

FAST = {"batch_size": 16, "epochs": 3}
CASES = {
    "perceptron": (Perceptron, {}),
    "mlp": (MLP, {"units": 16}),
    "mlp-mse": (MLP, {"units": 16, "loss": "mse", "average": 0.5}),
    "cnn": (CNN, {"filters1": 2, "filters2": 3, "units": 8}),
    "cifar-cnn": (CifarCNN, {"channels1": 2, "channels2": 3, "units": 8, "dropout": 0.5}),
    "resnet-small": (
        ResNetSmall,
        {"width": 4, "widths": "6,8", "mirror": "yes", "erase": 4, "average": 0.5},
    ),
    "resnet-small-warped": (
        ResNetSmall,
        {"width": 4, "widths": "6", "rotate": 15, "shear": 0.2, "scale": 0.15, "thicken": 0.5},
    ),
}


@pytest.fixture(autouse=True)
def no_baselines(monkeypatch):
    """Leaves the baselines out: they are tested by themselves."""
    monkeypatch.setattr(ImageClassification, "baselines", ())


@pytest.mark.parametrize("case", CASES)
def test_a_model_keeps_its_promises(case):
    model, settings = CASES[case]
    checked = check_model(model, dataset=Blobs, **FAST, **settings)
    assert not [line for line in checked if line.startswith("Skipped")]


def layers_of(model, size=28, channels=1):
    return model.build(spec(size, channels)).model.layers


def names(model):
    return [type(layer).__name__ for layer in layers_of(model)][1:]


@pytest.mark.parametrize(("first", "second", "parameters"), [(90, 40, 307_310), (50, 60, 378_570)])
def test_the_network_of_the_cifar_report_has_its_parameters(first, second, parameters):
    model = CifarCNN(channels1=first, channels2=second)
    assert model.build({**spec(32, 3), "classes": 10}).model.count_params() == parameters


def test_the_published_variants_of_the_fashion_network_leave_layers_out():
    whole = CNN(pool_dropout=0.0)
    assert names(whole) == "Conv2D Conv2D MaxPooling2D Flatten Dense Dropout Dense".split()
    second = CNN(pool_dropout=0.0, second_convolution=False)
    assert names(second) == "Conv2D MaxPooling2D Flatten Dense Dropout Dense".split()
    least = CNN(pool_dropout=0.0, second_convolution=False, pooling=False, dropout=0.0)
    assert names(least) == "Conv2D Flatten Dense Dense".split()


def test_the_dense_layer_of_the_cifar_network_is_linear():
    linear = next(layer for layer in layers_of(CifarCNN()) if layer.name == "linear")
    assert linear.units == 300
    assert linear.activation is keras.activations.linear


def test_squared_errors_are_those_of_probabilities():
    pixels = pictures(4).pixels.astype("f") / 255
    for loss, output in (("mse", "softmax"), ("cross_entropy", "logits")):
        network = MLP(loss=loss).build(spec(output=output))
        assert network.model.layers[-1].activation.__name__ == (
            "softmax" if loss == "mse" else "linear"
        )
        assert network.probabilities(pixels).sum(axis=1) == pytest.approx(np.ones(4), abs=1e-5)


@pytest.mark.parametrize(("model", "least"), [(CNN(), 6), (CifarCNN(), 20)])
def test_images_that_are_too_small_are_refused(model, least):
    assert model.build(spec(least)).model.count_params()
    with pytest.raises(DataError, match=f"{least}x{least}.*{least - 1}x{least - 1}"):
        model.build(spec(least - 1))


@pytest.mark.parametrize("size", [1, 5, 28, 33])
def test_the_default_takes_images_of_any_size(size):
    network = ResNetSmall(width=2, widths=(2, 3)).build(spec(size, 3))
    assert network.model.output_shape == (None, 4)


def test_augmented_images_are_shifted_and_mirrored_ones():
    picture = np.arange(1, 26, dtype="f").reshape(1, 5, 5, 1)
    padded = np.pad(picture[0, :, :, 0], 1, mode="reflect")
    expected = set()
    for top in range(3):
        for left in range(3):
            moved = padded[top : top + 5, left : left + 5]
            expected |= {tuple(moved.ravel()), tuple(moved[:, ::-1].ravel())}
    layer = Augment(shift=1, mirror=True, seed=3)
    found = np.asarray(layer(np.repeat(picture, 600, axis=0), training=True))
    assert {tuple(image.ravel()) for image in found} == expected
    assert np.array_equal(layer(picture, training=False), picture)


def test_an_erased_square_is_grey_and_no_larger_than_asked():
    pixels = pictures(200, channels=3).pixels.astype("f") / 255
    found = np.asarray(Augment(0, False, erase=4)(pixels, training=True))
    changed = (found != pixels).any(axis=-1)
    sizes = changed.sum(axis=(1, 2))
    assert sizes.max() == 16
    assert sizes.min() >= 1
    greys = [image[mask] for image, mask in zip(found, changed, strict=True)]
    assert all(np.ptp(grey) == 0 for grey in greys)


def bar(count=64):
    """Draws an upright bar of 5 x 17 pixels in the middle, bright on black."""
    pixels = np.zeros((count, 29, 29, 1), "f")
    pixels[:, 6:23, 12:17] = 1
    return pixels


def moments(images):
    """Returns for each image the means of x, y, y * y and x * y over what is bright."""
    y, x = np.mgrid[-14:15, -14:15]
    weights = images[..., 0] / images[..., 0].sum(axis=(1, 2), keepdims=True)
    return [(weights * values).sum(axis=(1, 2)) for values in (x, y, y * y, x * y)]


@pytest.mark.parametrize(
    ("settings", "most"), [({"rotate": 20.0}, 20), ({"shear": 0.3}, np.degrees(np.arctan(0.3)))]
)
def test_images_are_turned_and_slanted_about_their_middle(settings, most):
    x, y, yy, xy = moments(np.asarray(Augment(0, False, **settings)(bar(), training=True)))
    assert np.abs([x, y]).max() < 0.05
    lean = np.degrees(np.arctan(xy / yy))
    assert 0.6 * most < lean.max() < 1.05 * most
    assert -1.05 * most < lean.min() < -0.6 * most


def test_images_are_scaled_about_their_middle():
    found = moments(np.asarray(Augment(0, False, scale=0.25)(bar(), training=True)))
    assert np.abs([found[0], found[1], found[3]]).max() < 0.05
    tall = np.sqrt(found[2] / moments(bar())[2])
    assert 0.78 < tall.min() < 0.9
    assert 1.1 < tall.max() < 1.27


def test_strokes_become_thicker_and_thinner_by_a_pixel_at_most():
    layer = Augment(0, False, thicken=1.0)
    ink = np.asarray(layer(bar(), training=True)).sum(axis=(1, 2, 3))
    assert 3 * 15 <= ink.min() < 5 * 17 < ink.max() <= 7 * 19


def test_augmentation_is_seeded_and_goes_on():
    pixels = pictures(32).pixels.astype("f")
    first, second = (Augment(2, True, seed=5, rotate=9, thicken=0.5) for _ in range(2))
    runs = [
        [np.asarray(layer(pixels, training=True)) for _ in range(2)] for layer in (first, second)
    ]
    assert np.array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0][0], runs[0][1])
