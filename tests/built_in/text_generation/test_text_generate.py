"""Generating: what is asked for is what is written, and stdout is the text alone."""

from __future__ import annotations

import io
import itertools
import json

import numpy as np
import pytest
from deepzoo_text_generation.inference import continue_texts, cut, drawn_lengths
from deepzoo_text_generation.vocabulary import Vocabulary
from hypothesis import given
from hypothesis import strategies as st
from text_cases import documents, train

from deepzoo.cli import main
from deepzoo.errors import UsageError
from deepzoo.sampling import Sampling, streams


class Scripted:
    """A network that is sure of every token: it writes a text, then ends."""

    def __init__(self, tokens, vocabulary):
        self.tokens, self.vocabulary, self.steps = [*tokens, 0], vocabulary, 0

    def start(self, n):
        return 0

    def step(self, tokens, state):
        self.steps += 1
        logits = np.zeros((len(tokens), len(self.vocabulary)), "f")
        logits[:, self.tokens[min(state, len(self.tokens) - 1)]] = 1e6
        return logits, state + 1


def write(text, *, stop=(), n=1, length=1000):
    """Lets a scripted network write a text; returns texts, streamed pieces and its steps."""
    vocabulary = Vocabulary.fit([text, "x"], learn_end=True)
    network, pieces = Scripted(vocabulary.encode(text), vocabulary), []
    texts = continue_texts(
        *(network, vocabulary, [""] * n, [length] * n, Sampling(), 0),
        stop=stop,
        on_text=pieces.append,
    )
    return texts, pieces, network.steps


FEW = st.text("abc\n", max_size=30)


@given(FEW, st.lists(st.text("abc\n", max_size=3), max_size=3), st.integers(1, 2))
def test_a_text_ends_before_the_first_stop_string_streamed_or_not(text, stop, n):
    texts, pieces, _ = write(text, stop=stop, n=n)
    strings = tuple(filter(None, stop))
    complete = [end for end in range(len(text) + 1) if strings and text[:end].endswith(strings)]
    ending = [string for string in strings if complete and text[: complete[0]].endswith(string)]
    expected = text[: complete[0] - max(map(len, ending))] if complete else text
    assert texts == [expected] * n
    assert "".join(pieces) == expected


def test_a_stop_string_ends_the_writing_of_a_single_text():
    assert write("abcabcabcabc", stop=["ca"])[2] == 4
    assert write("abcabcabcabc", stop=["ca"], n=2)[2] == 13


def test_a_stream_holds_back_only_what_may_become_a_stop_string():
    assert write("ab--c-d", stop=["---"])[1] == ["a", "b", "--c", "-d"]
    assert write("abcd")[1] == ["a", "b", "c", "d"]
    assert write("ab--", stop=["---"])[1] == ["a", "b", "--"]


def test_cut_takes_the_first_to_be_complete():
    assert (cut("aba", ["b", "aba"]), cut("abab", ["b", "ab"])) == ("a", "")
    assert cut("one. two! three", ["!", ".", ""]) == "one"
    assert cut("one", ["!"]) == "one"


def test_drawn_lengths_follow_the_mean_and_a_stream_of_their_own():
    drawn = drawn_lengths(140, 50, 4_000, seed=1)
    assert np.mean(drawn) == pytest.approx(50, abs=0.5)
    assert np.std(drawn) == pytest.approx(50**0.5, abs=0.5)
    assert drawn == drawn_lengths(140, 50, 4_000, seed=1) != drawn_lengths(140, 50, 4_000, seed=2)
    assert drawn_lengths(140, None, 3, seed=1) == [140] * 3
    assert min(drawn_lengths(140, 1, 100, seed=1)) == 1
    for generator in streams(1, 3):
        assert generator.poisson(50, 9).tolist() != drawn[:9]


def test_a_seed_decides_the_text(run):
    first = run.generate("Q", seed=1)
    assert first == run.generate("Q", seed=1)
    assert first.startswith("Q")
    assert len({run.generate("Q", seed=seed) for seed in range(8)}) > 4
    # The first of several texts is the one text of that seed.
    several = run.generate("Q", seed=1, n=3)
    assert several[0] == first
    assert len(set(several)) > 1
    assert run.generate("Q", seed=1, n=1) == [first]


def test_without_a_seed_texts_differ(run):
    assert len({run.generate("Qa") for _ in range(6)}) > 1


def test_an_end_is_learned(run):
    texts = run.generate("Qat", n=20, seed=0, temperature=0.5)
    ended = [text for text in texts if text.endswith(".") and len(text) < 143]
    assert len(ended) >= 18
    assert all(text.count(".") <= 1 for text in ended)


def test_without_a_prompt_it_starts_as_documents_start(run):
    texts = run.generate(n=20, seed=0, temperature=0.5)
    assert {text[:1] for text in texts} == {"Q"}
    assert sum("Q" in text[1:] for text in texts) <= 2
    assert run.generate("", seed=3) == run.generate(None, seed=3) == run.generate(seed=3)


def test_length_is_the_most_that_is_added(run):
    assert all(len(text) <= 2 + 4 for text in run.generate("Qa", n=9, length=4, seed=0))
    assert len(run.generate("Qa", length=3, seed=0)) == 5


