"""Cleaning pages: training on patches, scores of whole pages, pages of any size and kind."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from deepzoo_autoencoding import baselines, inference
from deepzoo_autoencoding.inference import MARGIN, clean_page
from deepzoo_autoencoding.models import PageUNet
from deepzoo_autoencoding.prepare import PagePatches
from deepzoo_autoencoding.samples import draw_pages
from deepzoo_autoencoding.scoring import of_pages, ssim
from deepzoo_autoencoding.task import Denoising
from PIL import Image

from deepzoo import KerasNetwork, api
from deepzoo.errors import DataError
from deepzoo.interfaces.image_kinds import ImagePairs
from deepzoo.testing import check_dataset, check_model, check_task

pytest.importorskip("keras")

SMALL = {"widths": "4,6", "patch": 48, "batch_size": 4, "learning_rate": 0.01}
WITHOUT_KERAS = """
import sys
for name in ("keras", "tensorflow", "sklearn", "matplotlib", "scipy"):
    sys.modules[name] = None  # cannot be imported
import deepzoo, json
print(json.dumps(deepzoo.load(sys.argv[1]).predict(sys.argv[2]).tolist()))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Trains a small U-Net on drawn pages; gives the folder of its run."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEEPZOO_HOME", str(tmp_path_factory.mktemp("home")))
        return api.train("noisy-office", sample=True, settings=SMALL, epochs=5).path


@pytest.fixture
def run(folder):
    """Opens it as a fresh process would."""
    return api.load(str(folder))


def with_random_weights(model):
    """Builds a Keras network and its NumPy network, with random weights through which pages go."""
    network, rng = KerasNetwork(model.build({})), np.random.default_rng(0)
    arrays = {}
    for name, array in network.arrays().items():
        if name.endswith("kernel"):
            scale = np.sqrt(2 / np.prod(array.shape[:-1]))
            arrays[name] = rng.normal(0, scale, array.shape).astype("f")
        else:
            low, high = (0.5, 1.5) if name.endswith(("gamma", "variance")) else (-0.2, 0.2)
            arrays[name] = rng.uniform(low, high, array.shape).astype("f")
    network.load_arrays(arrays)
    return network, model.from_arrays({}, arrays)


def test_the_task_keeps_its_promises():
    assert check_task(Denoising, dataset="noisy-office", epochs=1, limit=6, **SMALL)


def test_the_published_model_keeps_its_promises():
    assert check_model("conv-denoiser", dataset="noisy-office", epochs=1, limit=4, filters=2)


@pytest.mark.parametrize("dataset", ["noisy-office", "image-pairs"])
def test_the_datasets_keep_their_promises(dataset):
    assert check_dataset(dataset)


def test_the_default_learns_and_is_scored_on_whole_pages(run):
    assert list(run.metrics) == list(Denoising.metrics)
    assert set(run.results["baselines"]) == set(Denoising.baselines)
    assert run.metrics["rmse"] < 0.7 * run.results["baselines"]["identity"]["rmse"]
    assert run.history[-1]["val_rmse"] < run.history[0]["val_rmse"]


def test_the_included_network_cleans_drawn_pages_better_than_all_rules():
    pages = draw_pages(3, 1000, 200, 200)
    errors = {
        name: of_pages(network, pages)["rmse"].values.mean()
        for name, network in {
            "ours": api.load("noisy-office@shipped").numpy_network,
            **{rule.name: rule().build({}) for rule in baselines.BASELINES[1:]},
        }.items()
    }
    assert errors["ours"] <= errors.pop("identity") / 2
    assert errors["ours"] == min(errors.values())


def test_patches_cover_each_page_to_its_edges():
    pages = [np.arange(n * m).reshape(n, m).astype(np.uint8) for n, m in ((50, 33), (16, 20))]
    patches = PagePatches(ImagePairs(pages, pages), 32)
    noisy, clean, _ = patches.batch(np.arange(len(patches)))
    assert noisy.shape == (5, 32, 32, 1)
    assert np.array_equal(noisy, clean)
    seen = {int(value) for value in np.rint(noisy[:4] * 255).ravel()}
    assert seen == set(np.unique(pages[0]).tolist())
    assert (noisy[4, 16:, :20, 0] == noisy[4, 15, :20, 0]).all()


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (37, 53), (64, 48)])
def test_pages_of_any_size_keep_their_size(run, shape):
    page = draw_pages(1, 5, *shape).noisy[0]
    assert run.predict(page).shape == shape


def test_a_page_may_be_reduced_before_it_is_cleaned(run):
    page = draw_pages(1, 5, 64, 48).noisy[0].repeat(2, axis=0).repeat(2, axis=1)
    assert np.array_equal(run.predict(page, scale=0.5), run.predict(page[::2, ::2]))
    assert run.predict(page, scale=0.01).shape == (1, 1)


