"""Every plot of every built-in task has the form of deepzoo.figures; a new task is tested, too."""

from __future__ import annotations

import io
import re
from functools import cache

import pytest
from matplotlib.text import Text
from translation_cases import TRANSFORMER

from deepzoo import api
from deepzoo.figures import fonts
from deepzoo.plugins import registry
from deepzoo.testing.findings import Findings
from deepzoo.testing.trial_runs import dataset_for

OTHER = "DejaVu Serif"  # stands for a font of another script
TASKS = {entry.name: entry.cls for entry in registry.tasks() if entry.distribution == "deepzoo"}
PLOTS = [(task, plot) for task, cls in TASKS.items() for plot in ("curves", *cls.plots)]


# The fastest model that has all plots of a task, where that is not the default one; and settings.
MODELS = {"image-classification": "cnn", "text-generation": "numpy-rnn"}
SETTINGS = {
    "addition": {"units": 8, "longer_examples": 20},
    "autoencoding": {"widths": "8", "code": 3},
    "denoising": {"widths": "4,6", "patch": 32},
    "image-classification": {"filters1": 4, "filters2": 4, "units": 8},
    "pixel-generation": {"filters": 4, "first": 3, "dilations": "1", "drawn": 0},
    "translation": {**TRANSFORMER, "evaluate_sentences": 20},
}


@pytest.fixture(scope="session")
def run_of(tmp_path_factory):
    """Gives a function that trains a model of a task, once for all of its plots."""
    home = str(tmp_path_factory.mktemp("plots"))

    @cache
    def train(task):
        model = MODELS.get(task, TASKS[task].default_model)
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("DEEPZOO_HOME", home)
            patched.setattr(TASKS[task], "baselines", ())
            options = {"epochs": 1, "limit": 100, "name": f"{model}-{'long' * 9}"}
            data = dataset_for(Findings(), TASKS[task](), None).name
            settings = SETTINGS.get(task, {})
            return api.train(data, model=model, sample=True, settings=settings, **options)

    return train


@pytest.mark.parametrize(("task", "plot"), PLOTS)
def test_a_plot_has_a_title_a_subtitle_and_fonts_for_its_names(task, plot, run_of, monkeypatch):
    # The colon of every subtitle is a letter that the usual font lacks here.
    latin, files = fonts._letters(fonts.USUAL), fonts._installed()
    letters = {fonts.USUAL: latin - {":"}, OTHER: latin}
    monkeypatch.setattr(fonts, "_letters", letters.get)
    monkeypatch.setattr(fonts, "_installed", lambda: {name: files[name] for name in letters})
    figure = run_of(task).plot(plot)
    figure.savefig(io.BytesIO(), format="png", dpi=50)
    title, first, *more = (text.get_text() for text in figure.texts)
    assert re.match("[A-Z]|chrF", title)
    assert figure.texts[0].get_weight() == "bold"
    # The name of the run, what was counted, and how to read the plot.
    assert re.match(r"[a-z0-9-]+/.*long: \d", first), [title, first, *more]
    for text in figure.texts[:2]:
        assert text.get_window_extent().x1 <= figure.bbox.x1, text
    assert not figure.get_suptitle()
    for text in figure.findobj(Text):
        assert OTHER in text.get_fontfamily(), text
