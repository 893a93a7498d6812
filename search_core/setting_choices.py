"""What settings choose between."""

from enum import StrEnum


class VectorEngine(StrEnum):
    """The k-NN library inside OpenSearch."""

    LUCENE = "lucene"
    FAISS = "faiss"


class VectorCompression(StrEnum):
    """How vectors are stored: smaller is faster and finds a little less."""

    NONE = "none"
    SCALAR = "scalar"
    """OpenSearch keeps the vectors, and searches copies of one byte (lucene) or half precision
    (faiss) a component: less memory, more disk."""
    BYTE = "byte"
    """Only one byte a component is kept: a quarter of the memory and of the disk."""


class AwsService(StrEnum):
    """Which of AWS's services OpenSearch is."""

    DOMAIN = "es"
    """A domain of Amazon OpenSearch Service."""
    SERVERLESS = "aoss"


class FusionMethod(StrEnum):
    """How the legs' results become one ranking."""

    RECIPROCAL_RANK = "reciprocal_rank"
    MIN_MAX = "min_max"
    Z_SCORE = "z_score"
    DISTRIBUTION = "distribution"


class RerankerKind(StrEnum):
    """What scores the best candidates again."""

    NONE = "none"
    TRITON = "triton"
    ONNX = "onnx"


class TrainingLoss(StrEnum):
    """What a cross-encoder in training is measured by."""

    LISTWISE = "listwise"
    """Cross-entropy between the order of a whole list and the model's (ListNet)."""
    PAIRWISE = "pairwise"
    """Every pair of a list in its order (RankNet)."""
    MARGIN = "margin"
    """The distance between two products of a list (margin MSE)."""
    POINTWISE = "pointwise"
    """Each product by itself, relevant or not (binary cross-entropy)."""


class DeadModel(StrEnum):
    """What is done about a model whose process has died."""

    RELOAD = "reload"
    LEAVE = "leave"


class Role(StrEnum):
    """What a caller of the proxy may do."""

    SEARCH = "search"
    """Search the indices that are open to searches."""
    EVENTS = "events"
    """Report what shoppers did."""
    WORKBENCH = "workbench"
    """Look at rankings, compare settings and rate results on the workbench."""
    ADMIN = "admin"
    """Everything: searches of any index, metrics, and what `allow_admin` lets through."""


class JavaSource(StrEnum):
    """Which Java the local node runs with."""

    AUTO = "auto"
    INSTALLED = "installed"
    DOWNLOADED = "downloaded"