def test_tiles_leave_no_seams():
    network, _ = with_random_weights(PageUNet(widths=(6, 6, 6, 6, 6)))
    page = np.random.default_rng(1).integers(0, 256, (330, 480)).astype(np.uint8)
    whole = clean_page(network, page)
    assert np.ptp(whole) > 20
    assert np.abs(clean_page(network, page, tile=160).astype(int) - whole).max() <= 1
    assert MARGIN % inference.MULTIPLE == 0


@pytest.mark.parametrize("widths", [(3, 4, 5), (4,), (2, 2, 2, 2, 2)])
def test_the_numpy_network_answers_as_keras(widths):
    network, numpy_network = with_random_weights(PageUNet(widths=widths))
    pages = np.random.default_rng(1).random((2, 48, 32, 1), np.float32)
    np.testing.assert_allclose(numpy_network.predict(pages), network.predict(pages), atol=1e-4)


def test_a_process_without_keras_cleans_the_same(run, folder, tmp_path):
    Image.fromarray(draw_pages(1, 6, 40, 70).noisy[0]).save(tmp_path / "page.png")
    command = [sys.executable, "-c", WITHOUT_KERAS, str(folder), str(tmp_path / "page.png")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    expected = clean_page(run.network, inference.read_page(tmp_path / "page.png"))
    assert np.abs(np.array(json.loads(done.stdout)) - expected).max() <= 1


def test_colour_alpha_sixteen_bits_and_turned_photos_are_read_as_pages(run, tmp_path):
    grey = draw_pages(1, 7, 48, 64).noisy[0]
    image = Image.fromarray(grey)
    forms = {
        "colour.png": image.convert("RGB"),
        "alpha.png": image.convert("RGBA"),
        "deep.png": Image.fromarray(grey.astype(np.uint16) * 257),
        "odd.jpg": image,
    }
    expected = run.predict(grey)
    for name, form in forms.items():
        form.save(tmp_path / name, quality=100) if name.endswith("jpg") else form.save(
            tmp_path / name
        )
        assert np.abs(run.predict(tmp_path / name).astype(int) - expected).mean() < 2
    exif = Image.Exif()
    exif[274] = 6
    image.save(tmp_path / "turned.png", exif=exif)
    assert run.predict(tmp_path / "turned.png").shape == (64, 48)
    (tmp_path / "cut.png").write_bytes((tmp_path / "colour.png").read_bytes()[:300])
    with pytest.raises(DataError, match=r"cut\.png is damaged or cut off"):
        run.predict(tmp_path / "cut.png")


def test_what_is_no_page_is_cleaned_too(run):
    scene = np.random.default_rng(0).integers(0, 256, (50, 40, 3)).astype(np.uint8)
    assert run.predict(scene).shape == (50, 40)
    assert run.predict(np.zeros((20, 20), np.uint8)).shape == (20, 20)


def test_rules_make_even_paper_white_and_keep_ink():
    page = np.full((1, 40, 40, 1), 0.7, np.float32)
    page[:, 10:30, 19:21] = 0.1
    for rule in (baselines.median_background, baselines.adaptive_threshold):
        cleaned = rule().build({}).predict(page)
        assert cleaned[0, 3, 3, 0] == 1
        assert cleaned[0, 20, 20, 0] <= 0.1
    assert np.array_equal(baselines.identity().build({}).predict(page), page)


def test_scores_of_a_perfect_and_of_a_wrong_page():
    pages = draw_pages(3, 8, 40, 60)
    perfect = of_pages(baselines.identity().build({}), ImagePairs(pages.clean, pages.clean))
    assert perfect["rmse"].values.mean() == 0
    assert perfect["ssim"].values == pytest.approx(np.ones(3), abs=1e-6)
    wrong = of_pages(baselines.identity().build({}), pages)
    both = zip(pages.noisy, pages.clean, strict=True)
    expected = np.sqrt(np.mean([(noisy / 255 - clean / 255) ** 2 for noisy, clean in both]))
    assert wrong["rmse"].values.mean() == pytest.approx(expected, rel=1e-5)
    assert wrong["ssim"].values.max() < 1


def test_ssim_is_that_of_the_formula_on_flat_images():
    x, y = (np.full((1, 20, 20, 1), value, np.float32) for value in (0.4, 0.6))
    expected = (2 * 0.4 * 0.6 + 1e-4) / (0.4**2 + 0.6**2 + 1e-4)
    assert ssim(x, y) == pytest.approx(expected, rel=1e-4)


def test_pages_are_drawn_alike_from_a_seed():
    first, again, other = (draw_pages(2, seed, 60, 80) for seed in (1, 1, 2))
    assert all(map(np.array_equal, first.noisy, again.noisy))
    assert not np.array_equal(first.noisy[0], other.noisy[0])
    for noisy, clean in zip(first.noisy, first.clean, strict=True):
        assert clean.min() < 60
        assert clean.max() == 255
        assert noisy.mean() < clean.mean()
