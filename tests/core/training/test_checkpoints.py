"""Checkpoints: whole or not there, and the one before when the newest is damaged."""

from __future__ import annotations

import json

import numpy as np
import pytest

from deepzoo.errors import CheckpointError, DivergedError, ResourceError
from deepzoo.training.checkpoints import (
    best_name,
    checkpoint_names,
    load_checkpoint,
    load_newest,
    prune,
    save_checkpoint,
    step_name,
)

ARRAYS = {
    "0000/kernel": np.arange(6, dtype="float32").reshape(2, 3),
    "0001/step": np.array(7, dtype="int64"),
    "0002/seed": np.array([1, 2], dtype="uint32"),
    "0003/flag": np.array([True, False]),
}


def test_what_is_saved_is_loaded(tmp_path):
    path = save_checkpoint(tmp_path, step_name(12), ARRAYS, {"step": 12, "history": [{"a": 0.1}]})
    arrays, state = load_checkpoint(path)
    assert state == {"step": 12, "history": [{"a": 0.1}]}
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert arrays[name].shape == array.shape
        assert (arrays[name] == array).all()


def test_names_sort_by_step():
    assert step_name(9) < step_name(10) < step_name(99_999_999)
    assert best_name(9) < best_name(10)


def test_the_same_name_again_replaces_and_leaves_nothing_behind(tmp_path):
    for value in (1, 2):
        save_checkpoint(tmp_path, "ckpt-00000001", {"a": np.array([value])}, {"value": value})
    assert load_checkpoint(tmp_path / "ckpt-00000001").state == {"value": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["ckpt-00000001"]


def test_a_failed_save_of_the_same_name_leaves_the_old_one(tmp_path, monkeypatch):
    import deepzoo.training.checkpoints as module

    save_checkpoint(tmp_path, "ckpt-00000001", {"a": np.ones(1)}, {"value": 1})

    def fail(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_json", fail)
    with pytest.raises(ResourceError, match="No space left on device"):
        save_checkpoint(tmp_path, "ckpt-00000001", {"a": np.ones(1)}, {"value": 2})
    assert load_checkpoint(tmp_path / "ckpt-00000001").state == {"value": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["ckpt-00000001"]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused(tmp_path, value):
    with pytest.raises(DivergedError, match="array b "):
        save_checkpoint(tmp_path, "ckpt-1", {"a": np.ones(2), "b": np.array([1, value])}, {})
    assert list(tmp_path.iterdir()) == []


def test_the_newest_two_of_each_sort_stay(tmp_path):
    for step in (1, 5, 30, 200):
        save_checkpoint(tmp_path, step_name(step), {"a": np.ones(1)}, {})
        save_checkpoint(tmp_path, best_name(step), {"a": np.ones(1)}, {})
    (tmp_path / "ckpt-00000300.tmp-1").mkdir()
    prune(tmp_path)
    assert checkpoint_names(tmp_path) == [step_name(200), step_name(30)]
    assert checkpoint_names(tmp_path, "best-") == [best_name(200), best_name(30)]
    assert len(list(tmp_path.iterdir())) == 4


def test_half_written_ones_do_not_count(tmp_path):
    save_checkpoint(tmp_path, step_name(1), {"a": np.ones(1)}, {"step": 1})
    (tmp_path / "ckpt-00000002.tmp-99").mkdir()
    checkpoint, warnings = load_newest(tmp_path)
    assert (checkpoint.state, warnings) == ({"step": 1}, [])


def test_without_any_there_is_none(tmp_path):
    assert load_newest(tmp_path / "missing") == (None, [])
    assert load_newest(tmp_path) == (None, [])


def test_a_flipped_bit_is_named_with_file_and_hashes(tmp_path):
    path = save_checkpoint(tmp_path, step_name(1), ARRAYS, {}) / "arrays.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(path.parent)
    assert str(path) in caught.value.message
    assert "sha256" in caught.value.message
    assert caught.value.exit_code == 5


def test_all_damaged_is_an_error(tmp_path):
    for step in (1, 2):
        path = save_checkpoint(tmp_path, step_name(step), ARRAYS, {})
        (path / "state.json").write_text("")
    with pytest.raises(CheckpointError, match=r"No checkpoint in .* is whole"):
        load_newest(tmp_path)


@pytest.mark.parametrize("manifest", ["[]", "{}", "null", '{"arrays.safetensors": 3}', "{"])
def test_a_foreign_manifest_is_no_crash(tmp_path, manifest):
    path = save_checkpoint(tmp_path, step_name(1), ARRAYS, {})
    (path / "manifest.json").write_text(manifest)
    with pytest.raises(CheckpointError):
        load_checkpoint(path)


def test_the_manifest_names_size_and_hash(tmp_path):
    path = save_checkpoint(tmp_path, step_name(1), ARRAYS, {})
    manifest = json.loads((path / "manifest.json").read_text())
    assert manifest["arrays.safetensors"]["size"] == (path / "arrays.safetensors").stat().st_size
