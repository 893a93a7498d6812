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
    """One byte (lucene) or half precision (faiss) a dimension."""


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
    ADMIN = "admin"
    """Everything: searches of any index, metrics, and what `allow_admin` lets through."""


class JavaSource(StrEnum):
    """Which Java the local node runs with."""

    AUTO = "auto"
    INSTALLED = "installed"
    DOWNLOADED = "downloaded"
