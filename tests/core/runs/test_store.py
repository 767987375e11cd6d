"""The runs folder: names that are safe and never taken twice, listings, removal."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys

import pytest
from run_fakes import make_run

from deepzoo.errors import ResourceError, UnsafeFileError, UsageError
from deepzoo.run import Run
from deepzoo.runs import display, store
from deepzoo.system import paths


def test_runs_are_numbered_by_model(home):
    ids = [Run.open(store.create("poems", model)).id for model in ("gru", "gru", "lstm")]
    assert ids == ["poems/gru-1", "poems/gru-2", "poems/lstm-1"]
    assert store.list_ids() == ids


def test_a_number_is_not_used_again_while_a_later_one_exists(home):
    first, *_ = [Run.open(store.create("poems", "gru")) for _ in range(3)]
    store.remove(first)
    assert store.create("poems", "gru").name == "gru-4"


def test_a_chosen_name_is_kept_and_a_taken_one_gets_a_number(home):
    names = [store.create("poems", "gru", "mine").name for _ in range(3)]
    assert names == ["mine", "mine-2", "mine-3"]


def test_a_new_run_says_who_makes_it(home):
    record = json.loads((store.create("poems", "gru") / "run.json").read_text())
    assert (record["format"], record["run"], record["pid"]) == (1, "poems/gru-1", os.getpid())
    assert (record["dataset"], record["model"], record["status"]) == ("poems", "gru", "running")
    assert Run.open(paths.runs() / "poems" / "gru-1").status == "running"


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "a\\b", "/x", "a b", "ä", "x" * 65, ".hidden", "-o", "a.", "a:b",
     "a@b", "a\n", "CON", "nul.txt", "com1"],
)  # fmt: skip
def test_a_name_that_could_lead_elsewhere_is_refused(home, name):
    for arguments in (("poems", "gru", name), (name, "gru"), ("poems", f"{name}/", None)):
        with pytest.raises(UsageError, match="cannot name"):
            store.create(*arguments)
    assert not home.exists()


@pytest.mark.parametrize("name", ["a", "A.b_c-1", "_", "x" * 64, "console", "v1.2"])
def test_ordinary_names_are_taken(home, name):
    assert store.create("poems", "gru", name).name == name


def start_runs(barrier, queue, home):
    os.environ["DEEPZOO_HOME"] = home
    from deepzoo.runs import store

    barrier.wait(60)
    queue.put([store.create("poems", "gru").name, store.create("poems", "gru", "mine").name])


def test_twenty_processes_get_twenty_folders(home):
    context = multiprocessing.get_context("fork" if os.name != "nt" else "spawn")
    barrier, queue = context.Barrier(20), context.Queue()
    workers = [
        context.Process(target=start_runs, args=(barrier, queue, str(home))) for _ in range(20)
    ]
    for worker in workers:
        worker.start()
    names = [name for _ in workers for name in queue.get(timeout=60)]
    for worker in workers:
        worker.join()
    assert len(set(names)) == 40
    assert sorted(f"poems/{name}" for name in names) == store.list_ids()


def test_listings_show_damaged_runs_and_leave_out_what_is_none(home):
    make_run("good")
    damaged, newer, unreadable = (make_run(name).path for name in ("damaged", "newer", "scores"))
    (damaged / "run.json").write_text("{")
    (newer / "run.json").write_text('{"format": 7, "versions": {"deepzoo": "9"}}')
    (unreadable / "metrics.json").write_text("{")
    (paths.runs() / "poems" / "empty").mkdir()
    (paths.runs() / "poems" / ".removed-1").mkdir()
    (paths.runs() / "stray.txt").write_text("")
    rows = {run.id: display.row(run) for run in store.list_runs()}
    assert {id: row["status"] for id, row in rows.items()} == {
        "poems/good": "finished",
        "poems/damaged": "corrupt",
        "poems/newer": "corrupt",
        "poems/scores": "finished",
    }
    assert rows["poems/good"]["metrics"] == {"bits": 2.5}
    damaged = next(run for run in store.list_runs() if run.path.name == "newer")
    assert "deepzoo 9" in damaged.describe_error()


def test_listings_can_be_narrowed(home):
    make_run("a"), make_run("b"), make_run("a", dataset="tales")
    assert [run.id for run in store.list_runs("poems")] == ["poems/a", "poems/b"]
    assert [run.id for run in store.list_runs(name="a")] == ["poems/a", "tales/a"]
    assert store.list_runs("none") == []


def test_without_a_runs_folder_there_are_no_runs(home):
    assert store.list_runs() == []
    assert store.list_ids() == []


def test_a_removed_run_is_gone_whole(home):
    run = make_run()
    (run.path / "samples").mkdir()
    (run.path / "samples" / "a.txt").write_text("x")
    store.remove(run)
    assert list((paths.runs() / "poems").iterdir()) == []


def test_a_damaged_run_can_be_removed(home):
    (make_run().path / "run.json").write_text("{")
    store.remove(store.list_runs()[0])
    assert store.list_runs() == []


def test_removal_refuses_what_is_not_a_run_of_the_runs_folder(home, tmp_path):
    run = make_run()
    outside = tmp_path / "outside"
    shutil.copytree(run.path, outside)
    linked = paths.runs() / "poems" / "linked"
    linked.symlink_to(outside)
    (paths.runs() / "linked").symlink_to(tmp_path)
    bare = paths.runs() / "poems" / "bare"
    bare.mkdir()
    shipped = Run(run.path, run.record, shipped=True)
    others = [outside, linked, bare, paths.runs() / "linked" / "outside", run.path / ".." / ".."]
    for doomed in [*(Run(path, run.record) for path in others), shipped]:
        with pytest.raises(UnsafeFileError, match="is not deleted") as caught:
            store.remove(doomed)
        assert caught.value.exit_code == 9
    assert (outside / "run.json").exists()
    assert run.path.exists()
    assert bare.exists()


def test_removal_works_where_the_home_itself_is_a_link(home, tmp_path, monkeypatch):
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    monkeypatch.setenv("DEEPZOO_HOME", str(tmp_path / "link"))
    store.remove(make_run())
    assert store.list_runs() == []


def test_links_are_not_listed(home, tmp_path):
    run = make_run()
    (run.path.parent / "linked").symlink_to(run.path)
    assert [run.id for run in store.list_runs()] == ["poems/table-1"]


def test_a_runs_folder_that_cannot_be_written_is_a_resource_error(home):
    home.parent.joinpath("home").write_text("a file where the folder should be")
    with pytest.raises(ResourceError) as caught:
        store.create("poems", "gru")
    assert caught.value.exit_code == 8


LIST_ALL = """
import time, sys
from deepzoo.runs import display, store
start = time.process_time()  # whatever else the machine does
rows = [display.row(run) for run in store.list_runs()]
seconds = time.process_time() - start
kilobytes = 0
if sys.platform == "linux":  # what getrusage says there includes the process that started this one
    status = open("/proc/self/status").read().splitlines()
    kilobytes = next(line.split()[1] for line in status if line.startswith("VmHWM"))
