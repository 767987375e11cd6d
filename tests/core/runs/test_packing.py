"""Runs travel as one file, and a file from a stranger can do no harm."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import zipfile

import pytest
from run_fakes import make_run

from deepzoo.errors import CheckpointError, ResourceError, UnsafeFileError, UsageError
from deepzoo.readers import archives
from deepzoo.runs import packing, store
from deepzoo.system import paths

RECORD = {"format": 1, "run": "poems/a", "dataset": "poems", "status": "finished"}


def archive_of(path, members, record=RECORD):
    """Writes a zip file with any members, good or bad."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if record is not None:
            archive.writestr("run/run.json", json.dumps(record))
        for member, content in members:
            archive.writestr(member, content)
    return path


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_run_comes_back_whole(home, tmp_path, monkeypatch):
    run = make_run("a")
    run.save("history", [{"epoch": 1, "loss": 2.0}])
    run.save_sample(1, "a verse")
    before = contents(run.path)
    monkeypatch.chdir(tmp_path)
    packed = packing.pack(run)
    assert packed.name == "poems-a.zip"
    store.remove(run)
    again = packing.unpack(packed)
    assert again.id == "poems/a"
    after = contents(again.path)
    assert {name: after[name] for name in before if name != "run.json"} == {
        name: before[name] for name in before if name != "run.json"
    }
    told = {key: value for key, value in run.record.items() if key not in ("pid", "host")}
    assert again.record == told


def test_what_is_nobody_elses_business_stays(home, tmp_path):
    run = make_run("a")
    for name in ("lock", ".hidden.json", "notes.py", "checkpoints/0001/state.json"):
        (run.path / name).parent.mkdir(parents=True, exist_ok=True)
        (run.path / name).write_text("{}")
    (run.path / "linked.json").symlink_to("/etc/hostname")
    wanted = {"run.json", "metrics.json", "preprocessor.json", "weights.safetensors"}
    for checkpoints, more in ((False, set()), (True, {"checkpoints/0001/state.json"})):
        packed = packing.pack(run, tmp_path / "a.zip", checkpoints=checkpoints)
        with zipfile.ZipFile(packed) as archive:
            names = {name.partition("/")[2] for name in archive.namelist()}
            record = json.loads(archive.read("poems-a/run.json"))
        assert names == wanted | more
        assert not {"pid", "host"} & set(record)


def test_a_taken_name_gets_a_number_and_nothing_is_overwritten(home, tmp_path):
    run = make_run("a")
    packed = packing.pack(run, tmp_path)
    before = contents(run.path)
    again = packing.unpack(packed)
    assert (again.id, again.record["run"]) == ("poems/a-2", "poems/a-2")
    assert contents(run.path) == before


def test_a_run_without_weights_is_not_packed(home, tmp_path):
    with pytest.raises(CheckpointError, match=r"no weights.*interrupted"):
        packing.pack(make_run("a", status="interrupted"), tmp_path)
    assert not list(tmp_path.glob("*.zip"))


def test_a_run_that_was_running_arrives_interrupted(home, tmp_path):
    path = archive_of(tmp_path / "a.zip", [], {**RECORD, "status": "running"})
    assert packing.unpack(path).status == "interrupted"


def linked(name, mode):
    info = zipfile.ZipInfo(name)
    info.external_attr = (mode | 0o777) << 16
    return info


HOSTILE = {
    "parent": ("run/../../../evil.txt", "outside"),
    "absolute": ("/tmp/evil.txt", "absolute path"),
    "beside": ("beside/evil.txt", "beside the run"),
    "drive": ("C:/evil.txt", "absolute path"),
    "control": ("run/\x1b[2Jevil.txt", "otherwise"),
    "stream": ("run/a.txt:evil.txt", "otherwise"),
    "program": ("run/evil.py", "is not one of"),
    "pickle": ("run/weights.pkl", "is not one of"),
    "keras": ("run/model.keras", "is not one of"),
    "hidden": ("run/.evil.json", "is not one of"),
    "symlink": (linked("run/evil.txt", stat.S_IFLNK), "link"),
    "device": (linked("run/evil.txt", stat.S_IFCHR), "link"),
    "pipe": (linked("run/evil.txt", stat.S_IFIFO), "link"),
    "case": ("run/RUN.json", "same name"),
}


