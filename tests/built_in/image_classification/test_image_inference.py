"""Using a run of image classification: predictions of photos, and its feature maps."""

from __future__ import annotations

import json

import numpy as np
import pytest
from image_runs import stroke
from PIL import Image

from deepzoo import Splits
from deepzoo.cli import main
from deepzoo.errors import UsageError

pytest.importorskip("matplotlib")

from deepzoo_image_classification import inference
from deepzoo_image_classification.linear import scaled


@pytest.fixture
def exported_images(image_run, tmp_path):
    """Writes the first test images as PNG files."""
    paths = []
    for index, pixels in enumerate(inference.test_split(image_run).pixels[:4]):
        paths.append(tmp_path / f"test-{index}.png")
        Image.fromarray(pixels[..., 0]).save(paths[-1])
    return paths


def test_exported_test_images_are_predicted_as_they_were_scored(image_run, exported_images):
    answers = image_run.predict(*exported_images, top=10)
    expected = inference.predict_test_split(image_run)
    for answer, row in zip(answers, expected.probabilities, strict=False):
        assert answer["label"] == expected.classes[row.argmax()]
        assert answer["probability"] == pytest.approx(row.max(), abs=1e-5)
        assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-4)
        assert list(answer["probabilities"].values()) == sorted(
            answer["probabilities"].values(), reverse=True
        )


def test_one_image_one_answer_and_none_is_refused(image_run, exported_images):
    answer = image_run.predict(exported_images[0])
    assert isinstance(answer, dict)
    assert len(answer["probabilities"]) == 3
    assert image_run.predict(np.asarray(Image.open(exported_images[0]))) == answer
    with pytest.raises(UsageError, match="at least one image"):
        image_run.predict()


def test_a_blank_image_gets_a_warning_and_no_label(image_trained, image_run, tmp_path, capsys):
    path = tmp_path / "blank.png"
    Image.new("L", (90, 70), 240).save(path)
    answers = image_run.predict(path, stroke())
    assert answers[0] == {"label": None, "probability": None, "probabilities": {}}
    assert answers[1]["label"] in image_run.preprocessor["classes"]
    assert main(["predict", str(image_trained), str(path), "--json"]) == 0
    answer, told = capsys.readouterr()
    assert json.loads(answer)[0]["output"]["label"] is None
    assert f"{path} is blank" in told


def test_several_drawings_get_one_label_and_a_warning(image_trained, tmp_path, capsys):
    path = tmp_path / "pair.png"
    pair = Image.new("L", (400, 300), 240)
    for left in (80, 250):
        pair.paste(20, (left, 50, left + 30, 250))
    pair.save(path)
    assert main(["predict", str(image_trained), str(path), "--json"]) == 0
    answer, told = capsys.readouterr()
    assert json.loads(answer)[0]["output"]["label"] is not None
    assert f"{path} shows several drawings" in told


def test_a_run_that_was_trained_on_blank_images_names_them(image_run, monkeypatch):
    from deepzoo_image_classification.files.adapt import describe

    some = np.zeros((10, 28, 28, 1), np.uint8)
    some[::2, 10:18, 10:18] = 255
    described = {"classes": image_run.preprocessor["classes"], **describe(some)}
    monkeypatch.setattr(type(image_run), "preprocessor", described)
    assert image_run.predict(some[1])["label"] is not None


def test_photos_of_any_size_are_predicted_from_the_command_line(image_trained, tmp_path, capsys):
    colour = np.stack([stroke()] * 3, axis=-1)
    for name in ("a.jpg", "b.png"):
        Image.fromarray(colour).save(tmp_path / name)
    files = [str(tmp_path / name) for name in ("a.jpg", "b.png")]
    assert main(["predict", str(image_trained), *files, "--top", "2", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["input"] for row in rows] == files
    assert all(len(row["output"]["probabilities"]) == 2 for row in rows)
    assert main(["predict", str(image_trained), files[0]]) == 0
    assert "label" in capsys.readouterr().out


def test_a_file_that_is_no_image_ends_with_code_3_and_its_path(image_trained, tmp_path, capsys):
    path = tmp_path / "notes.png"
    path.write_text("not an image")
    assert main(["predict", str(image_trained), str(path)]) == 3
    assert str(path) in capsys.readouterr().err


def test_a_run_on_permuted_pixels_gets_photos_permuted(image_run, monkeypatch):
    from deepzoo.interfaces.image_kinds import ImageSettings

    settings, test = ImageSettings(permute_pixels=True), inference.test_split(image_run)
    permuted = settings.apply(Splits(test, test, test)).test.pixels
    recipes = {"kind": settings, "task": image_run.recipe("task")}
    monkeypatch.setattr(image_run, "recipe", recipes.get)
    found = image_run.prepare_inputs(list(test.pixels[:3]))
    assert np.array_equal(found, scaled(permuted[:3]))
    assert not np.array_equal(found, scaled(test.pixels[:3]))


def test_every_convolution_and_pooling_layer_gives_its_maps(image_run):
    found = inference.feature_maps(image_run, inference.image_of(image_run, 0))
    assert [(maps.label, maps.layer) for maps in found] == [
        ("C1", "conv1"),
        ("C2", "conv2"),
        ("S1", "pool"),
    ]
    assert [maps.values.shape for maps in found] == [(26, 26, 4), (24, 24, 10), (12, 12, 10)]
    pooled = found[1].values.reshape(12, 2, 12, 2, 10).max(axis=(1, 3))
    assert np.allclose(found[2].values, pooled, atol=1e-6)


def test_the_first_filters_are_the_kernel(image_run):
    name, kernel = inference.first_filters(image_run)
    assert (name, kernel.shape) == ("conv1", (3, 3, 1, 4))
    assert np.array_equal(kernel, image_run.arrays()["0000/kernel"])


def test_images_are_named_by_file_or_by_number(image_run, exported_images, monkeypatch):
    test = scaled(inference.test_split(image_run).pixels)
    for number in ("2", 2, np.int64(2)):
        assert np.array_equal(inference.image_of(image_run, number), test[2])
    with pytest.raises(UsageError, match="no test image -1"):
        inference.image_of(image_run, -1)
    assert np.array_equal(inference.image_of(image_run, exported_images[3]), test[3])
    with pytest.raises(UsageError, match="no test image 60"):
        inference.image_of(image_run, "60")
    monkeypatch.chdir(exported_images[0].parent)
    exported_images[1].rename("2")  # a file of that name comes first
    assert np.array_equal(inference.image_of(image_run, "2"), test[1])


def test_networks_without_maps_say_so(image_run, monkeypatch):
    import keras

    inputs = keras.Input((28, 28, 1))
    network = keras.Model(inputs, keras.layers.Dense(5)(keras.layers.Flatten()(inputs)))
    monkeypatch.setattr(type(image_run), "keras_model", network)
    with pytest.raises(UsageError, match="has no feature maps"):
        inference.feature_maps(image_run, inference.image_of(image_run, 0))
    assert inference.first_filters(image_run)[1].shape == (28, 28, 1, 5)
    monkeypatch.setattr(type(image_run), "keras_model", None)
    with pytest.raises(UsageError, match="no layer with weights"):
        inference.first_filters(image_run)
