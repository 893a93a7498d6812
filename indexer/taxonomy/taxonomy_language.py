"""Which language a taxonomy is written in."""

from collections import Counter

from indexer.language_detection import detect_language
from indexer.taxonomy.taxonomy import Taxonomy

_ASKED = 400
"""Categories that are looked at, spread over all of them."""
_UNKNOWN = "und"


def taxonomy_language(taxonomy: Taxonomy) -> str:
    """Return the language, as ISO 639-1, that most of a taxonomy's paths are in; `und`: unknown.

    Whole paths, since single names are too short to tell languages apart.
    """
    step = max(1, len(taxonomy.categories) // _ASKED)
    texts = (" ".join(category.path) for category in taxonomy.categories[::step])
    votes = Counter(filter(None, map(detect_language, texts)))
    return votes.most_common(1)[0][0] if votes else _UNKNOWN