@pytest.mark.parametrize("offence", HOSTILE)
def test_one_bad_member_refuses_the_whole_archive(home, tmp_path, offence):
    member, says = HOSTILE[offence]
    path = archive_of(tmp_path / "a.zip", [("run/preprocessor.json", "{}"), (member, "x")])
    with pytest.raises(UnsafeFileError, match=says) as caught:
        packing.unpack(path)
    assert caught.value.exit_code == 9
    assert str(path) in str(caught.value)
    assert not paths.runs().exists()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.zip"]


def test_two_members_of_one_name_are_refused(home, tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = archive_of(tmp_path / "a.zip", [("run/a.txt", "x"), ("run/a.txt", "y")])
    with pytest.raises(UnsafeFileError, match="same name"):
        packing.unpack(path)


def test_a_bomb_is_refused_by_what_it_declares(home, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "FREE_BYTES", 1_000_000)
    path = archive_of(tmp_path / "a.zip", [("run/a.txt", b"\0" * 3_000_000)])
    with pytest.raises(UnsafeFileError, match=r"more than 1,000,000 bytes: 3,0\d\d,\d{3}"):
        packing.unpack(path)
    assert not paths.runs().exists()


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"dataset": "../../x"}, UsageError, "cannot name"),
        ({"run": "poems/.."}, UsageError, "cannot name"),
        ({"run": "poems/a\\b"}, UsageError, "cannot name"),
        ({"dataset": ""}, UsageError, "cannot name"),
        ({"format": 9}, CheckpointError, "format 1"),
        ({"settings": 3}, CheckpointError, "settings is not"),
    ],
)
def test_a_record_that_leads_elsewhere_is_refused(home, tmp_path, change, error, says):
    path = archive_of(tmp_path / "a.zip", [], {**RECORD, **change})
    with pytest.raises(error, match=says):
        packing.unpack(path)
    assert not paths.runs().exists()


def test_what_is_no_packed_run_says_what_it_is(home, tmp_path):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("config.json", "{}")
    for content, says in (
        (b"", "0 bytes"),
        (b"hello" * 20, "100 bytes"),
        (memory.getvalue(), r"no run\.json"),
        (memory.getvalue()[:-30], "Expected a packed run"),
    ):
        (tmp_path / "a.zip").write_bytes(content)
        with pytest.raises(CheckpointError, match=says) as caught:
            packing.unpack(tmp_path / "a.zip")
        assert caught.value.exit_code == 5
    with pytest.raises(UsageError, match="no file"):
        packing.unpack(tmp_path / "none.zip")


def test_a_flipped_byte_is_noticed_and_nothing_is_left(home, tmp_path):
    packed = packing.pack(make_run("a"), tmp_path / "a.zip")
    content = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as archive:
        info = archive.getinfo("poems-a/weights.safetensors")
    content[info.header_offset + 30 + len(info.filename) + 20] ^= 0xFF
    packed.write_bytes(content)
    with pytest.raises(CheckpointError):
        packing.unpack(packed)
    assert store.list_ids() == ["poems/a"]


CHILD = """
import resource, sys
from deepzoo.runs import packing
from deepzoo.errors import DeepzooError
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    packing.unpack(sys.argv[1])
except DeepzooError as error:
    sys.exit(error.exit_code)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs limits of file sizes")
def test_a_full_disk_leaves_no_half_run(home, tmp_path):
    path = archive_of(tmp_path / "a.zip", [("run/a.txt", b"x" * 5000)])
    child = subprocess.run([sys.executable, "-c", CHILD, str(path)], check=False)
    assert child.returncode == ResourceError.exit_code
    assert store.list_ids() == []
    packing.unpack(path)
    assert store.list_ids() == ["poems/a"]
