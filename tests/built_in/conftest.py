"""Fixtures of the tests of built-in plugins: small runs, trained once."""

from __future__ import annotations

import hypothesis
import pytest
from text_cases import SMALL, documents

# A busy machine may take long over the first example, which loads what the others use.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture
def no_baselines(monkeypatch):
    """Leaves the baselines out, which take longer than the networks of tests."""
    from deepzoo_text_generation.task import TextGeneration

    monkeypatch.setattr(TextGeneration, "baselines", ())


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """Trains char-best on `documents`; gives the folder, which tests must not change."""
    from deepzoo import api

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEEPZOO_HOME", str(tmp_path_factory.mktemp("trained")))
        # A file, not a list: what is scored again must be found again.
        path = tmp_path_factory.mktemp("texts") / "texts.csv"
        path.write_text("\n".join(["text", *documents()]), encoding="utf-8")
        settings = {**SMALL, "orders": "2", "buckets": 512, "learning_rate": 0.03}
        run = api.train("text", data=str(path), settings=settings, epochs=4, name="quick")
        return run.path


@pytest.fixture
def run(trained):
    """Opens the trained run as a fresh process would."""
    from deepzoo import api

    return api.load(str(trained))


@pytest.fixture(scope="session")
def image_trained(tmp_path_factory):
    """Trains a network on drawn digits; gives the folder, which tests must not change."""
    from deepzoo_image_classification.task import ImageClassification
    from image_runs import train_small

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEEPZOO_HOME", str(tmp_path_factory.mktemp("images")))
        patched.setattr(ImageClassification, "baselines", ())
        return train_small().path


@pytest.fixture
def image_run(image_trained):
    """Opens the run on drawn digits as a fresh process would."""
    from deepzoo import api

    return api.load(str(image_trained))
