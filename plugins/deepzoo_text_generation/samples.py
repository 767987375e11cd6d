"""A small seeded grammar: invented tweets and prose for use without the real files.

Every symbol in braces is replaced by one of its expansions until none is left.
The phrases are our own and speak of gardens, trains, kitchens and the weather.
"""

from __future__ import annotations

import random
import re
import textwrap

# One rule a line, `symbol: expansion | expansion`; indented lines continue a rule.
_TWEET = """
tweet: {opening} {sentence} {tag} | {sentence} {opinion} {tag} | {sentence} {opinion} | {person}:
  {sentence} {thanks} | {opening} {sentence} {link} | {plan} {link} {tag} | {plan} {opinion} | I
  believe that {thing} {be} {judgement}. {opinion} | Today I will {do} {when}. {opinion} |
  {question} {opinion} {tag} | "{person}: {sentence}" {thanks} | {opinion} {sentence}
opening: Good morning! | Great news: | Just back home. | Wow, | What a day! | Listen:
sentence: the {place} {is} {judgement} {when}. | we {did} {thing} at the {place} {when}. | I {did}
  {thing} with {person} {when}. | {thing} from the {place} {be} {judgement}. | nobody {did}
  {thing} like the people of the {place}. | {number} people came to the {place} {when}!
plan: I will {do} {when}. | We will {do} at the {place} {when}. | Come and {do} with us {when}! |
  Tomorrow {person} and I will {do}.
question: Who wants to {do} {when}? | Why {be} {thing} always {judgement}? | Have you seen the
  {place} {when}?
opinion: So {judgement}! | It was {judgement}. | You must see it! | Very {judgement}, believe me.
  | We need more {goods}. | I am so proud of the {place}! | Not {judgement} at all! | Thank you
  all!
thanks: Thank you! | Thanks, so kind! | So true. | See you soon! | I agree!
person: @OldMillBakery | @GardenClub | @NightTrains | @LeaAndTom | @HarbourChoir | @RiverRowers |
  @KiteMaker | @CloudWatch
place: garden | bakery | old mill | train station | harbour | library | market | mountain hut |
  school kitchen | small theatre | lighthouse | river bank
thing: the {size} {goods} | {size} {goods} | our {goods} | the {goods}
goods: tomatoes | apple trees | night trains | paper kites | pancakes | bicycles | songs | wooden
  boats | soup bowls | roses | stories | lanterns | maps
size: big | little | green | golden | famous | new | noisy | forgotten
is: is | was | will be
be: are | were | will be
judgement: fantastic | wonderful | late | beautiful | quiet | delicious | amazing | strong |
  strange | fun | better than ever | really good
did: found | painted | shared | missed | carried | counted | repaired | praised
do: plant {goods} | paint the {place} | bake bread | sing at the {place} | repair {goods} | visit
  the {place} | talk about {goods} | watch the stars
when: today | tonight at {hour}pm | this morning | on {day} | next {day} | at {hour} o'clock | in
  {month} | last {day} | after the rain
day: Monday | Tuesday | Wednesday | Thursday | Friday | Saturday | Sunday
month: April | May | June | August | September | October
hour: 2 | 4 | 5 | 7 | 8 | 9 | 10
number: 20 | 35 | 120 | 400 | 1,500 | 9,000
tag: #GardenDays | #NightTrain | #BakeMore | #RainyDay | #KiteWeek | #OldMill
link: http://t.co/{letters}{digits}{letters} | http://bit.ly/{digits}{letters}
letters: aK | Qr | mZt | Lo | xVe | hUp | Wn | bSd
digits: 1 | 27 | 30 | 4 | 58 | 9
"""

_PROSE = """
paragraph: {told} {told} {told} | "{spoken}," said {name}. {told} | "{spoken}!" {told} "{spoken},"
  answered {name}, and {quietly}. | {told} {told} {told} {told}
told: {name} went {way} and {did} {object}. | {Time} {name} and {name} {did} {object} {way}. |
  {Time} the {place} was {mood}, and {quietly}. | There was {object} {way}, but {name} had never
  {did} it. | {name} thought of {object} and was {mood}.
spoken: I have {did} {object} | you never {did} {object} | come {way} with me | the {place} is
  {mood} {soon} | we shall see {object} {soon}
quietly: nobody spoke | the wind turned | the lamps went out | everyone laughed | the clock struck
  {hour} | the dog slept on
name: Anna | Old Peter | the captain | Marie | the miller | Jonas | my aunt
way: down to the {place} | over the hill | along the river | into the {place} | up the narrow
  stairs | behind the {place}
place: harbour | attic | orchard | mill | village school | cellar | forest
did: found | carried | painted | lost | counted | opened | sold
object: a {size} lantern | the {size} map | a basket of {goods} | the last {goods} | a {size}
  wooden box | the {size} boat
goods: apples | candles | letters | nails | feathers | buttons
size: small | heavy | red | broken | golden | strange | forgotten
mood: silent | bright | cold | full of people | happy | tired | empty
Time: In the morning | At night | After supper | Once more | That summer | Later
soon: tonight | tomorrow | before the snow comes | again
hour: six | nine | ten | eleven | twelve
"""

_SYMBOL = re.compile(r"\{(\w+)\}")


def tweets(count: int, seed: int) -> list[str]:
    """Returns `count` invented tweets; the same seed gives the same ones.

    Examples:
        >>> len(tweets(3, seed=1)), tweets(3, seed=1) == tweets(3, seed=1)
        (3, True)
    """
    rules, generator = _rules(_TWEET), random.Random(seed)
    return [_capitalised(_expand("tweet", rules, generator)) for _ in range(count)]


def prose(paragraphs: int, seed: int) -> str:
    """Returns an invented tale as one text, its lines wrapped like a printed book's."""
    rules, generator = _rules(_PROSE), random.Random(seed)
    texts = (_expand("paragraph", rules, generator) for _ in range(paragraphs))
    return "\n\n".join(textwrap.fill(_capitalised(text), 70) for text in texts) + "\n"


def _rules(grammar: str) -> dict[str, list[str]]:
    rules = [line.split(": ", 1) for line in grammar.replace("\n  ", " ").strip().splitlines()]
    return {symbol: expansions.split(" | ") for symbol, expansions in rules}


def _expand(symbol: str, rules: dict[str, list[str]], generator: random.Random) -> str:
    expansion = generator.choice(rules[symbol])
    return _SYMBOL.sub(lambda match: _expand(match[1], rules, generator), expansion)


def _capitalised(text: str) -> str:
    start = r'(^"?|[.!?] "?)(?!http)([a-z])'
    return re.sub(start, lambda match: match[1] + match[2].upper(), text)
