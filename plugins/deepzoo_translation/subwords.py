"""Byte-pair encoding: frequent pieces of words, found by joining the most frequent pairs.

After Sennrich, Haddow and Birch (2016), Neural Machine Translation of Rare Words with Subword
Units. Each word starts as its characters; the pair of neighbours that is most frequent in the
whole text becomes a symbol of its own, again and again.
"""

from __future__ import annotations

import functools
import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

Pair = tuple[str, str]


def learn(words: Mapping[str, int], count: int) -> list[Pair]:
    """Finds the pairs to join, in the order in which they are joined.

    Args:
        words: How often each word occurs.
        count: The most pairs to find; a pair that occurs once is never joined.

    Example:
        >>> learn({"low": 5, "lower": 2, "new": 6}, 3)
        [('l', 'o'), ('lo', 'w'), ('e', 'w')]
    """
    state = _Words(words)
    merges: list[Pair] = []
    while len(merges) < count:
        pair = state.most_frequent()
        if pair is None:
            break
        state.join(pair)
        merges.append(pair)
    return merges


class _Words:
    """The distinct words of a text as symbols, and where each pair of symbols stands.

    Only the words that hold a pair change when it is joined, so the counts are kept up to
    date word by word. The heap may hold old counts of a pair; those are passed over.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self.symbols = [list(word) for word in words]
        self.frequencies = list(words.values())
        self.counts: Counter[Pair] = Counter()
        self.places: defaultdict[Pair, set[int]] = defaultdict(set)
        for index, (symbols, frequency) in enumerate(
            zip(self.symbols, self.frequencies, strict=True)
        ):
            for pair in pairwise(symbols):
                self.counts[pair] += frequency
                self.places[pair].add(index)
        self.heap = [(-count, pair) for pair, count in self.counts.items()]
        heapq.heapify(self.heap)

    def most_frequent(self) -> Pair | None:
        """Returns the most frequent pair, of several the first by alphabet."""
        while self.heap:
            count, pair = heapq.heappop(self.heap)
            if -count == self.counts[pair] and -count > 1:
                return pair
        return None

    def join(self, pair: Pair) -> None:
        """Makes one symbol of a pair, wherever it stands."""
        changed: Counter[Pair] = Counter()
        for index in self.places.pop(pair):
            old, frequency = self.symbols[index], self.frequencies[index]
            new = self.symbols[index] = joined(old, pair)
            for before in pairwise(old):
                changed[before] -= frequency
            for after in pairwise(new):
                changed[after] += frequency
                self.places[after].add(index)
        for one, difference in changed.items():
            if difference:
                self.counts[one] += difference
                heapq.heappush(self.heap, (-self.counts[one], one))
        del self.counts[pair]


def joined(symbols: Sequence[str], pair: Pair) -> list[str]:
    """Makes one symbol of each pair, from left to right.

    Example:
        >>> joined(["n", "e", "n", "e"], ("n", "e"))
        ['ne', 'ne']
    """
    found: list[str] = []
    place = 0
    while place < len(symbols):
        if tuple(symbols[place : place + 2]) == pair:
            found.append(symbols[place] + symbols[place + 1])
            place += 2
        else:
            found.append(symbols[place])
            place += 1
    return found


class Splitter:
    """Cuts words into the symbols that joining leaves, the earliest found pair first.

    Args:
        merges: From `learn`.
    """

    def __init__(self, merges: Sequence[Pair]) -> None:
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        self.split = functools.lru_cache(maxsize=100_000)(self._split)

    def _split(self, word: str) -> tuple[str, ...]:
        symbols = list(word)
        while len(symbols) > 1:
            pair = min(pairwise(symbols), key=lambda one: self.ranks.get(one, len(self.ranks)))
            if pair not in self.ranks:
                break
            symbols = joined(symbols, pair)
        return tuple(symbols)
