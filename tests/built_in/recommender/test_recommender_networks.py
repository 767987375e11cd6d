"""The networks of the recommender: Keras and NumPy, baselines, arrays, scores."""

from __future__ import annotations

import numpy as np
import pytest
from basket_cases import as_baskets
from deepzoo_recommender import baskets as counting
from deepzoo_recommender.baselines import Ease, ItemCosine, Popularity
from deepzoo_recommender.baskets import dense, sparse_matrix
from deepzoo_recommender.models import BasketMLP, DenoisingAutoencoder
from deepzoo_recommender.numpy_networks import PopularityNetwork, without_itself
from deepzoo_recommender.prepare import HeldOut, HiddenItems, hide, hide_each, in_order, prepare
from deepzoo_recommender.samples import shopping_baskets
from deepzoo_recommender.scoring import best_items, gain, hits, ranks
from deepzoo_recommender.task import Recommender
from hypothesis import given
from hypothesis import strategies as st

from deepzoo import Splits
from deepzoo.errors import CheckpointError, DataError, ResourceError
from deepzoo.interfaces.kinds import Baskets
from deepzoo.networks.keras_network import as_network
from deepzoo.testing import check_model

ITEMS = ["beer", "bread", "butter", "milk"]


def small():
    """Returns five baskets over four items."""
    return as_baskets(ITEMS, [[1, 2], [0], [1, 2, 3], [1, 3], [2, 3]])


@pytest.mark.parametrize(
    ("model", "settings"),
    [
        (BasketMLP, {"units": 8, "batch_size": 16, "epochs": 4, "learning_rate": 0.01}),
        (DenoisingAutoencoder, {"learning_rate": 0.003, "epochs": 3}),
        (Popularity, {}),
        (ItemCosine, {"neighbours": 5}),
        (Ease, {}),
    ],
)
def test_models_keep_their_promises(model, settings):
    pytest.importorskip("keras")
    checked = check_model(model, dataset="groceries", **settings)
    assert len(checked) > 3


@pytest.mark.parametrize("model", [BasketMLP(units=6), DenoisingAutoencoder()])
def test_numpy_networks_compute_what_keras_computes(model):
    pytest.importorskip("keras")
    baskets = shopping_baskets(40, seed=2)
    spec = {"items": len(baskets.items), "seed": 0}
    network = as_network(model.build(spec))
    numpy_network = model.from_arrays(spec, network.arrays())
    rows = np.concatenate([dense(baskets), np.zeros((1, len(baskets.items)), np.float32)])
    np.testing.assert_allclose(
        numpy_network.predict(rows), network.predict(rows), rtol=2e-4, atol=1e-5
    )
    with pytest.raises(CheckpointError, match="too few"):
        model.from_arrays(spec, dict(list(network.arrays().items())[:3]))


def test_probabilities_leave_out_what_is_in_the_basket():
    pytest.importorskip("keras")
    spec = {"items": 4, "seed": 0}
    network = BasketMLP(units=4).build(spec)
    rows = dense(small())
    for scored in (network, BasketMLP(units=4).from_arrays(spec, network.arrays())):
        scores = scored.scores(rows)
        assert (scores[rows > 0] < -1e8).all()
        np.testing.assert_allclose(np.where(rows > 0, 0, scores).sum(axis=1), 1, rtol=1e-5)


def test_each_item_is_hidden_once_and_baskets_count_alike():
    baskets = small()
    arrays = HiddenItems(baskets)
    assert len(arrays) == 9
    rows, targets, weights = arrays.batch(np.arange(9))
    whole = dense(baskets.take([0, 0, 2, 2, 2, 3, 3, 4, 4]))
    assert (rows + (targets > 0) == whole).all()
    assert targets[np.arange(9), [1, 2, 1, 2, 3, 1, 3, 2, 3]].all()
    np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-6)
    by_basket = np.add.reduceat(weights, [0, 2, 5, 7])
    np.testing.assert_allclose(by_basket, by_basket[0])
    again = arrays.batch(np.array([4, 2]))
    assert (again[0] == rows[[4, 2]]).all()
    assert (again[1] == targets[[4, 2]]).all()


