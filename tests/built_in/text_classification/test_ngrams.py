"""N-grams: hashed the same way wherever a text is, and where they are in it."""

from __future__ import annotations

import numpy as np
from deepzoo_text_classification.ngrams import COLUMNS, NGrams
from hypothesis import given
from hypothesis import strategies as st

# Of "a b": the words a, b, "a b"; and " a", "a ", " b", "b " as characters.
PINNED = [757770707, 955181542, 1012008980, 1341869804, 2229171546, 3368192684, 3528617295]
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)


def as_dict(rows, index=0):
    row = rows[index]
    return dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))


def test_a_text_is_counted_alike_alone_and_among_others():
    texts = ["To be or not to be", "", "be", "Sein oder nicht sein?", "to be"]
    together = NGrams(3, 4).encode(texts)
    assert together.shape == (5, COLUMNS)
    for index, text in enumerate(texts):
        assert as_dict(together, index) == as_dict(NGrams(3, 4).encode([text]))


def test_counts_are_those_of_the_words():
    row = as_dict(NGrams(words=1).encode(["red red blue"]))
    (blue,) = as_dict(NGrams(words=1).encode(["Blue"]))
    assert row[blue] == 1
    assert sorted(row.values()) == [1, 2]


def test_numbers_are_the_same_in_every_process_and_version():
    # Runs store these numbers: a change makes them useless.
    assert sorted(as_dict(NGrams(2, 2).encode(["a b"]))) == PINNED


def test_words_do_not_run_across_texts():
    apart = NGrams(2).encode(["one two", "three four"])
    assert apart.nnz == 6
    assert NGrams(2).encode(["one two three four"]).nnz == 7


@given(TEXTS)
def test_spans_are_the_ngrams_of_the_text(text):
    reader = NGrams(2, 3)
    counts: dict[int, float] = {}
    for starts, ends, columns in reader.spans(text):
        assert (starts >= 0).all()
        assert (ends <= max(len(text), 1)).all()
        assert (starts < ends).all()
        for column in columns.tolist():
            counts[column] = counts.get(column, 0) + 1
    assert counts == as_dict(reader.encode([text]))


def test_spans_say_where_a_word_is():
    starts, ends, columns = next(NGrams(1).spans("It rains, it pours."))
    (rains,) = as_dict(NGrams(1).encode(["rains"]))
    at = np.flatnonzero(columns == rains)
    assert [(int(starts[i]), int(ends[i])) for i in at] == [(3, 8)]
