"""Text → query plan: rewriters that know the catalogue, each with its switch and log entry."""

from query_understanding.catalogue_source import CatalogueSource, learn_catalogue
from query_understanding.default_chain import create_chain
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon import Lexicon
from query_understanding.lexicon_learning import learn_lexicon
from query_understanding.querqy_parser import conflicts, parse_rules, read_rules
from query_understanding.querqy_rules import QueryRule, RuleAction, RuleInstruction
from query_understanding.query_understanding import QueryUnderstanding
from query_understanding.rewriter import Rewriter
from query_understanding.rewriter_chain import ChainOutcome, RewriterChain, RewriterTime

__all__ = [
    "CatalogueSource",
    "ChainOutcome",
    "KnownCatalogue",
    "Lexicon",
    "QueryRule",
    "QueryUnderstanding",
    "Rewriter",
    "RewriterChain",
    "RewriterTime",
    "RuleAction",
    "RuleInstruction",
    "conflicts",
    "create_chain",
    "learn_catalogue",
    "learn_lexicon",
    "parse_rules",
    "read_rules",
]
