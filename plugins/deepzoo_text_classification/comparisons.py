"""Experiments that set a way to classify beside others: by compression, and by language models."""

from __future__ import annotations

from deepzoo import Experiment, Figure


class GzipNeighbours(Experiment):
    """The nearest text by compression, on paragraphs like those it was published for."""

    name = "gzip-knn"
    source = "Jiang et al. (2023), Low-Resource Text Classification, with compressors"
    dataset = "dbpedia-paragraphs"
    model = "gzip-knn"
    settings = {"dataset.splits": "report"}
    figures = (
        Figure(
            "better_of_two",
            0.970,
            note="with 560,000 training paragraphs; right if either of two neighbours is",
        ),
    )
    claims = ("Compression with nearest neighbours is better than small networks.",)


class TweetsAuthors(Experiment):
    """Passages of several authors: one language model for each, beside a plain classifier."""

    name = "tweets-authors"
    source = "A report on generating tweets, which wished for it"
    dataset = "authors"
    model = "language-models"
    claims = ("The language model that gives a text the fewest bits tells whose it is.",)


COMPARISONS: tuple[type[Experiment], ...] = (GzipNeighbours, TweetsAuthors)
