"""How a score is set beside those of baselines."""

from __future__ import annotations

import pytest

from deepzoo.cli import results

ROW = {"run": "d/r", "task": "none", "metrics": {"bits": 2.0}, "baselines": {"b": {"bits": 2.5}}}


@pytest.mark.parametrize(
    ("difference", "says"),
    [
        ([-0.5, -0.6, -0.4], "run better by 0.500 (0.400 to 0.600)"),
        ([0.5, 0.4, 0.6], "run worse by 0.500 (0.400 to 0.600)"),
        ([-0.1, -0.3, 0.1], "no clear difference"),
        ([0.0, None, None], "no clear difference"),
        ([-0.5, None, None], "run better by 0.500 (no interval)"),
        ([-0.5, float("nan"), float("nan")], "run better by 0.500 (no interval)"),
    ],
)
def test_a_difference_from_a_baseline_is_shown_with_what_is_known_of_it(difference, says, capsys):
    results.show({**ROW, "baseline_differences": {"b": {"bits": difference}}}, {})
    assert says in capsys.readouterr().out
