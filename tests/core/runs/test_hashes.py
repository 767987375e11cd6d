"""A run is read with the hashes of what its training wrote."""

from __future__ import annotations

import json

import pytest
from training_cases import SMALL

from deepzoo import api
from deepzoo.errors import CheckpointError, ResumeError
from deepzoo.runs.packing import pack, unpack
from deepzoo.system import paths


@pytest.fixture
def trained(fake):
    return api.train("clusters", model="point-perceptron", **SMALL)


@pytest.mark.parametrize("name", ["weights.safetensors", "preprocessor.json"])
def test_a_changed_byte_is_named_with_the_way_back(trained, name):
    path = trained.path / name
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(CheckpointError, match=rf"{name} is damaged.*deepzoo train clusters"):
        api.load(trained.path).predict("0,1.5")


def test_a_run_without_hashes_is_read_as_before(trained):
    record = json.loads((trained.path / "run.json").read_text())
    del record["sha256"]
    (trained.path / "run.json").write_text(json.dumps(record))
    assert api.load(trained.path).predict("0,1.5") == trained.predict("0,1.5")


def test_a_packed_run_carries_no_path_and_brings_none(trained, tmp_path):
    trained.keep_data_path(tmp_path / "mine.txt")
    archive = pack(trained, tmp_path / "run.zip")
    assert str(tmp_path).encode() not in archive.read_bytes()
    trained.path.rename(tmp_path / "elsewhere")
    assert unpack(archive).data_path is None


def test_the_path_that_a_strangers_archive_brings_is_not_kept(trained, tmp_path):
    import zipfile

    archive = pack(trained, tmp_path / "run.zip")
    with zipfile.ZipFile(archive, "a") as file:
        top = file.namelist()[0].partition("/")[0]
        file.writestr(f"{top}/local.json", '{"data": "/etc/passwd"}')
    assert unpack(archive).data_path is None
    assert not list(paths.runs().rglob("local.json"))


def test_a_finished_run_without_checkpoints_does_not_begin_from_scratch(trained, tmp_path):
    weights = (trained.path / "weights.safetensors").read_bytes()
    again = unpack(pack(trained, tmp_path / "run.zip"))
    with pytest.raises(ResumeError, match=r"no checkpoints.*--from clusters/"):
        api.resume(again.id, epochs=9)
    assert (again.path / "weights.safetensors").read_bytes() == weights