print(len(rows), seconds, kilobytes)
"""


def listing_of(count, home):
    """Lists `count` generated runs in a fresh process: seconds and megabytes."""
    run = make_run()
    settings = {f"model.setting_{number}": number / 7 for number in range(30)}
    files = [{"name": "data", "path": "a.txt", "sha256": "0" * 64, "size": 1}]
    run.update(settings=settings, files=files, command="deepzoo train poems " * 5, notes=["x" * 80])
    record = {**run.record, "versions": dict.fromkeys("abcde", "1.2.3")}
    metrics = (run.path / "metrics.json").read_bytes()
    for number in range(count - 1):
        folder = paths.runs() / f"set{number % 20}" / f"table-{number}"
        folder.mkdir(parents=True)
        (folder / "run.json").write_text(json.dumps({**record, "seed": number}))
        (folder / "metrics.json").write_bytes(metrics)
    child = subprocess.run([sys.executable, "-c", LIST_ALL], capture_output=True, text=True)
    listed, seconds, kilobytes = child.stdout.split()
    assert int(listed) == count, child.stderr
    return float(seconds), int(kilobytes) / 1000


def test_a_thousand_runs_are_listed_quickly(home):
    seconds, megabytes = listing_of(1000, home)
    assert seconds < 2
    assert megabytes < 100


@pytest.mark.slow
def test_ten_thousand_runs_are_listed_in_two_seconds(home):
    seconds, megabytes = listing_of(10_000, home)
    assert seconds < 2
    assert megabytes < 200
