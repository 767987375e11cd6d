"""Settings: whose they are, what they may be, and the way to run.json and back."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import pytest
from annotated_types import Ge, Interval, Le, MinLen

from deepzoo import Model, Task, setting
from deepzoo.errors import PluginError, UsageError
from deepzoo.interfaces import settings
from deepzoo.interfaces.kinds import Text, TextSettings
from deepzoo.interfaces.settings import describe


class Noisy(Task):
    name = "noisy"
    kinds = (Text,)
    default_model = "wide"

    noise: Annotated[float, Ge(0), Le(1)] = setting(0.0, "share of flipped letters")


class Wide(Model):
    name = "wide"
    task = "noisy"

    units: Annotated[int, Ge(1)] = setting(8, "units")
    noise: float = setting(0.0, "spread of noise")
    sizes: Annotated[tuple[int, ...], MinLen(1)] = setting((1, 2), "sizes of the layers")
    depth: Literal[1, 2] | None = setting(None, "layers, or none for as many as fit")
    width: Annotated[int, Interval(ge=2, lt=9)] | None = setting(None, "width")
    label: str = setting("none", "a name")
    tied: bool = setting(False, "tied weights")


class Even(Model):
    name = "even"
    task = "noisy"
    units: int = 2

    def __post_init__(self):
        if self.units % 2:
            raise ValueError(f"units must be even; received: {self.units}")


OWNERS = {"kind": TextSettings, "task": Noisy, "model": Wide}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("units", "16", 16),
        ("model.units", "16", 16),
        ("learning_rate", "3e-4", 3e-4),
        ("learning-rate", "1", 1.0),
        ("tied", "true", True),
        ("tied", "no", False),
        ("optimizer", "sgd", "sgd"),
        ("sizes", "3,4, 5", (3, 4, 5)),
        ("sizes", "7", (7,)),
        ("sizes", "[1, 2]", (1, 2)),
        ("depth", "2", 2),
        ("depth", "none", None),
        ("width", "None", None),
        ("width", "8", 8),
        ("label", "none", "none"),
        ("label", "12", "12"),
        ("label", "a=b, c", "a=b, c"),
        ("batch_size", 32, 32),
        ("sizes", (9, 8), (9, 8)),
    ],
)
def test_values_are_converted_to_the_type_of_the_setting(key, text, value):
    assigned = settings.assign(OWNERS, {key: text})["model"].as_dict()

    plain = key.rpartition(".")[2].replace("-", "_")
    assert assigned[plain] == value
    assert type(assigned[plain]) is type(value)
    assert {**assigned, plain: None} == {**Wide().as_dict(), plain: None}


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("epochs", "-1", "a whole number, at least 1"),
        ("epochs", "1.5", "a whole number, at least 1"),
        ("epochs", True, "a whole number, at least 1"),
        ("learning_rate", "0", "a number, above 0"),
        ("learning_rate", "nan", "a number, above 0"),
        ("learning_rate", float("inf"), "a number, above 0"),
        ("model.noise", "nan", "a number"),
        ("momentum", "1", "a number, at least 0 and below 1"),
        ("task.noise", "1.5", "a number, at least 0 and at most 1"),
        ("optimizer", "adm", "one of 'adam', 'adamw'"),
        ("depth", "3", "one of 1, 2 or none"),
        ("width", "9", "a whole number, at least 2 and below 9 or none"),
        ("sizes", "1,x", "a list with commas, each a whole number"),
        ("sizes", "", "with at least 1 of them"),
        ("sizes", "[1", "a list with commas"),
        ("tied", "perhaps", "true or false"),
        ("units", "none", "a whole number, at least 1"),
        ("label", 3, "text"),
    ],
)
def test_a_value_out_of_range_says_what_is_allowed(key, value, allowed):
    with pytest.raises(UsageError) as error:
        settings.assign(OWNERS, {key: value})

    assert allowed in error.value.message
    assert f"Received: {value!r}" in error.value.message
    assert f".{key.rpartition('.')[2]} of " in error.value.message
    assert error.value.exit_code == 2


def test_a_key_of_two_is_refused_with_both_spellings():
    with pytest.raises(UsageError, match=r"task and the model.*task\.noise= or model\.noise="):
        settings.assign(OWNERS, {"noise": "0.1"})

    assigned = settings.assign(OWNERS, {"task.noise": "0.1"})
    assert (assigned["task"].as_dict()["noise"], assigned["model"].as_dict()["noise"]) == (0.1, 0.0)


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [
        ("unit", "Did you mean 'units'?"),
        ("model.unit", "Did you mean 'model.units'?"),
        ("task.units", "Did you mean 'units'?"),
        ("experiment.units", "Did you mean 'units'?"),
        ("learningrate", "Did you mean 'learning_rate'?"),
    ],
)
def test_a_key_of_nobody_gets_the_closest_one(key, suggestion):
    with pytest.raises(UsageError) as error:
        settings.assign(OWNERS, {key: "1"})

    assert f"There is no setting '{key}'." in error.value.message
    assert suggestion in error.value.message
    assert error.value.hint == "List them with: deepzoo info wide"


def test_a_default_that_is_declared_again_keeps_its_bounds():
    class Longer(Wide):
        epochs: int = 99
        units: Annotated[int, Le(64)] = 16

    for key, value in (("epochs", "0"), ("units", "0"), ("units", "65")):
        with pytest.raises(UsageError, match="a whole number, at"):
            settings.assign({"model": Longer}, {key: value})
    assert settings.assign({"model": Longer}, {})["model"].as_dict()["epochs"] == 99


def test_one_setting_given_in_two_spellings_is_refused():
    with pytest.raises(UsageError, match=r"'model\.units' is given twice"):
        settings.assign(OWNERS, {"units": 1, "model.units": 2})


def test_a_check_of_the_recipe_itself_is_a_usage_error():
    with pytest.raises(UsageError, match="units must be even; received: 3"):
        settings.assign({"model": Even}, {"units": "3"})


@pytest.mark.parametrize("argument", ["units", "=3", " =3"])
def test_an_argument_without_key_or_equals_sign(argument):
    with pytest.raises(UsageError, match="written key=value"):
        settings.parse([argument])


def test_arguments_are_split_at_the_first_equals_sign():
    assert settings.parse(["label=a=b", "units= 3"]) == {"label": "a=b", "units": " 3"}
    with pytest.raises(UsageError, match="given twice: '1' and '2'"):
        settings.parse(["units=1", "units=2"])


def test_recipes_made_in_python_can_be_validated():
    assert settings.validate(Wide(units=3)) == Wide(units=3)
    with pytest.raises(UsageError, match="at least 1"):
        settings.validate(Wide(units=0))


def test_types_that_cannot_be_read_are_the_plugins_mistake():
    class Late(Model):
        name = "late"
        task = "noisy"
        size: NotImported = 3  # noqa: F821

    with pytest.raises(PluginError, match=r"NotImported.*top of the module"):
        settings.assign({"model": Late}, {"size": 3})


def test_rules_of_its_own_are_explained_by_the_validator():
    from pydantic import AfterValidator

    def odd(value: int) -> int:
        if value % 2 == 0:
            raise ValueError("it must be odd")
        return value

    Model3 = type(
        "Model3",
        (Model,),
        {"__annotations__": {"size": Annotated[int, AfterValidator(odd)]}, "size": 3},
    )
    assert describe(Annotated[int, AfterValidator(odd)]) == ""
    with pytest.raises(UsageError, match="it must be odd"):
        settings.assign({"model": Model3}, {"size": "4"})


@pytest.mark.parametrize("value", [np.int64(16), np.uint8(16), np.array(16)])
def test_numbers_of_numpy_count_as_numbers(value):
    assert settings.assign(OWNERS, {"units": value})["model"].units == 16
