"""Conformance kit: what deepzoo's own tests run on every plugin, for your tests as well.

Each check goes through all promises and raises one `AssertionError` with every fault, a
sentence each that says what to do. It returns what it has checked, a sentence each; what
could not be checked is in there too, with the reason, and so are warnings.

    from deepzoo.testing import check_dataset, check_model, check_plugin, check_task

    def test_haiku():
        check_dataset(Haiku)

    def test_tanka_model():
        check_model(TankaGRU, dataset=Haiku, units=4, epochs=2)

    def test_syllables():
        check_task(Syllables, dataset=Haiku)

    def test_everything():
        check_plugin("haiku")

Nothing is downloaded, and nothing is written outside a temporary folder: where files
would be needed and none are given, the dataset's `sample` stands in.
"""

from __future__ import annotations

from .dataset_checks import check_dataset
from .model_checks import check_model
from .plugin_checks import check_plugin
from .task_checks import check_task

__all__ = ["check_dataset", "check_model", "check_plugin", "check_task"]
