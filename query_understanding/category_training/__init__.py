"""Training a small transformer that tells categories, on the shop's own titles and queries.

PyTorch (extra `train`) is imported only when a model is trained.
"""

from query_understanding.category_training.category_examples import (
    CategoryExample,
    fold_of,
    kind_of,
    query_examples,
    title_examples,
)
from query_understanding.category_training.category_report import (
    CategoryReport,
    ShareTeller,
    counted_words,
    measure_categories,
)
from query_understanding.category_training.train_categories import (
    TrainedCategories,
    train_categories,
    words_taught,
)

__all__ = [
    "CategoryExample",
    "CategoryReport",
    "ShareTeller",
    "TrainedCategories",
    "counted_words",
    "fold_of",
    "kind_of",
    "measure_categories",
    "query_examples",
    "title_examples",
    "train_categories",
    "words_taught",
]