def test_others_are_hidden_too_from_none_to_all():
    several = as_baskets(list("abcdefgh"), [list(range(8))] * 400)
    _, targets, _ = HiddenItems(several).batch(np.arange(3200))
    counts = (targets > 0).sum(axis=1)
    rates = np.bincount(counts, minlength=9)[1:] / 3200
    np.testing.assert_allclose(rates, 1 / 8, atol=0.025)


def test_validation_hides_every_item_or_many_of_them():
    baskets = small()
    held_out, weights = hide_each(baskets, 100)
    assert held_out.hidden.tolist() == baskets.indices[[0, 1, 3, 4, 5, 6, 7, 8, 9]].tolist()
    assert weights.mean() == pytest.approx(1)
    assert weights[2] == pytest.approx(weights[0] * 2 / 3)
    few, weights = hide_each(baskets, 4)
    assert len(few) == len(weights) == 4
    assert dense(few.baskets)[np.arange(4), few.hidden].all()


def test_the_hidden_item_is_in_its_basket_and_fixed():
    baskets = shopping_baskets(200, seed=1)
    first, second = hide(baskets, 0, 999), hide(baskets, 0, 999)
    assert (first.hidden == second.hidden).all()
    assert (first.hidden != hide(baskets, 1, 999).hidden).any()
    assert dense(first.baskets)[np.arange(len(first)), first.hidden].all()
    assert (np.diff(first.baskets.indptr) > 1).all()
    assert len(hide(baskets, 0, 7)) == 7


def test_baskets_of_one_item_cannot_be_learned_from():
    alone = as_baskets(ITEMS, [[0], [1], [2]])
    splits = Splits(alone, alone.take([]), alone.take([]))
    with pytest.raises(DataError, match="two items"):
        prepare(splits, BasketMLP(), 0, 9)
    empty = alone.take([])
    with pytest.raises(DataError, match="no item"):
        prepare(Splits(empty, empty, empty), DenoisingAutoencoder(), 0, 9)


@given(st.lists(st.sets(st.integers(0, 6), max_size=7), min_size=1, max_size=12))
def test_items_together_are_counted_as_a_product_counts_them(rows):
    baskets = as_baskets(list("abcdefg"), [sorted(row) for row in rows])
    table = dense(baskets)
    expected = table.T @ table
    blocks = [block for _, block in counting.cooccurrences(sparse_matrix(baskets))]
    assert (np.concatenate(blocks) == expected).all()
    assert (counting.occurrences(baskets) == expected.diagonal()).all()


