"""Byte-pair encoding: frequent subwords, found by merging the most frequent pairs of symbols.

After Sennrich, Haddow and Birch (2016), Neural Machine Translation of Rare Words with Subword
Units. Each word starts as its characters; the most frequent pair of neighbours in the whole
text becomes a symbol of its own, again and again.
"""

from __future__ import annotations

import functools
import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

Pair = tuple[str, str]


def learn_merges(words: Mapping[str, int], count: int) -> list[Pair]:
    """Finds the pairs to merge, in the order in which they are merged.

    Args:
        words: How often each word occurs.
        count: The most pairs to find; a pair that occurs once is never merged.

    Examples:
        >>> learn_merges({"low": 5, "lower": 2, "new": 6}, 3)
        [('l', 'o'), ('lo', 'w'), ('e', 'w')]
    """
    counts = _PairCounts(words)
    merges: list[Pair] = []
    while len(merges) < count and (pair := counts.most_frequent()):
        counts.merge(pair)
        merges.append(pair)
    return merges


class _PairCounts:
    """How often each pair of symbols occurs, and in which words.

    A merge changes only the words with that pair, so the counts are updated word by word. The
    heap may hold old counts of a pair; those are skipped.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self.symbols = [list(word) for word in words]
        self.frequencies = list(words.values())
        self.counts: Counter[Pair] = Counter()
        self.words_of: defaultdict[Pair, set[int]] = defaultdict(set)
        for index, (word, frequency) in enumerate(words.items()):
            for pair in pairwise(word):
                self.counts[pair] += frequency
                self.words_of[pair].add(index)
        self.heap = [(-count, pair) for pair, count in self.counts.items()]
        heapq.heapify(self.heap)

    def most_frequent(self) -> Pair | None:
        """Returns the most frequent pair; of equally frequent ones, the alphabetically first."""
        while self.heap:
            count, pair = heapq.heappop(self.heap)
            if -count == self.counts[pair] and -count > 1:
                return pair
        return None

    def merge(self, pair: Pair) -> None:
        """Merges a pair in all words."""
        changed: Counter[Pair] = Counter()
        for index in self.words_of.pop(pair):
            old, frequency = self.symbols[index], self.frequencies[index]
            new = self.symbols[index] = merged(old, pair)
            for before in pairwise(old):
                changed[before] -= frequency
            for after in pairwise(new):
                changed[after] += frequency
                self.words_of[after].add(index)
        for other, difference in changed.items():
            if difference:
                self.counts[other] += difference
                heapq.heappush(self.heap, (-self.counts[other], other))
        del self.counts[pair]


def merged(symbols: Sequence[str], pair: Pair) -> list[str]:
    """Merges each occurrence of a pair, from left to right.

    Examples:
        >>> merged(["n", "e", "n", "e"], ("n", "e"))
        ['ne', 'ne']
    """
    result: list[str] = []
    position = 0
    while position < len(symbols):
        if tuple(symbols[position : position + 2]) == pair:
            result.append(pair[0] + pair[1])
            position += 2
        else:
            result.append(symbols[position])
            position += 1
    return result


class Splitter:
    """Splits words into subwords, by the merges in the order in which they were learned.

    Args:
        merges: From `learn_merges`.
    """

    def __init__(self, merges: Sequence[Pair]) -> None:
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        self.split = functools.lru_cache(maxsize=100_000)(self._split)

    def _split(self, word: str) -> tuple[str, ...]:
        symbols = list(word)
        while len(symbols) > 1:
            pair = min(pairwise(symbols), key=lambda pair: self.ranks.get(pair, len(self.ranks)))
            if pair not in self.ranks:
                break
            symbols = merged(symbols, pair)
        return tuple(symbols)
