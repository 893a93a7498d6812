"""Training a cross-encoder of one's own: queries from the catalogue or judgments, a pupil with few
layers, ONNX at the end. PyTorch (extra `train`) is imported only when a model is trained."""  # noqa: D205, D209 - one sentence

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
from reranker.training.kind_agreement import KindAgreement
from reranker.training.starting_folder import starting_folder
from reranker.training.train_cross_encoder import (
    TrainedModel,
    require_training_extra,
    train_cross_encoder,
)
from reranker.training.trained_queries import GROUPS_FILE, held_out_pairs, trained_queries
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
    "TRAINING_FIELDS",
    "CandidateFinder",
    "ExportedModel",
    "GeneratedQuery",
    "JudgedProducts",
    "KindAgreement",
    "QuerySource",
    "Teacher",
    "TrainedModel",
    "TrainingCatalogue",
    "TrainingGroup",
    "TrainingProduct",
    "TrainingSplit",
    "export_cross_encoder",
    "generate_queries",
    "groups_from_catalogue",
    "groups_from_judgments",
    "held_out_pairs",
    "product_kinds",
    "read_groups",
    "read_training_catalogue",
    "require_training_extra",
    "split_groups",
    "starting_folder",
    "train_cross_encoder",
    "trained_queries",
    "write_groups",
]
