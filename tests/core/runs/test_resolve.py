"""What RUN means: every rule, in its order."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from run_fakes import hooks, make_run

from deepzoo.errors import CheckpointError, UnknownNameError, UsageError
from deepzoo.runs import store
from deepzoo.runs.resolve import resolve


@pytest.fixture
def fakes(monkeypatch, plugin):
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")
    return plugin("verse", **hooks())


def test_a_folder_comes_first(fakes, tmp_path, monkeypatch):
    make_run("poems")
    shutil.copytree(make_run(loss=1.0).path, tmp_path / "poems")
    monkeypatch.chdir(tmp_path)
    assert resolve("poems").path == Path("poems")
    assert resolve(tmp_path / "poems").id == "poems/table-1"
    assert resolve(str(tmp_path / "poems")).path == tmp_path / "poems"


def test_dataset_and_run(fakes):
    runs = [make_run("a"), make_run("b"), make_run("a", dataset="tales")]
    assert [resolve(run.id).path for run in runs] == [run.path for run in runs]


def test_an_unfinished_run_can_be_named(fakes):
    assert resolve(make_run("a", status="interrupted").id).status == "interrupted"


def test_a_name_that_one_run_has(fakes):
    make_run("a"), make_run("b", dataset="tales")
    assert resolve("b").id == "tales/b"


def test_a_name_that_two_runs_have_is_refused_with_both(fakes):
    make_run("a"), make_run("a", dataset="tales")
    with pytest.raises(UsageError, match=r"poems/a, tales/a"):
        resolve("a")


def test_a_name_comes_before_a_dataset(fakes):
    make_run("best")
    make_run("poems", dataset="tales")
    assert resolve("poems").id == "tales/poems"


def test_a_dataset_means_its_best_run_by_validation(fakes):
    make_run("a", loss=2.0), make_run("b", loss=1.0), make_run("c", loss=1.5), make_run("d")
    assert resolve("poems").id == "poems/b"


def test_the_metric_of_the_task_counts_more_than_the_loss(fakes):
    for name, loss, bits in (("a", 1.0, 3.0), ("b", 2.0, 2.5)):
        make_run(name).save("metrics", {"validation": {"loss": loss, "bits": bits}})
    assert resolve("poems").id == "poems/b"
    for name, wit in (("a", 0.4), ("b", 0.3)):
        run = resolve(f"poems/{name}")
        run.save("metrics", {"validation": {"loss": 1.0, "wit": wit}})
    assert resolve("poems").id == "poems/a"


def test_without_validation_the_newest_counts(fakes):
    make_run("a"), make_run("c"), make_run("b")
    assert resolve("poems").id == "poems/b"
    (store.list_runs("poems")[0].path / "metrics.json").write_text("{")
    assert resolve("poems").id == "poems/b"


def test_only_finished_runs_count(fakes):
    make_run("a", loss=2.0)
    for status in ("interrupted", "failed", "running"):
        make_run(status, loss=1.0, status=status)
    (make_run("damaged", loss=0.1).path / "run.json").write_text("{")
    assert resolve("poems").id == "poems/a"


def test_full_comes_before_local_before_sample(fakes):
    make_run("s", loss=0.1, data="sample")
    assert resolve("poems").id == "poems/s"
    make_run("l", loss=0.2, data="local")
    assert resolve("poems").id == "poems/l"
    make_run("f", loss=0.3, data="full")
    assert resolve("poems").id == "poems/f"


@pytest.mark.parametrize(
    "other",
    [
        {"fingerprint": "f2"},
        {"settings": {"dataset.lines": 9, "task.noise": 0.5}},
        {"settings": {"dataset.lines": 4, "task.noise": 0.0}},
        {"settings": {"dataset.lines": 4, "task.noise": 0.5, "kind.encoding": "latin-1"}},
    ],
)
def test_runs_that_answered_another_question_are_not_compared(fakes, other):
    make_run("easy", loss=0.1, **other)
    make_run("a", loss=2.0), make_run("b", loss=1.0)
    assert resolve("poems").id == "poems/b"


def test_settings_of_the_model_are_no_question(fakes):
    make_run("a", loss=1.0, settings={"dataset.lines": 4, "task.noise": 0.5, "model.units": 9})
    make_run("b", loss=2.0)
    assert resolve("poems").id == "poems/a"


def test_two_tasks_are_refused_until_one_is_named(fakes):
    make_run("a", loss=1.0), make_run("b", task="censor")
    with pytest.raises(UsageError, match=r"several tasks: censor .*rhyme .*--task: censor, rhyme"):
        resolve("poems")
    assert resolve("poems", task="censor").id == "poems/b"
    assert resolve("poems", task="rhyme").id == "poems/a"


def test_only_tasks_with_the_verb_count(fakes):
    make_run("a", loss=1.0), make_run("b", task="censor")
    assert resolve("poems", verb="judge").id == "poems/b"
    assert resolve("poems", verb="count").id == "poems/a"
    for verb in ("generate", "evaluate"):
        with pytest.raises(UsageError, match="several tasks"):
            resolve("poems", verb=verb)


def test_a_named_run_must_fit(fakes):
    run = make_run("a")
    assert resolve(run) is run
    for reference in (run, run.id, "a", run.path):
        with pytest.raises(UsageError, match=r"cannot 'judge'. It has: count, generate"):
            resolve(reference, verb="judge")
    for reference in (run, run.id, run.path):
        with pytest.raises(UsageError, match="of the task 'rhyme', not 'censor'"):
            resolve(reference, task="censor")


def test_a_damaged_run_is_named(fakes):
    (make_run("a").path / "run.json").write_text("{")
    for reference in ("a", "poems/a"):
        with pytest.raises(CheckpointError, match=r"run\.json is damaged"):
            resolve(reference)


def test_resume_means_the_run_that_is_not_finished(fakes):
    make_run("a", loss=1.0)
    assert resolve("poems", verb="resume").id == "poems/a"
    make_run("b", status="interrupted")
    assert resolve("poems", verb="resume").id == "poems/b"
    make_run("c", status="failed")
    with pytest.raises(UsageError, match=r"poems/b, poems/c"):
        resolve("poems", verb="resume")


def test_nothing_fits(fakes):
    with pytest.raises(UnknownNameError, match=r"no run of 'poems' yet.*deepzoo train poems"):
        resolve("poems")
    make_run("a", status="interrupted")
    with pytest.raises(UnknownNameError, match=r"interrupted.*deepzoo resume poems/a"):
        resolve("poems")
    with pytest.raises(UnknownNameError, match=r"Did you mean 'poems'\?"):
        resolve("peoms")
    with pytest.raises(UnknownNameError, match=r"Did you mean 'poems/a'\?"):
        resolve("poems/aa")


@pytest.mark.parametrize(
    "text", ["x", "../x", "/", "a/b/c", "~", "\0", "a" * 5000, "@shipped", "*"]
)
def test_odd_references_are_unknown_names(fakes, text):
    with pytest.raises(UnknownNameError):
        resolve(text)


def test_an_empty_reference_is_refused_even_inside_a_run(fakes, monkeypatch):
    monkeypatch.chdir(make_run().path)
    with pytest.raises(UsageError, match="received nothing"):
        resolve("")


def test_a_folder_that_is_no_run_is_named(fakes, tmp_path):
    with pytest.raises(UnknownNameError, match=r"it has no run\.json"):
        resolve(tmp_path)


def test_resolving_imports_no_framework(home):
    code = (
        "import sys; from deepzoo.errors import DeepzooError; from deepzoo.runs import resolve\n"
        "try: resolve.resolve('peoms')\n"
        "except DeepzooError: pass\n"
        "heavy = {'keras', 'tensorflow', 'pydantic', 'matplotlib', 'sklearn'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or None)"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert child.returncode == 0, child.stderr
