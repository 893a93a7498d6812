"""Finds, loads and keeps what was learned from each catalogue."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import monotonic

from query_understanding.categories.kind_counterparts import (
    counterparts,
    in_two_scripts,
    told_as_named,
)
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.lexicon_codec import decode_lexicon, encode_lexicon
from query_understanding.lexicon.lexicon_learning import learn_lexicon
from search_core import IndexingError, SearchEngineError
from search_engine import (
    OpenSearch,
    attachment_version,
    mean_vectors,
    physical_index,
    read_attachment,
    scan_products,
    search_terms,
    write_attachment,
)

_logger = logging.getLogger(__name__)

_FIELDS = (
    "title", "brand", "product_type", "category", "category_text", "description", "attributes",
    "attributes_text", "tags_text", "thesaurus_text", "price", "language",
)  # fmt: skip
_VECTORS_A_KIND = 5
"""Their mean tells what a kind is; twenty tell it no better (ADR 0053)."""
_MOST_COMPARED = 2_000
"""Kinds, the most frequent ones: 100 MB of vectors are read, 1 MB at a time."""
_LOOK_AGAIN_SECONDS = 30.0
"""How soon a new generation's lexicon is used. An old one does no harm: it is nearly the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    generation: str
    version: str | None
    """Of the lexicon: an update in place learns it anew."""
    catalogue: KnownCatalogue
    looked_at: float


class CatalogueSource:
    """Gives the known catalogue of an index. Safe to call from several threads."""

    def __init__(self, client: OpenSearch, clock: Callable[[], float] = monotonic) -> None:
        """Take the connection; nothing is loaded yet.

        Args:
            client: connection to OpenSearch.
            clock: seconds.
        """
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._loaded: dict[str, _Loaded] = {}

    def fresh(self, index: str) -> KnownCatalogue | None:
        """Return the catalogue if it was looked at lately; `None`: `catalogue` has work to do."""
        loaded = self._loaded.get(index)
        if loaded is None or self._clock() - loaded.looked_at > _LOOK_AGAIN_SECONDS:
            return None
        return loaded.catalogue

    def catalogue(self, index: str) -> KnownCatalogue:
        """Return the catalogue of the generation behind an index, loaded where it is not yet.

        One that was never learned is empty, and its rewriters do little.

        Args:
            index: alias or generation.

        Raises:
            IndexNotFoundError: there is no such index.
            SearchEngineError: OpenSearch does not answer as it should.
        """
        with self._lock:
            known = self.fresh(index)
            if known is not None:
                return known
            generation = physical_index(self._client, index)
            version = attachment_version(self._client, generation)
            before = self._loaded.get(index)
            if before is not None and (before.generation, before.version) == (generation, version):
                catalogue = before.catalogue
            else:
                catalogue = KnownCatalogue(self._read(generation))
                catalogue.warm_up()
            self._loaded[index] = _Loaded(
                generation=generation,
                version=version,
                catalogue=catalogue,
                looked_at=self._clock(),
            )
            return catalogue

    def _read(self, generation: str) -> Lexicon:
        data = read_attachment(self._client, generation)
        if data is None:
            _logger.warning(
                "lexicon_missing generation=%s: learn it with `shopkeeper understand learn`",
                generation,
            )
            return Lexicon()
        try:
            return decode_lexicon(data)
        except IndexingError as error:
            # Search goes on without: a shop whose lexicon is of an older version stays open.
            _logger.warning("lexicon_unreadable generation=%s: %s", generation, error.message)
            return Lexicon()


def learn_catalogue(client: OpenSearch, index: str) -> Lexicon:
    """Learn the lexicon of a generation and keep it beside it.

    Args:
        client: connection to OpenSearch.
        index: alias or generation.

    Raises:
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    generation = physical_index(client, index)
    lexicon = learn_lexicon(scan_products(client, generation, _FIELDS))
    lexicon = replace(
        lexicon,
        number_forms=_kept_apart(client, generation, lexicon.number_forms),
        counterparts=_in_other_scripts(client, generation, lexicon),
    )
    data = encode_lexicon(lexicon)
    write_attachment(client, generation, data)
    _logger.info(
        "lexicon_learned generation=%s products=%d bytes=%d",
        generation,
        lexicon.products,
        len(data),
    )
    return lexicon


def _in_other_scripts(
    client: OpenSearch, generation: str, lexicon: Lexicon
) -> tuple[tuple[int, int], ...]:
    """Return which kinds are the same in another script, by the vectors of their products."""
    compared = {place: lexicon.kinds[place] for place in told_as_named(lexicon, _MOST_COMPARED)}
    if not in_two_scripts(tuple(compared.values())):
        return ()
    vectors = {}
    try:
        for field in {each.field for each in compared.values()}:
            places = {each.name: place for place, each in compared.items() if each.field == field}
            means = mean_vectors(client, generation, field, list(places), _VECTORS_A_KIND)
            vectors.update({places[name]: mean for name, mean in means.items()})
    except SearchEngineError as error:
        # What is lost is that a preference for one script's kind holds for the other's.
        _logger.warning("counterparts_unknown generation=%s: %s", generation, error.message)
        return ()
    return counterparts(lexicon.kinds, vectors)


def _kept_apart(client: OpenSearch, generation: str, forms: Mapping[str, str]) -> Mapping[str, str]:
    """Return the forms that the index takes for two words; it finds the others as one."""
    try:
        terms = search_terms(client, generation, {*forms, *forms.values()})
    except SearchEngineError as error:
        # A role may forbid it. Search goes on as it was without.
        _logger.warning("number_forms_unknown generation=%s: %s", generation, error.message)
        return {}
    return {word: other for word, other in forms.items() if terms[word] != terms[other]}
