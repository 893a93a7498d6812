"""Every error that Shopkeeper raises on purpose, in one tree.

```
ShopkeeperError
├── ConfigurationError            a setting, flag or file of settings is wrong
│   ├── RulesError                a file of query rules has lines that cannot be read
│   ├── TagReviewError            a file of reviewed tags has lines that cannot be used
│   └── TaxonomyError             a taxonomy's file cannot be read, or has no categories
├── CatalogError                  the catalogue cannot be read as a whole
│   ├── CatalogFormatError        not a catalogue format that is read, or broken beyond a row
│   ├── CatalogSchemaError        no field can serve as title, or catalog.toml contradicts the file
│   └── TooManyRejectsError       more broken rows than allowed
├── EncoderError
│   ├── EncoderUnavailableError   the model's files are missing or do not load
│   └── EncoderMismatchError      a query would be encoded by another model than the index
├── ArtifactError
│   ├── DownloadError             a file could not be fetched
│   └── ChecksumError             a fetched file is not the one that was pinned
├── LocalStackError
│   ├── JavaNotFoundError         no Java 21+ and none could be brought
│   ├── PortInUseError            a port that was asked for is taken by somebody else
│   ├── DiskFullError             not enough room for the node or its data
│   ├── NodeStartError            the node ended, or was not healthy in time
│   └── TritonStartError          Triton cannot run here, ended, or served no model in time
├── SearchEngineError
│   ├── SearchEngineUnavailableError   no connection, or 5xx
│   ├── SearchEngineOverloadedError    429 after the retries
│   ├── SearchEngineTimeoutError       no answer within the time that was left
│   ├── SearchEngineAccessError        401 or 403
│   └── SearchEngineRequestError       OpenSearch refuses the request itself (4xx)
├── IndexingError
│   ├── IndexNotFoundError        no index or alias of that name
│   ├── GenerationCheckError      a new generation failed its checks; the live one is untouched
│   ├── ResumeError               there is nothing that matches to resume
│   ├── RunnerError               the cluster that tags and encodes cannot be used, or failed
│   ├── UpdateRefusedError        the live generation cannot be updated as asked
│   └── DocumentsLostError        documents were refused for good during the bulk write
├── RerankerError
│   ├── RerankerModelError        a cross-encoder's files are missing, broken or refused
│   ├── RerankerUnavailableError  no connection to Triton, or its model is dead
│   ├── RerankerOverloadedError   its queue is full
│   ├── RerankerTimeoutError      no scores within the time that was left
│   ├── RerankerLanguageError     query or texts are in a language that it does not read
│   └── RerankerTrainingError     a model cannot be trained or exported from what there is
├── LanguageModelError
│   ├── LanguageModelUnavailableError  no connection, or 5xx after the retries
│   ├── LanguageModelOverloadedError   429 after the retries
│   ├── LanguageModelTimeoutError      no answer within the time that was left
│   ├── LanguageModelAccessError       401 or 403
│   ├── LanguageModelRequestError      the endpoint refuses the request itself (4xx)
│   ├── LanguageModelAnswerError       no answer that fits what was asked for, after a second try
│   └── LanguageModelBudgetError       a request would cost more than is left of `llm.max_cost`
├── QueryError
│   ├── FilterError               a filter or sort that cannot be understood
│   ├── PageError                 a page outside of what can be shown
│   └── ProductNotFoundError      the index has no product of that id
├── EvaluationError
│   ├── JudgmentsError            a judgment file with broken lines, or without judgments
│   ├── RunFileError              a run file that cannot be read, or of other queries
│   ├── MeasureError              no measure of that name, or one that cannot be computed here
│   ├── MeasuredSystemError       the system that is measured did not answer a query
│   ├── EventLogError             an event log that cannot be read, or shows no product
│   └── TuningError               nothing to tune, or too few queries to hold some out
└── RequestError
    ├── MalformedRequestError     a request to the proxy that cannot be read
    ├── UnauthenticatedError      no valid key or password
    ├── ForbiddenError            the caller, or nobody, may do this
    ├── LimitError                a search larger or deeper than allowed
    ├── RequestTooLargeError      a body larger than allowed
    └── TooManyRequestsError      more requests than permits, or than the caller's rate
```

Each has a stable `code`; the edges (command line, HTTP) translate codes into exit statuses and HTTP
statuses. A message says what happened, to which id or line, and what to do about it.
"""

