"""Text → query plan: rewriters that know the catalogue, each with its switch and log entry."""

from query_understanding.catalogue_source import CatalogueSource, learn_catalogue
from query_understanding.default_chain import create_chain
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon import Lexicon
from query_understanding.lexicon_learning import learn_lexicon
from query_understanding.query_understanding import QueryUnderstanding
from query_understanding.rewriter import Rewriter
from query_understanding.rewriter_chain import ChainOutcome, RewriterChain, RewriterTime

__all__ = [
    "CatalogueSource",
    "ChainOutcome",
    "KnownCatalogue",
    "Lexicon",
    "QueryUnderstanding",
    "Rewriter",
    "RewriterChain",
    "RewriterTime",
    "create_chain",
    "learn_catalogue",
    "learn_lexicon",
]
