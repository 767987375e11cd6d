"""Networks that draw whole images: they learn, resume exactly, and draw reproducibly."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_pixel_generation.models import PixelGAN, PixelVAE

from deepzoo import api
from deepzoo.testing import check_model

pytest.importorskip("keras")

SMALL = {"units": 16, "code": 4}
BOTH = pytest.mark.parametrize("recipe", [PixelVAE(**SMALL), PixelGAN(**SMALL)], ids=["VAE", "GAN"])


def built(recipe, levels=3):
    return recipe.build({"height": 5, "width": 4, "levels": levels, "classes": 2, "seed": 0})


@BOTH
def test_both_learn_are_stored_and_resume_exactly(recipe):
    assert check_model(
        type(recipe), dataset="mnist", epochs=2, subset=100, test_subset=10, drawn=10, **SMALL
    )


@BOTH
def test_an_image_depends_on_the_seed_and_its_number_alone(recipe):
    network = built(recipe)
    images = network.draw(np.zeros(6, int), seed=1)
    assert images.shape == (6, 5, 4)
    assert set(np.unique(images)) == {0, 1, 2}
    assert np.array_equal(network.draw(np.ones(2, int), seed=1), images[:2])
    assert not np.array_equal(network.draw(np.zeros(6, int), seed=2), images)
    assert network.draw(np.zeros(0, int), seed=1).shape == (0, 5, 4)


def test_the_losses_of_a_gan_leave_the_other_player_alone():
    import tensorflow as tf

    model = built(PixelGAN(**SMALL), levels=2).model
    pixels, labels = np.random.default_rng(0).random((8, 5, 4), np.float32), np.zeros(8, np.int32)
    of_discriminator = model.get_layer("adversary").trainable_variables
    of_generator = model.trainable_variables[: -len(of_discriminator)]
    with tf.GradientTape(persistent=True) as tape:
        model([pixels, labels], training=True)
        discriminator_loss, generator_loss = model.losses

    def moved(loss, variables):
        """Tells whether a loss has a gradient for each of the variables."""
        gradients = tape.gradient(loss, [variable.value for variable in variables])
        return [gradient is not None and bool(np.any(gradient)) for gradient in gradients]

    assert all(moved(discriminator_loss, of_discriminator))
    assert not any(moved(discriminator_loss, of_generator))
    assert not any(moved(generator_loss, of_discriminator))
    assert any(moved(generator_loss, of_generator))


def test_images_are_drawn_as_those_that_were_learned(tmp_path, monkeypatch):
    monkeypatch.setenv("DEEPZOO_HOME", str(tmp_path))
    settings = {"subset": 400, "test_subset": 10, "units": 64, "batch_size": 16}
    run = api.train("mnist", model="pixel-vae", sample=True, epochs=6, settings=settings)
    drawn = run.network.draw(np.zeros(200, int), seed=0).mean(axis=0)
    known = run.workload().prepared.train
    levels = known.quantised(np.arange(len(known))).mean(axis=0)
    assert np.corrcoef(drawn.ravel(), levels.ravel())[0, 1] > 0.8
    assert "nll" not in run.metrics
