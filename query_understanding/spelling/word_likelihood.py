"""How likely a word of the catalogue was meant where another was typed: a noisy channel.

Source: Kernighan, Church and Gale 1990. The constants were fitted (conditional logistic regression)
to misspelt parts of titles of two catalogues: docs/query_understanding.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.spelling.edit_cost import edit_cost
from query_understanding.spelling.general_words import NAMING_NOTHING, english_shares, near_english

_TEXT_SHARE = 0.15
"""Of a product that has a word in any text, against a title that has it: shoppers name things as
titles do."""
_KIND_SHARE = 0.8
"""Of kinds of product whose name has a word, against titles: shoppers name kinds."""
_COMPANION_SHARE = 0.5
"""Of titles that have the other word as well, against titles of the whole catalogue."""
_BESIDE_SHARE = 12.0
"""Of titles that have the two words side by side."""
_FEW_TITLES = 3
"""Titles without the word that each word is taken to have besides: two titles prove little."""
_LANGUAGE_BONUS = 1.1
"""Of a word of the language: what only the catalogue has may be misspelt there."""
_GENERAL_SHARE = 0.05
"""Of the language's words at large, against titles: shoppers seldom type `which`."""
_UNSEEN_SHARE = 1e-6
_FILLER_PENALTY = 1.8
"""Of `with` and `for`: titles have them, and shoppers leave them out."""
_SHORTEST_GENERAL = 5
"""Letters from which what was meant may be a word that the catalogue lacks."""
_MOSTLY_RIGHT = 2.3
"""Logarithm of how many words are typed right for each that is not: ten to one. Source: Cucerzan
and Brill 2004 found 10 to 15 % of a web search engine's queries misspelt."""
_NAME_LETTER = 2.3
"""Cost of each letter of a word that is a name: misspelt words are likelier than that."""
_NAME_CONTRAST = 2.5
"""By how much a letter's cost sets names and misspelt words apart."""
_CERTAIN = 50.0
_EXACTLY_WEIGHED = 16
_USUAL_EDIT = 2.3
"""Cost of an edit by which it is chosen what is weighed exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The other words of the query."""

    others: tuple[str, ...] = ()
    before: str | None = None
    """The word before; `None`: there is none."""
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A word that may have been meant."""

    word: str
    edits: int
    cost: float
    """See `edit_cost`."""
    log_prior: float
    """See the function of that name."""
    share: float
    """Probability, if what was typed is no name that catalogue and language lack."""
    misspelt: float
    """Probability that it is no such name; see `misspelt_share`."""


def context_of(words: Sequence[str], place: int) -> Context:
    """Return what stands around one of a query's words.

    Args:
        words: of the query, folded.
        place: in `words`.
    """
    return Context(
        others=tuple(word for at, word in enumerate(words) if at != place),
        before=words[place - 1] if place else None,
        after=words[place + 1] if place + 1 < len(words) else None,
    )


def readings(
    typed: str, edits: int, context: Context, catalogue: KnownCatalogue
) -> tuple[Reading, ...]:
    """Return what may have been meant, the likeliest first.

    Args:
        typed: folded.
        edits: at most so many, 1 or 2.
        context: the words around it.
        catalogue: what was learned from it.
    """
    near = [
        (log_prior(word, context, catalogue), distance, word)
        for word, distance in _near(typed, edits, catalogue).items()
        if word != typed
    ]
    # What the cheapest edits would make of each: few are worth a closer look.
    near.sort(key=lambda each: (_USUAL_EDIT * each[1] - each[0], each[2]))
    weighed = []
    for prior, distance, word in near[:_EXACTLY_WEIGHED]:
        cost = edit_cost(typed, word)
        weighed.append((prior - cost, word, distance, cost, prior))
    weighed.sort(key=lambda each: (-each[0], each[1]))
    total = sum(math.exp(each[0]) for each in weighed)
    misspelt = misspelt_share(typed, total)
    return tuple(
        Reading(
            word=word,
            edits=distance,
            cost=cost,
            log_prior=prior,
            share=math.exp(score) / total,
            misspelt=misspelt,
        )
        for score, word, distance, cost, prior in weighed
    )


def misspelt_share(typed: str, likelihood: float) -> float:
    """Return the probability that an unknown word is no name, but misspelt.

    Args:
        typed: folded.
        likelihood: of all that may have been meant together, and been typed so.
    """
    if not likelihood:
        return 0.0
    a_letter = math.log(likelihood) / len(typed)
    return 1 / (1 + math.exp(min(-_NAME_CONTRAST * (a_letter + _NAME_LETTER), _CERTAIN)))


def _near(typed: str, edits: int, catalogue: KnownCatalogue) -> dict[str, int]:
    """Return the words of the catalogue, and of its language, with how many edits each is away."""
    near = dict(catalogue.near_words.within(typed, edits))
    if catalogue.lexicon.language == "en" and len(typed) >= _SHORTEST_GENERAL:
        near |= {
            word: distance
            for word, distance in near_english().within(typed, edits)
            if word[0] == typed[0]
        }
    return near


def share_against_typed(prior: float, cost: float, typed_prior: float) -> float:
    """Return the probability that another word was meant where one of the catalogue was typed.

    Args:
        prior: `log_prior` of the other word.
        cost: of the edits to it.
        typed_prior: `log_prior` of what was typed.
    """
    against = typed_prior + _MOSTLY_RIGHT - (prior - cost)
    return 1 / (1 + math.exp(min(against, _CERTAIN)))


def most_likely_prior(context: Context, catalogue: KnownCatalogue) -> float:
    """Return an upper bound of what `log_prior` gives for any word of the catalogue."""
    share = catalogue.most_titles / max(catalogue.lexicon.products, 1)
    alone = share + _TEXT_SHARE + _KIND_SHARE + _GENERAL_SHARE
    together = _COMPANION_SHARE + _BESIDE_SHARE if context.others else 0.0
    return math.log(alone + together) + _LANGUAGE_BONUS


def log_prior(word: str, context: Context, catalogue: KnownCatalogue) -> float:
    """Return the logarithm of how likely a word is beside others, however it is typed.

    Args:
        word: folded.
        context: the words around it.
        catalogue: what was learned from it.
    """
    lexicon = catalogue.lexicon
    products = max(lexicon.products, 1)
    share = (catalogue.in_titles(word) + _TEXT_SHARE * lexicon.words.get(word, 0)) / products
    beside = 0.0
    if context.before is not None:
        both = lexicon.pairs.get(f"{context.before} {word}", 0)
        beside = _share(both, context.before, catalogue)
    if context.after is not None:
        both = lexicon.pairs.get(f"{word} {context.after}", 0)
        beside = max(beside, _share(both, context.after, catalogue))
    together = max(
        (_share(catalogue.together(word, each), each, catalogue) for each in context.others),
        default=0.0,
    )
    general = english_shares().get(word, 0.0) if lexicon.language == "en" else 0.0
    alone = share + _KIND_SHARE * catalogue.kind_share(word) + _GENERAL_SHARE * general
    likely = alone + _COMPANION_SHARE * together + _BESIDE_SHARE * beside + _UNSEEN_SHARE
    if word in NAMING_NOTHING:
        return math.log(likely) - _FILLER_PENALTY
    return math.log(likely) + (_LANGUAGE_BONUS if general else 0.0)


def _share(both: int, other: str, catalogue: KnownCatalogue) -> float:
    """Return the share of the other word's titles that have both; a few titles prove little."""
    return both / (catalogue.in_titles(other) + _FEW_TITLES) if both else 0.0