def test_counts_are_the_same_in_parts(monkeypatch):
    baskets = shopping_baskets(300, seed=3)
    whole = np.concatenate([part for _, part in counting.cooccurrences(sparse_matrix(baskets))])
    monkeypatch.setattr(counting, "_COUNTS", 500)
    starts, parts = zip(*counting.cooccurrences(sparse_matrix(baskets)), strict=True)
    assert (np.concatenate(parts) == whole).all()
    assert starts == tuple(range(0, len(baskets.items), 500 // len(baskets.items)))


def test_ease_solves_its_least_squares():
    baskets = shopping_baskets(400, seed=0)
    network = Ease(penalty=20.0, popularity=0.0).build({"items": len(baskets.items)})
    network.fit_arrays(sparse_matrix(baskets), None)
    X, item = dense(baskets).astype(np.float64), 5
    others = np.delete(np.arange(len(baskets.items)), item)
    A = X[:, others]
    ridge = np.linalg.solve(A.T @ A + 20 * np.eye(len(others)), A.T @ X[:, item])
    np.testing.assert_allclose(network.weights["B"][others, item], ridge, atol=1e-5)
    assert not network.weights["B"].diagonal().any()


def test_ease_refuses_what_does_not_fit_and_names_another():
    network = Ease().build({"items": 2_000_000})
    with pytest.raises(ResourceError, match="item-cosine"):
        network.fit_arrays(sparse_matrix(small()), None)
    with pytest.raises(DataError, match="no inverse"):
        without_itself(np.full((3, 3), 4.0), 1e-18)


def test_cosines_are_those_of_the_columns():
    baskets = shopping_baskets(400, seed=0)
    network = ItemCosine(neighbours=52).build({"items": len(baskets.items)})
    network.fit_arrays(sparse_matrix(baskets), None)
    X = dense(baskets)
    norms = np.linalg.norm(X, axis=0)
    cosines = X.T @ X / np.outer(norms, norms)
    np.fill_diagonal(cosines, 0)
    np.testing.assert_allclose(network.predict(X[:20]), X[:20] @ cosines, atol=2e-4)
    popular = network.predict(np.zeros((1, 53), np.float32))[0].argmax()
    assert popular == X.sum(axis=0).argmax()


def test_ranks_count_unseen_items_alone_and_share_ties():
    class Fixed:
        """Scores beer 4, bread 3, butter 3, milk 1, whatever is asked."""

        def predict(self, rows):
            return np.tile([4.0, 3.0, 3.0, 1.0], (len(rows), 1))

    held_out = HeldOut(as_baskets(ITEMS, [[0, 1], [1, 3], [0, 1, 3]]), np.array([1, 3, 3]))
    rank, unseen, tops = ranks(Fixed(), held_out)
    assert rank.tolist() == [1.5, 3, 2]
    assert unseen.tolist() == [3, 3, 2]
    assert [top.tolist() for top in tops] == [[1, 2, 3], [0, 2, 3], [2, 3]]
    assert hits(rank, 2).tolist() == [1, 0, 1]
    assert gain(rank, 2) == pytest.approx([1 / np.log2(2.5), 0, 1 / np.log2(3)])


def test_an_item_in_any_list_is_covered():
    network = PopularityNetwork(Popularity(), {"items": 12})
    network.weights["shares"] = np.linspace(1, 0, 12)
    held_out = HeldOut(as_baskets(list("abcdefghijkl"), [[0, 1]]), np.array([1]))
    coverage = Recommender().evaluate(network, held_out, None)["coverage"].values
    assert coverage.tolist() == [0, *[1] * 10, 0]


def test_of_equal_scores_the_first_item_is_ranked_first():
    scores = np.array([[1.0, 2.0, 2.0, 0.5]])
    assert best_items(scores, scores > 0.6, 10)[0].tolist() == [1, 2, 0]
    assert best_items(scores, scores > 9, 10)[0].tolist() == []
    assert len(Baskets([], np.array([0]), np.zeros(0, np.int32))) == 0


@pytest.mark.parametrize("rows", [[[2, 1], [0], [3, 1, 2]], [[1, 2, 1], [0, 0], [3, 1, 2, 2]]])
def test_baskets_out_of_order_are_put_in_order(rows):
    kept = in_order(as_baskets(ITEMS, rows), "train", ITEMS)
    assert kept.indices.tolist() == [1, 2, 0, 1, 2, 3]
    assert kept.indptr.tolist() == [0, 2, 3, 6]


@pytest.mark.parametrize(
    ("baskets", "reason"),
    [
        (Baskets(ITEMS, np.array([0, 1]), np.array([1.5])), "whole numbers"),
        (Baskets(ITEMS, np.array([0, 1]), np.array([4])), "from 0 to 3"),
        (Baskets(ITEMS, np.array([0, 1]), np.array([-1])), "from 0 to 3"),
        (Baskets(ITEMS, np.array([1, 1]), np.array([1])), "must rise"),
        (Baskets(ITEMS, np.array([0, 2]), np.array([1])), "must rise"),
        (Baskets(ITEMS[:3], np.array([0, 1]), np.array([1])), "its items"),
    ],
)
def test_baskets_that_do_not_fit_together_are_refused(baskets, reason):
    with pytest.raises(DataError, match=reason):
        in_order(baskets, "test", ITEMS)
    with pytest.raises(DataError, match="same name"):
        in_order(Baskets(["a", "a"], np.array([0]), np.array([], int)), "train", ["a", "a"])
