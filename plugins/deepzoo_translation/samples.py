"""A stand-in for real pairs: English sentences, and the same in a small invented language.

The language has a word for each English word, puts the verb last, and begins with the time.
So a network has to learn the word order, not only the words.
"""

from __future__ import annotations

from deepzoo import TextPairs

# fmt: off
ARTICLES = {"the": "ku", "a": "no", "my": "mira", "your": "tira"}
ADJECTIVES = {
    "old": "sepa", "small": "lili", "red": "karo", "quiet": "umu", "green": "velo",
    "clever": "tanik",
}
NOUNS = {
    "dog": "balo", "bird": "pimi", "teacher": "dokare", "girl": "selin", "farmer": "agrot",
    "cat": "misu", "river": "naru", "house": "toba", "letter": "skripa", "apple": "pomo",
    "boat": "veska", "song": "lalun",
}
VERBS = {
    "sees": "vidun", "finds": "trovan", "likes": "amun", "draws": "pentun", "forgets": "olvidun",
    "paints": "kolorun", "wants": "volun", "hears": "audun",
}
TIMES = {"today": "hodi", "tomorrow": "demain", "every day": "omna di", "at night": "nokta"}
# fmt: on


def sentence_pairs(count: int, seed: int) -> TextPairs:
    """Makes `count` distinct sentences with their translations.

    Examples:
        >>> pairs = sentence_pairs(3, seed=0)
        >>> len(set(pairs.sources))
        3
    """
    import numpy as np

    generator = np.random.default_rng(seed)
    pairs: dict[str, str] = {}
    while len(pairs) < count:
        subject, object_ = (_noun_phrase(generator) for _ in range(2))
        verb = generator.choice(list(VERBS))
        time = generator.choice(["", *TIMES])
        source = _sentence(subject[0], verb, object_[0], time)
        pairs[source] = _sentence(TIMES.get(time, ""), subject[1], object_[1], VERBS[verb])
    return TextPairs(list(pairs), list(pairs.values()))


def _noun_phrase(generator) -> tuple[str, str]:
    """Draws an article, every second time an adjective, and a noun, in both languages."""
    article, noun = generator.choice(list(ARTICLES)), generator.choice(list(NOUNS))
    adjective = generator.choice(list(ADJECTIVES)) if generator.random() < 0.5 else ""
    translation = ARTICLES[article], NOUNS[noun], ADJECTIVES.get(adjective, "")
    return _joined(article, adjective, noun), _joined(*translation)


def _sentence(*parts: str) -> str:
    words = _joined(*parts)
    return f"{words[0].upper()}{words[1:]}."


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))
