"""How product text becomes terms, by language.

One chain serves mixed catalogues: the tokenizer marks Chinese, Japanese and Korean runs, which
become bigrams (measured better than word segmentation on short product queries, docs/relevance.md),
while the stemmer sees only the words of the catalogue's alphabetic language.

Three habits of product text are folded before tokenizing, on both sides unless said otherwise:

- a number and its unit are one term: `500 GB` = `500GB`, `15.6 "` = `15.6inch`;
- at index time `wi-fi` also yields `wifi` and `dv7-1211ea` also `dv71211ea`, so that a shopper who
  leaves the hyphen out finds it;
- accents are folded after stemming, since stemmers know them.
"""

from typing import Any

INDEX_ANALYZER = "product_index"
SEARCH_ANALYZER = "product_search"
CODE_NORMALIZER = "product_code"

# Light stemmers only: full ones conflate words that shoppers tell apart. The names are
# OpenSearch's `stemmer` languages.
_LIGHT_STEMMERS: dict[str, tuple[str, ...]] = {
    "ar": ("arabic",),
    "bg": ("bulgarian",),
    "ca": ("catalan",),
    "cs": ("czech",),
    "da": ("danish",),
    "de": ("light_german",),
    "el": ("greek",),
    "en": ("possessive_english", "light_english"),
    "es": ("light_spanish",),
    "et": ("estonian",),
    "fi": ("light_finnish",),
    "fr": ("light_french",),
    "hi": ("hindi",),
    "hu": ("light_hungarian",),
    "id": ("indonesian",),
    "it": ("light_italian",),
    "lt": ("lithuanian",),
    "lv": ("latvian",),
    "nl": ("dutch",),
    "no": ("light_norwegian",),
    "pt": ("light_portuguese",),
    "ro": ("romanian",),
    "ru": ("light_russian",),
    "sv": ("light_swedish",),
    "tr": ("turkish",),
}

# Units that shops write with and without a space. A bare "in" counts only when glued to its number:
# "12in case", but not "10 in stock" or "4-in-1".
_INCH = r"(?:[\s-]?(?:\"|”|″|''|inch(?:es)?\b|英寸|吋)|in\b)"
_UNITS = (
    r"(?:[kmgtp]i?b|[kmg]?hz|[km]?wh?|m?ah|m?v|[cm]?m|km|m?l|cl|[mk]?g|oz|lbs?|ft|dpi|ppm|rpm|lm|db|"
    r"mp|fps)\b"
)


def supported_languages() -> tuple[str, ...]:
    """Languages with a stemmer; others are tokenized, lower-cased and folded all the same."""
    return tuple(_LIGHT_STEMMERS)


def analysis_settings(languages: tuple[str, ...]) -> dict[str, Any]:
    """Return the `analysis` section of an index's settings.

    Args:
        languages: ISO 639-1, most frequent in the catalogue first. The first that has a stemmer
            decides how alphabetic words are stemmed.
    """
    stemmers = next((_LIGHT_STEMMERS[code] for code in languages if code in _LIGHT_STEMMERS), ())
    stemmer_filters = {f"stem_{name}": {"type": "stemmer", "language": name} for name in stemmers}
    chain = ["cjk_width", "lowercase", *stemmer_filters, "asciifolding"]
    return {
        "char_filter": _char_filters(),
        "filter": {
            **stemmer_filters,
            "bigrams_and_single": {"type": "cjk_bigram", "output_unigrams": True},
            "bigrams": {"type": "cjk_bigram"},
        },
        "normalizer": {
            CODE_NORMALIZER: {
                "type": "custom",
                "char_filter": ["code_separators"],
                "filter": ["lowercase", "asciifolding"],
            }
        },
        "analyzer": {
            INDEX_ANALYZER: {
                "type": "custom",
                "char_filter": ["trade_marks", "inches", "number_and_unit", "hyphenated"],
                "tokenizer": "standard",
                # Single characters are indexed too: 被 (quilt) is a query.
                "filter": [*chain, "bigrams_and_single"],
            },
            SEARCH_ANALYZER: {
                "type": "custom",
                "char_filter": ["trade_marks", "inches", "number_and_unit"],
                "tokenizer": "standard",
                "filter": [*chain, "bigrams"],
            },
        },
    }


def _char_filters() -> dict[str, Any]:
    return {
        "trade_marks": {"type": "mapping", "mappings": ["®=>\\u0020", "™=>\\u0020", "©=>\\u0020"]},
        "inches": {
            "type": "pattern_replace",
            "pattern": rf"(?i)(?<=\d){_INCH}",
            "replacement": "inch ",
        },
        "number_and_unit": {
            "type": "pattern_replace",
            "pattern": rf"(?i)(?<=\d)[\s-](?={_UNITS})",
            "replacement": "",
        },
        "hyphenated": {
            "type": "pattern_replace",
            "pattern": r"\b(\w{1,20})[-/](\w{1,20})(?:[-/](\w{1,20}))?\b",
            "replacement": "$0 $1$2$3",
        },
        "code_separators": {"type": "pattern_replace", "pattern": r"[\s\-_/.]+", "replacement": ""},
    }
