"""The language of each word of a query: `苹果 iPhone 12` is Chinese with a Latin name in it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import is_cjk, units
from query_understanding.text_normalizer import language_of
from search_core import QueryPlan, WordLanguage


class LanguageRewriter:
    """Tells languages by script, and those that share one by the catalogue's products."""

    name = "languages"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Tell the language of each word, and with them the query's; see `Rewriter`."""
        found = tuple(word_languages(plan.text, catalogue.lexicon))
        if not found:
            return plan
        plan = replace(plan, word_languages=found)
        language = _of_most(found, plan.language, catalogue.lexicon)
        if language == plan.language:
            return plan
        return replace(plan, language=language).logged(
            self.name, f"the words are {language}, not {plan.language}"
        )


def word_languages(text: str, lexicon: Lexicon) -> Iterator[WordLanguage]:
    """Yield each word with its language; characters of one unspaced script make one word.

    Args:
        text: cleaned.
        lexicon: of the catalogue, whose main language is everybody's unless the word says other.

    Yields:
        Numbers and codes with the language `None`.
    """
    start = end = -1
    for unit in units(text):
        if is_cjk(unit.text):
            if unit.start != end:
                if start >= 0:
                    yield _word(text[start:end], lexicon)
                start = unit.start
            end = unit.end
            continue
        if start >= 0:
            yield _word(text[start:end], lexicon)
            start = end = -1
        yield _word(text[unit.start : unit.end], lexicon)
    if start >= 0:
        yield _word(text[start:end], lexicon)


def _word(word: str, lexicon: Lexicon) -> WordLanguage:
    if not any(each.isalpha() for each in word) or any(each.isdigit() for each in word):
        return WordLanguage(word=word, language=None)
    return WordLanguage(
        word=word,
        language=lexicon.foreign_words.get(word.casefold()) or language_of(word, lexicon.language),
    )


def _of_most(found: tuple[WordLanguage, ...], present: str | None, lexicon: Lexicon) -> str | None:
    """Return the language of most words, where it is one that shares the main language's script.

    A script of its own has decided already, and a word that only foreign products have outweighs
    one that all have: names are at home everywhere.
    """
    if present != lexicon.language or not lexicon.foreign_words:
        return present
    votes = Counter(
        each.language for each in found if each.word.casefold() in lexicon.foreign_words
    )
    told = sum(each.language is not None for each in found)
    language, count = next(iter(votes.most_common(1)), (None, 0))
    return language if 2 * count >= told and language is not None else present
