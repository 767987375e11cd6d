"""Small seeded grammars: stand-ins for the real texts, which a bag of words can learn.

Every symbol in braces is replaced by one of its expansions until none is left. Each class has
words of its own and shares others, so that neither chance nor certainty scores well.
"""

from __future__ import annotations

import random
import re

import numpy as np

from deepzoo import LabelledText, Splits, Text

_SYMBOL = re.compile(r"\{(\w+)\}")
Rules = dict[str, list[str]]


def _rules(text: str) -> Rules:
    """Reads rules, `symbol: expansion | expansion`; indented lines continue a rule."""
    lines = (line.partition(":") for line in text.strip().replace("\n  ", " ").splitlines())
    return {symbol: [part.strip() for part in right.split("|")] for symbol, _, right in lines}


_COMMON = _rules(
    """
name: {first}{last} | {first}{last} {number}
first: Al | Bren | Cor | Dal | El | Far | Gren | Hol | Iv | Jor | Kel | Lor | Mar | Nor | Os | Pel
last: bury | dale | field | gard | ham | ington | ley | mont | ova | stein | ton | vik | wick
number: 2 | 7 | 12 | 40
place: {first}{last} | northern {first}{last} | the {first}{last} region
year: 1871 | 1904 | 1938 | 1956 | 1969 | 1983 | 1992 | 2001 | 2009
tail: It is in {place}. | It dates from {year}. | It is best known in {place}. | See also {name}.
"""
)

_PARAGRAPHS = _rules(
    """
Company: {name} is a company based in {place}. | Founded in {year}, {name} sells software.
EducationalInstitution: {name} is a public school in {place}. | {name} College has students
  since {year}.
Artist: {name} (born {year}) is a singer from {place}. | {name} was a painter and guitarist.
Athlete: {name} (born {year}) is a footballer from {place}. | {name} played for the {place} team.
OfficeHolder: {name} was elected to parliament in {year}. | {name} is a politician, member for
  {place}.
MeanOfTransportation: {name} was a ship of the {place} navy. | The {name} is an aircraft of {year}.
Building: {name} is a historic house in {place}. | {name} Church is a stone building of {year}.
NaturalPlace: The {name} is a river in {place}. | {name} is a mountain near the lake of {place}.
Village: {name} is a village in {place}, with a population of {number}. | {name} is a village of
  {place} district.
Animal: {name} is a species of moth found in {place}. | {name} is a genus of beetles of the
  family {first}idae.
Plant: {name} is a species of flowering plant. | {name} is a shrub of the family {first}aceae of
  {place}.
Album: {name} is the second album by {name}. | {name} is a studio album released in {year}.
Film: {name} is a {year} film directed by {name}. | {name} is a comedy film starring {name}.
WrittenWork: {name} is a novel by {name}. | {name} is a newspaper published in {place} since
  {year}.
"""
)

_REVIEWS = _rules(
    """
negative: {opening} {bad} {aside} {bad} | {bad} {aside} {good} {worse} | {aside} {bad} {worse}
positive: {opening} {good} {aside} {good} | {good} {aside} {bad} {better} | {aside} {good} {better}
opening: I saw this on {day}. | My sister chose this film. | We had waited for it since {year}.
aside: It is about {hero} in {place}. | We follow {hero}. | The music is by {name}. | It
  takes two hours.
bad: The {part} is {dull}. | What {dull} {part}! | Not even the {part} is good.
good: The {part} is {fine}. | What {fine} {part}! | Never was the {part} dull.
worse: A waste of time. | Avoid it. | I fell asleep.
better: See it twice. | I laughed and cried. | Highly recommended.
part: story | acting | ending | camera | dialogue | cast
dull: boring | dull | awful | terrible | stupid | pointless | weak
fine: wonderful | moving | brilliant | charming | superb | funny | great
hero: a lost sailor | an old teacher | a young cook | two brothers | a tired detective
day: Monday | Friday | a rainy day | a plane
"""
)