def test_mean_length_draws_lengths(run):
    texts = run.generate("Q", n=30, mean_length=4, seed=0)
    sizes = [len(text) - 1 for text in texts]
    assert len(set(sizes)) > 3
    assert all(size <= most for size, most in zip(sizes, drawn_lengths(140, 4, 30, 0), strict=True))


def test_top_k_1_and_a_small_nucleus_take_the_likeliest(run):
    expected = {run.generate("Q", top_k=1, seed=seed) for seed in range(5)}
    assert len(expected) == 1
    assert {run.generate("Q", top_p=0.01, seed=seed) for seed in range(3)} == expected


def test_temperature_spreads(run):
    def variety(temperature):
        texts = run.generate("Q", n=20, seed=0, length=20, temperature=temperature)
        return len({pair for text in texts for pair in itertools.pairwise(text)})

    assert variety(0.1) < variety(1.0) < variety(5.0)


def test_a_repetition_penalty_makes_written_tokens_rarer(run):
    def repeats(penalty):
        texts = run.generate("Q", n=20, seed=0, length=8, repetition_penalty=penalty)
        return np.mean([len(text) - len(set(text)) for text in texts])

    assert repeats(50.0) < repeats(1.0)


def test_stop_and_stream_from_a_run(run):
    pieces: list[str] = []
    text = run.generate("Qa", seed=0, on_text=pieces.append)
    assert "".join(pieces) == text
    assert len(pieces) > 3
    last = text[-1]
    assert run.generate("Qa", seed=0, stop=[last]) == "Qa" + text[2:].split(last)[0]


def test_many_texts_in_a_compiled_loop_begin_with_what_numpy_writes(no_baselines, monkeypatch):
    pytest.importorskip("keras")
    from deepzoo import sampling

    run = train(documents())  # without counts, which only NumPy mixes in

    real, used = sampling.generate_compiled, []
    monkeypatch.setattr(
        sampling,
        "generate_compiled",
        lambda *args, **options: used.append(1) or real(*args, **options),
    )
    alone = run.generate("Q", seed=0, n=7)
    assert not used
    assert run.generate("Q", seed=0, n=9)[:7] == alone
    assert used


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--temperature", value) for value in ("0", "-1", "nan", "warm")),
        *(("--top-p", value) for value in ("0", "1.1")),
        *(("--top-k", "-1"), ("--repetition-penalty", "0.5"), ("--length", "0")),
        *(("-n", "0"), ("--mean-length", "0"), ("--seed", "-1")),
    ],
)
def test_options_out_of_range_exit_2(trained, capsys, option, value):
    assert main(["generate", "--run", str(trained), option, value, "Q"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert option.lstrip("-") in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "option", [{"temperature": 0}, {"top_p": 2}, {"top_k": -1}, {"repetition_penalty": 0}]
)
def test_options_out_of_range_are_refused_in_python_too(run, option):
    with pytest.raises(UsageError):
        run.generate("Q", **option)


def cli(trained, capsys, *arguments):
    assert main(["generate", "--run", str(trained), "--seed", "1", *arguments]) == 0
    return capsys.readouterr()


def test_stdout_is_the_text_alone(trained, run, capsys):
    out, err = cli(trained, capsys, "Qa")
    assert out == run.generate("Qa", seed=1) + "\n"
    assert "text/quick" in err
    out, _ = cli(trained, capsys, "Qa", "-n", "2")
    assert out == "\n\n".join(run.generate("Qa", seed=1, n=2)) + "\n"


@pytest.mark.parametrize("options", [["--stream"], ["--stream", "--stop", "."], ["--stop", "."]])
def test_streams_end_like_whole_texts(trained, run, capsys, options):
    out, _ = cli(trained, capsys, "Qa", *options)
    stop = ["."] if "--stop" in options else None
    assert out == run.generate("Qa", seed=1, stop=stop) + "\n"


def test_json_is_one_object(trained, run, capsys):
    out, _ = cli(trained, capsys, "Qa", "-n", "2", "--json")
    answer = json.loads(out)
    assert set(answer) == {"run", "prompt", "outputs", "seconds", "tokens_per_second"}
    assert answer["run"] == "text/quick"
    assert answer["prompt"] == "Qa"
    assert answer["outputs"] == run.generate("Qa", seed=1, n=2)
    assert answer["tokens_per_second"] > 0


def test_prompts_come_from_a_file_or_standard_input(trained, run, capsys, tmp_path, monkeypatch):
    expected = [run.generate("Qa", seed=1), run.generate("Qe", seed=2)]
    path = tmp_path / "prompts.txt"
    path.write_bytes("\ufeffQa\r\nQe\r\n".encode())
    out, _ = cli(trained, capsys, str(path))
    assert out == "\n\n".join(expected) + "\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Qa\nQe\n")))
    out, _ = cli(trained, capsys, "-", "--json")
    assert [row["outputs"] for row in json.loads(out)] == [[text] for text in expected]


def test_documents_are_what_the_tests_say():
    assert all(text[0] == "Q" and text.endswith(".") for text in documents())