from search_core.errors.catalogue import (
    CatalogError,
    CatalogFormatError,
    CatalogSchemaError,
    TooManyRejectsError,
)
from search_core.errors.configuration import (
    ConfigurationError,
    RulesError,
    TagReviewError,
    TaxonomyError,
)
from search_core.errors.downloading import (
    ArtifactError,
    ChecksumError,
    DownloadError,
)
from search_core.errors.encoding import (
    EncoderError,
    EncoderMismatchError,
    EncoderUnavailableError,
)
from search_core.errors.evaluation import (
    EvaluationError,
    EventLogError,
    JudgmentsError,
    MeasuredSystemError,
    MeasureError,
    RunFileError,
    TuningError,
)
from search_core.errors.indexing import (
    DocumentsLostError,
    GenerationCheckError,
    IndexingError,
    IndexNotFoundError,
    ResumeError,
    RunnerError,
    UpdateRefusedError,
)
from search_core.errors.language_models import (
    LanguageModelAccessError,
    LanguageModelAnswerError,
    LanguageModelBudgetError,
    LanguageModelError,
    LanguageModelOverloadedError,
    LanguageModelRequestError,
    LanguageModelTimeoutError,
    LanguageModelUnavailableError,
)
from search_core.errors.local_stack import (
    DiskFullError,
    JavaNotFoundError,
    LocalStackError,
    NodeStartError,
    PortInUseError,
    TritonStartError,
)
from search_core.errors.queries import (
    FilterError,
    PageError,
    ProductNotFoundError,
    QueryError,
)
from search_core.errors.requests import (
    ForbiddenError,
    LimitError,
    MalformedRequestError,
    RequestError,
    RequestTooLargeError,
    TooManyRequestsError,
    UnauthenticatedError,
)
from search_core.errors.reranking import (
    RerankerError,
    RerankerLanguageError,
    RerankerModelError,
    RerankerOverloadedError,
    RerankerTimeoutError,
    RerankerTrainingError,
    RerankerUnavailableError,
)
from search_core.errors.root import (
    ShopkeeperError,
)
from search_core.errors.search_engine import (
    SearchEngineAccessError,
    SearchEngineError,
    SearchEngineOverloadedError,
    SearchEngineRequestError,
    SearchEngineTimeoutError,
    SearchEngineUnavailableError,
)

__all__ = [
    "ArtifactError",
    "CatalogError",
    "CatalogFormatError",
    "CatalogSchemaError",
    "ChecksumError",
    "ConfigurationError",
    "DiskFullError",
    "DocumentsLostError",
    "DownloadError",
    "EncoderError",
    "EncoderMismatchError",
    "EncoderUnavailableError",
    "EvaluationError",
    "EventLogError",
    "FilterError",
    "ForbiddenError",
    "GenerationCheckError",
    "IndexNotFoundError",
    "IndexingError",
    "JavaNotFoundError",
    "JudgmentsError",
    "LanguageModelAccessError",
    "LanguageModelAnswerError",
    "LanguageModelBudgetError",
    "LanguageModelError",
    "LanguageModelOverloadedError",
    "LanguageModelRequestError",
    "LanguageModelTimeoutError",
    "LanguageModelUnavailableError",
    "LimitError",
    "LocalStackError",
    "MalformedRequestError",
    "MeasureError",
    "MeasuredSystemError",
    "NodeStartError",
    "PageError",
    "PortInUseError",
    "ProductNotFoundError",
    "QueryError",
    "RequestError",
    "RequestTooLargeError",
    "RerankerError",
    "RerankerLanguageError",
    "RerankerModelError",
    "RerankerOverloadedError",
    "RerankerTimeoutError",
    "RerankerTrainingError",
    "RerankerUnavailableError",
    "ResumeError",
    "RulesError",
    "RunFileError",
    "RunnerError",
    "SearchEngineAccessError",
    "SearchEngineError",
    "SearchEngineOverloadedError",
    "SearchEngineRequestError",
    "SearchEngineTimeoutError",
    "SearchEngineUnavailableError",
    "ShopkeeperError",
    "TagReviewError",
    "TaxonomyError",
    "TooManyRejectsError",
    "TooManyRequestsError",
    "TritonStartError",
    "TuningError",
    "UnauthenticatedError",
    "UpdateRefusedError",
]
