"""Training a cross-encoder of one's own: queries from the catalogue or judgments, a pupil with few
layers, ONNX at the end. PyTorch (extra `train`) is imported only when a model is trained."""  # noqa: D205, D209 - one sentence

from reranker.training.back_translation import BackTranslated, BackTranslation, back_translated
from reranker.training.build_groups import (
    CandidateFinder,
    JudgedProducts,
    Teacher,
    groups_from_catalogue,
    groups_from_judgments,
)
from reranker.training.export_cross_encoder import ExportedModel, export_cross_encoder
from reranker.training.generated_queries import (
    GeneratedQuery,
    QuerySource,
    generate_queries,
    product_kinds,
)
from reranker.training.judged_folds import HeldOutLogits, held_out_logits, require_frozen_layers
from reranker.training.kind_agreement import KindAgreement
from reranker.training.named_starts import NAMED_STARTS, training_start
from reranker.training.query_families import query_families
from reranker.training.readable_teacher import readable_teacher
from reranker.training.starting_encoder import starting_encoder
from reranker.training.starting_folder import start_languages, starting_folder
from reranker.training.starting_model import WantedVocabulary
from reranker.training.stored_precision import Precision
from reranker.training.train_cross_encoder import (
    ShopTexts,
    TrainedModel,
    train_cross_encoder,
)
from reranker.training.trained_queries import (
    GROUPS_FILE,
    held_out_pairs,
    trained_queries,
    training_pairs,
)
from reranker.training.training_group import (
    TrainingGroup,
    TrainingSplit,
    read_groups,
    split_groups,
    write_groups,
)
from reranker.training.training_product import (
    TRAINING_FIELDS,
    TrainingCatalogue,
    TrainingProduct,
    read_training_catalogue,
)

__all__ = [
    "GROUPS_FILE",
    "NAMED_STARTS",
    "TRAINING_FIELDS",
    "BackTranslated",
    "BackTranslation",
    "CandidateFinder",
    "ExportedModel",
    "GeneratedQuery",
    "HeldOutLogits",
    "JudgedProducts",
    "KindAgreement",
    "Precision",
    "QuerySource",
    "ShopTexts",
    "Teacher",
    "TrainedModel",
    "TrainingCatalogue",
    "TrainingGroup",
    "TrainingProduct",
    "TrainingSplit",
    "WantedVocabulary",
    "back_translated",
    "export_cross_encoder",
    "generate_queries",
    "groups_from_catalogue",
    "groups_from_judgments",
    "held_out_logits",
    "held_out_pairs",
    "product_kinds",
    "query_families",
    "read_groups",
    "read_training_catalogue",
    "readable_teacher",
    "require_frozen_layers",
    "split_groups",
    "start_languages",
    "starting_encoder",
    "starting_folder",
    "train_cross_encoder",
    "trained_queries",
    "training_pairs",
    "training_start",
    "write_groups",
]
