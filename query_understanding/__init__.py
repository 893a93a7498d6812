"""Text → query plan: rewriters that know the catalogue, each with its switch and log entry."""

from query_understanding.catalogue_source import CatalogueSource, learn_catalogue
from query_understanding.categories.category_learning import short_form
from query_understanding.categories.category_shares import category_shares, likely_category
from query_understanding.categories.product_kinds import kind_shares
from query_understanding.categories.transformer_categories import TransformerCategories
from query_understanding.default_chain import create_chain
from query_understanding.intents.intent import CLASSES, Intent, IntentGuess
from query_understanding.intents.intent_examples import example_rounds
from query_understanding.intents.intent_features import looks_like_a_code
from query_understanding.intents.intent_labels import read_intent_labels
from query_understanding.intents.intent_model import (
    IntentModel,
    IntentTeller,
    decode_intent_model,
    default_intent_model,
    encode_intent_model,
    read_intent_model,
)
from query_understanding.intents.intent_phrases import phrase_books
from query_understanding.intents.intent_training import (
    FOLDS,
    IntentReport,
    LabelledQuery,
    calibration_error,
    labelled,
    labelled_queries,
    measure_intents,
    train_intents,
)
from query_understanding.intents.transformer_intents import TransformerIntents
from query_understanding.intents.transformer_training import (
    TrainedIntents,
    train_transformer_intents,
)
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.lexicon_learning import learn_lexicon
from query_understanding.lexicon.suggestion_learning import SuggestionLearner, SuggestionLimits
from query_understanding.lexicon.suggestions import learn_suggestions
from query_understanding.query_understanding import QueryUnderstanding
from query_understanding.rewriter import Rewriter
from query_understanding.rewriter_chain import ChainOutcome, RewriterChain, RewriterTime
from query_understanding.rules.querqy_parser import conflicts, parse_rules, read_rules
from query_understanding.rules.querqy_rules import QueryRule, RuleAction, RuleInstruction
from query_understanding.rules.rule_writing import accept_synonyms
from query_understanding.synonyms.synonym_proposals import Evidence, SynonymProposal, SynonymSource
from query_understanding.synonyms.synonym_search import propose_synonyms
from query_understanding.synonyms.synonym_sources import SearchStep
from query_understanding.trained_models import (
    CATEGORIES_FOLDER,
    INTENT_FILE,
    INTENTS_FOLDER,
    intent_model,
    intent_teller,
    trained_categories,
)

__all__ = [
    "CATEGORIES_FOLDER",
    "CLASSES",
    "FOLDS",
    "INTENTS_FOLDER",
    "INTENT_FILE",
    "CatalogueSource",
    "ChainOutcome",
    "Evidence",
    "Intent",
    "IntentGuess",
    "IntentModel",
    "IntentReport",
    "IntentTeller",
    "KnownCatalogue",
    "LabelledQuery",
    "Lexicon",
    "QueryRule",
    "QueryUnderstanding",
    "Rewriter",
    "RewriterChain",
    "RewriterTime",
    "RuleAction",
    "RuleInstruction",
    "SearchStep",
    "SuggestionLearner",
    "SuggestionLimits",
    "SynonymProposal",
    "SynonymSource",
    "TrainedIntents",
    "TransformerCategories",
    "TransformerIntents",
    "accept_synonyms",
    "calibration_error",
    "category_shares",
    "conflicts",
    "create_chain",
    "decode_intent_model",
    "default_intent_model",
    "encode_intent_model",
    "example_rounds",
    "intent_model",
    "intent_teller",
    "kind_shares",
    "labelled",
    "labelled_queries",
    "learn_catalogue",
    "learn_lexicon",
    "learn_suggestions",
    "likely_category",
    "looks_like_a_code",
    "measure_intents",
    "parse_rules",
    "phrase_books",
    "propose_synonyms",
    "read_intent_labels",
    "read_intent_model",
    "read_rules",
    "short_form",
    "train_intents",
    "train_transformer_intents",
    "trained_categories",
]