_MESSAGES = _rules(
    """
delivery: {hello} My {parcel} has not arrived. {bye} | {hello} Where is the {parcel} that I
  ordered on {day}? {bye}
payment: {hello} I was charged twice for the {parcel}. {bye} | {hello} The invoice of {day}
  shows a wrong price. {bye}
praise: {hello} Thank you, the {parcel} is lovely! {bye} | {hello} Great service on {day}, well
  done! {bye}
return: {hello} I want to send the {parcel} back, it is broken. {bye} | {hello} How do I
  exchange the {parcel} of {day}? {bye}
hello: Hello, | Good morning. | Dear team, | Hi!
bye: Regards, {name} | Yours, {name} | Order {number}{number}, {name}
parcel: {colour} lamp | {colour} chair | {colour} kettle | {colour} bicycle | {colour} raincoat
  | {colour} clock
colour: red | green | small | folding | wooden | striped
day: Monday | Tuesday | Thursday | last week | the {number}th of May
"""
)

_AUTHOR = _rules(
    """
sentence: {who} {did} {what} {where}, and {who} {did} {what} {when}.
what: {size} {thing}
where: in {the} {spot} | behind {the} {spot} | near {the} {spot}
"""
)
_FAVOURITES = {  # each author uses a few of each
    "who": "the captain|my aunt|a stranger|the miller|old Anna|the doctor|nobody|the children",
    "did": "found|carried|forgot|praised|sold|feared|wanted|painted|hid|counted",
    "size": "a small|the last|a golden|some|that heavy|a strange|every|the broken",
    "thing": "letter|apple|lantern|boat|book|song|key|truth|map|coat|promise|ladder",
    "the": "the|an old|this|our|his|that",
    "spot": "harbour|attic|forest|market|church|school|garden|cellar|theatre|street",
    "when": "at night|in spring|too late|once more|at noon|in silence|without a word|as always",
}
_OWN = 0.6  # share of the words that an author uses


def paragraphs(count: int, seed: int) -> LabelledText:
    """Writes paragraphs on invented things of 14 classes."""
    return _texts(_PARAGRAPHS, count, seed, tuple(_PARAGRAPHS), " {tail}")


def reviews(count: int, seed: int) -> LabelledText:
    """Writes reviews of invented films; most praise something they pan, and the reverse."""
    return _texts(_REVIEWS, count, seed, ("negative", "positive"))


def messages(count: int, seed: int) -> LabelledText:
    """Writes messages from the customers of a shop."""
    return _texts(_MESSAGES, count, seed, ("delivery", "payment", "praise", "return"))


def authors(names: list[str], count: int) -> dict[str, Splits[Text]]:
    """Writes sentences for each author, who has favourite words by the name."""
    made = {}
    for name in names:
        generator = random.Random(name)
        rules = dict(_AUTHOR)
        for symbol, listed in _FAVOURITES.items():
            words = listed.split("|")
            rules[symbol] = generator.sample(words, round(_OWN * len(words)))
        sentences = [_expand("sentence", rules, generator) for _ in range(count)]
        tenth = count // 10
        held_out = Text(sentences[:tenth]), Text(sentences[tenth : 2 * tenth])
        made[name] = Splits(Text(sentences[2 * tenth :]), *held_out)
    return made


def _texts(
    rules: Rules, count: int, seed: int, classes: tuple[str, ...], tail: str = ""
) -> LabelledText:
    """Writes `count` different texts, of each class the same number, in turn."""
    generator = random.Random(seed)
    rules = {**_COMMON, **rules}
    texts: dict[str, int] = {}
    while len(texts) < count:
        label = len(texts) % len(classes)
        start = f"{{{classes[label]}}}{tail}"
        texts.setdefault(_fill(start, rules, generator), label)
    return LabelledText(list(texts), np.array(list(texts.values()), np.int64), classes)


def _expand(symbol: str, rules: Rules, generator: random.Random) -> str:
    return _fill(generator.choice(rules[symbol]), rules, generator)


def _fill(text: str, rules: Rules, generator: random.Random) -> str:
    return _SYMBOL.sub(lambda match: _expand(match[1], rules, generator), text)
