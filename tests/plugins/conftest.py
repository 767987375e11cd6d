"""What the tests of text generation share: a small run, trained once."""

from __future__ import annotations

import numpy as np
import pytest

SMALL = {
    "units": 12,
    "embedding": 8,
    "sequence_length": 10,
    "batch_size": 8,
    "evaluate_texts": 4,
    "evaluate_characters": 2_000,
}


def documents(count: int = 300) -> list[str]:
    """Makes texts that begin with Q, and end after the first full stop."""
    rng = np.random.default_rng(0)
    return [f"Q{''.join(rng.choice(list('aeiou nt'), rng.integers(6, 12)))}." for _ in range(count)]


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
