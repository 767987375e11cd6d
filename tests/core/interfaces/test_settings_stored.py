"""Settings in run.json, and what listing them costs."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Literal

import pytest

from deepzoo import Model, setting
from deepzoo.errors import CheckpointError
from deepzoo.interfaces import settings
from deepzoo.interfaces.kinds import TextSettings


class Wide(Model):
    name = "wide"
    task = "noisy"

    units: int = setting(8, "units")
    sizes: tuple[int, ...] = setting((1, 2), "sizes of the layers")
    depth: Literal[1, 2] | None = setting(None, "layers")


OWNERS = {"kind": TextSettings, "model": Wide}


def test_settings_survive_the_way_through_json():
    recipes = settings.assign(OWNERS, {"sizes": "3,4", "depth": "2", "encoding": "latin-1"})

    stored = json.loads(json.dumps(settings.qualified(recipes)))

    assert stored["model.sizes"] == [3, 4]
    assert stored["kind.encoding"] == "latin-1"
    assert settings.restore(OWNERS, stored) == recipes


def test_a_stored_setting_that_is_gone_is_named():
    with pytest.raises(CheckpointError, match=r"'model\.heads' = 4, which 'wide' does not have"):
        settings.restore(OWNERS, {"model.heads": 4})
    with pytest.raises(CheckpointError, match=r"'dataset\.size' = 4, which the dataset"):
        settings.restore(OWNERS, {"dataset.size": 4})


def test_a_stored_run_without_a_newer_setting_gets_its_default():
    assert settings.restore({"model": Wide}, {"model.units": 3}) == {"model": Wide(units=3)}


def test_a_newer_setting_is_off_in_an_old_run_whatever_new_runs_take():
    class Wider(Wide):
        name = "wider"
        defaults = {"units": 64, "depth": 2}

    (restored,) = settings.restore({"model": Wider}, {"model.units": 3}).values()
    assert restored == Wider(units=3, depth=None)


def test_sixty_recipes_are_listed_without_pydantic_or_numpy():
    code = """
import sys
from typing import Annotated
from annotated_types import Ge
from deepzoo import Model, setting
from deepzoo.interfaces import settings
for number in range(60):
    types = {"units": Annotated[int, Ge(0)]}
    fields = {"units": setting(number, "units"), "__annotations__": types}
    cls = type(f"M{number}", (Model,), {"name": f"m{number}", "task": "t", **fields})
    assert len(cls.settings()) > 10
owner = {"model": cls}
assert settings.restore(owner, settings.qualified({"model": cls()})) == {"model": cls()}
print(sorted({"pydantic", "numpy", "keras"} & set(sys.modules)))
try:
    settings.assign(owner, {"units": "-1"})
except settings.UsageError as error:
    print(error.exit_code, sorted({"numpy", "keras", "tensorflow"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout.splitlines() == ["[]", "2 []"], done.stderr
