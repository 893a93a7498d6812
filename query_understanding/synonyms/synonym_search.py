"""Asks all sources for synonyms of a catalogue."""

from collections.abc import Iterable, Sequence
from itertools import chain

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.spelling.general_words import english_words
from query_understanding.synonyms.asked_synonyms import asked_synonyms
from query_understanding.synonyms.synonym_neighbours import neighbours
from query_understanding.synonyms.synonym_proposals import (
    SynonymProposal,
    SynonymSource,
    merged,
)
from query_understanding.synonyms.synonym_sources import (
    SearchStep,
    acronyms,
    reformulations,
    spacing_variants,
    spelling_variants,
)
from search_core import LanguageModel, TextEncoder


def propose_synonyms(
    catalogue: KnownCatalogue,
    texts: Iterable[str],
    *,
    steps: Sequence[SearchStep] = (),
    encoder: TextEncoder | None = None,
    model: LanguageModel | None = None,
    limit: int = 100,
) -> tuple[SynonymProposal, ...]:
    """Return pairs of words that may mean the same, the best founded first.

    Args:
        catalogue: what was learned from it.
        texts: titles and descriptions, in which acronyms are written out.
        steps: searches of shoppers, each session's in order.
        encoder: says which words are close in meaning; `None`: nobody does.
        model: says what else shoppers call what is sold; `None`: none is asked.
        limit: how many pairs.

    Raises:
        EncoderError: the model could not be run.
        LanguageModelError: the language model answered nothing.
    """
    found = chain(
        reformulations(steps),
        acronyms(texts),
        spacing_variants(catalogue),
        spelling_variants(catalogue),
        neighbours(catalogue, encoder) if encoder is not None else (),
        asked_synonyms(catalogue, model) if model is not None else (),
    )
    proposals = merged(found)
    if encoder is not None:
        proposals = tuple(filter(_is_founded, proposals))
    return proposals[:limit]


def _is_founded(proposal: SynonymProposal) -> bool:
    """Return whether more than a letter speaks for a pair that are both words of the language.

    `aluminium` and `aluminum` are near in meaning as well; `tables` and `tablet` are not.
    """
    only_spelling = [each.source for each in proposal.evidence] == [SynonymSource.SPELLING]
    return not (only_spelling and {proposal.term, proposal.synonym} <= english_words())
