"""A stand-in for real pairs: English sentences, and the same in a small invented language.

The language has one word for each English word, puts the verb last, and says when before
anything else. So word order has to be learned, not only the words.
"""

from __future__ import annotations

from deepzoo import TextPairs

ARTICLES = {"the": "ku", "a": "no", "my": "mira", "your": "tira"}
ADJECTIVES = {
    "old": "sepa",
    "small": "lili",
    "red": "karo",
    "quiet": "umu",
    "green": "velo",
    "clever": "tanik",
}
NOUNS = {
    "dog": "balo",
    "bird": "pimi",
    "teacher": "dokare",
    "girl": "selin",
    "farmer": "agrot",
    "cat": "misu",
    "river": "naru",
    "house": "toba",
    "letter": "skripa",
    "apple": "pomo",
    "boat": "veska",
    "song": "lalun",
}
VERBS = {
    "sees": "vidun",
    "finds": "trovan",
    "likes": "amun",
    "draws": "pentun",
    "forgets": "olvidun",
    "paints": "kolorun",
    "wants": "volun",
    "hears": "audun",
}
TIMES = {"today": "hodi", "tomorrow": "demain", "every day": "omna di", "at night": "nokta"}


def sentence_pairs(count: int, seed: int) -> TextPairs:
    """Makes `count` different sentences with their translations.

    Example:
        >>> pairs = sentence_pairs(3, seed=0)
        >>> len(set(pairs.sources))
        3
    """
    import numpy as np

    generator = np.random.default_rng(seed)
    pairs: dict[str, str] = {}
    while len(pairs) < count:
        subject, thing = (_noun_phrase(generator) for _ in range(2))
        verb = generator.choice(list(VERBS))
        time = generator.choice(["", *TIMES])
        source = " ".join(filter(None, [subject[0], verb, thing[0], time]))
        target = " ".join(filter(None, [TIMES.get(time, ""), subject[1], thing[1], VERBS[verb]]))
        pairs[_sentence(source)] = _sentence(target)
    return TextPairs(list(pairs), list(pairs.values()))


def _noun_phrase(generator) -> tuple[str, str]:
    """Draws an article, every second time an adjective, and a noun, in both languages."""
    article, noun = generator.choice(list(ARTICLES)), generator.choice(list(NOUNS))
    adjective = generator.choice(list(ADJECTIVES)) if generator.random() < 0.5 else ""
    source = " ".join(filter(None, [article, adjective, noun]))
    target = " ".join(filter(None, [ARTICLES[article], NOUNS[noun], ADJECTIVES.get(adjective, "")]))
    return source, target


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
