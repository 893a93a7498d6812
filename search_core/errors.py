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

from typing import ClassVar


class ShopkeeperError(Exception):
    """Root of the tree. `code` is stable and may be matched on by programs."""

    code: ClassVar[str] = "shopkeeper_error"

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  → {self.remedy}" if self.remedy else self.message


class ConfigurationError(ShopkeeperError):
    """A setting, flag or settings file is wrong."""

    code = "configuration_error"


class RulesError(ConfigurationError):
    """A file of query rules has lines that cannot be read."""

    code = "rules_error"


class TagReviewError(ConfigurationError):
    """A file of reviewed tags has lines that cannot be used."""

    code = "tag_review_error"


class TaxonomyError(ConfigurationError):
    """A taxonomy's file cannot be read, or has no categories."""

    code = "taxonomy_error"


class CatalogError(ShopkeeperError):
    """The catalogue cannot be read as a whole."""

    code = "catalog_error"


class CatalogFormatError(CatalogError):
    """The file is in no format that is read, or broken beyond single rows."""

    code = "catalog_format_error"


class CatalogSchemaError(CatalogError):
    """No field can serve as title, or the schema contradicts the file."""

    code = "catalog_schema_error"


class TooManyRejectsError(CatalogError):
    """More rows were set aside than `max_rejects` allows."""

    code = "too_many_rejects"


class EncoderError(ShopkeeperError):
    """Text could not be turned into vectors."""

    code = "encoder_error"


class EncoderUnavailableError(EncoderError):
    """The model's files are missing or do not load."""

    code = "encoder_unavailable"


class EncoderMismatchError(EncoderError):
    """A query would be encoded by another model than the index was."""

    code = "encoder_mismatch"


class ArtifactError(ShopkeeperError):
    """A pinned file from a package registry could not be had."""

    code = "artifact_error"


class DownloadError(ArtifactError):
    """A file could not be fetched, after the retries."""

    code = "download_error"


class ChecksumError(ArtifactError):
    """A fetched file is not the one that was pinned."""

    code = "checksum_error"


class LocalStackError(ShopkeeperError):
    """The local OpenSearch node could not be set up, started or stopped."""

    code = "local_stack_error"


class JavaNotFoundError(LocalStackError):
    """No Java of the needed version was found, and none could be brought."""

    code = "java_not_found"


class PortInUseError(LocalStackError):
    """A port that was asked for by number is taken by another process."""

    code = "port_in_use"


class DiskFullError(LocalStackError):
    """There is not enough room for the node, its data or a download."""

    code = "disk_full"


class NodeStartError(LocalStackError):
    """The node ended by itself, or did not become healthy in time."""

    code = "node_start_error"


class TritonStartError(LocalStackError):
    """Triton cannot run here, ended by itself, or did not serve its models in time."""

    code = "triton_start_error"


class SearchEngineError(ShopkeeperError):
    """OpenSearch did not do what was asked."""

    code = "search_engine_error"


class SearchEngineUnavailableError(SearchEngineError):
    """No connection to OpenSearch, or it answered 5xx."""

    code = "search_engine_unavailable"


class SearchEngineOverloadedError(SearchEngineError):
    """OpenSearch kept answering 429 after the retries."""

    code = "search_engine_overloaded"


class SearchEngineTimeoutError(SearchEngineError):
    """OpenSearch did not answer within the time that was left."""

    code = "search_engine_timeout"


class SearchEngineAccessError(SearchEngineError):
    """OpenSearch answered 401 or 403."""

    code = "search_engine_access"


class SearchEngineRequestError(SearchEngineError):
    """OpenSearch refuses the request itself (any other 4xx)."""

    code = "search_engine_request"


class IndexingError(ShopkeeperError):
    """A generation could not be built, checked or put live."""

    code = "indexing_error"


class RunnerError(IndexingError):
    """The cluster that tags and encodes cannot be reached or used, or failed."""

    code = "runner_error"


class IndexNotFoundError(IndexingError):
    """There is no index, alias or generation of that name."""

    code = "index_not_found"


class GenerationCheckError(IndexingError):
    """A new generation failed its checks. The live one is untouched."""

    code = "generation_check_failed"


class ResumeError(IndexingError):
    """There is no unfinished run that matches what is to be resumed."""

    code = "resume_error"


class UpdateRefusedError(IndexingError):
    """The live generation cannot be updated in place, or not as far as was asked."""

    code = "update_refused"


class DocumentsLostError(IndexingError):
    """OpenSearch refused documents for good during the bulk write."""

    code = "documents_lost"


class RerankerError(ShopkeeperError):
    """Pairs of query and passage could not be scored."""

    code = "reranker_error"


class RerankerModelError(RerankerError):
    """A cross-encoder's files are missing, broken or refused. What serves goes on serving."""

    code = "reranker_model_error"


class RerankerUnavailableError(RerankerError):
    """There is no connection to Triton, or its model is dead."""

    code = "reranker_unavailable"


class RerankerOverloadedError(RerankerError):
    """The reranker's queue is full."""

    code = "reranker_overloaded"


class RerankerTimeoutError(RerankerError):
    """The reranker gave no scores within the time that was left."""

    code = "reranker_timeout"


class RerankerTrainingError(RerankerError):
    """A cross-encoder cannot be trained or exported from what there is."""

    code = "reranker_training_error"


class LanguageModelError(ShopkeeperError):
    """A language model gave no answer that can be used."""

    code = "language_model_error"


class LanguageModelUnavailableError(LanguageModelError):
    """There is no connection to the endpoint, or it answered 5xx, after the retries."""

    code = "language_model_unavailable"


class LanguageModelOverloadedError(LanguageModelError):
    """The endpoint kept answering 429."""

    code = "language_model_overloaded"


class LanguageModelTimeoutError(LanguageModelError):
    """The endpoint gave no answer within the time that was left."""

    code = "language_model_timeout"


class LanguageModelAccessError(LanguageModelError):
    """The endpoint answered 401 or 403."""

    code = "language_model_access"


class LanguageModelRequestError(LanguageModelError):
    """The endpoint refuses the request itself (any other 4xx)."""

    code = "language_model_request"


class LanguageModelAnswerError(LanguageModelError):
    """The answer does not fit what was asked for, nor did a second one."""

    code = "language_model_answer"


class LanguageModelBudgetError(LanguageModelError):
    """A request would cost more than is left of the run's limit. It was not sent."""

    code = "language_model_budget"


class QueryError(ShopkeeperError):
    """A search request cannot be understood."""

    code = "query_error"


class FilterError(QueryError):
    """A filter, facet or sort cannot be understood."""

    code = "filter_error"


class PageError(QueryError):
    """A page lies outside of what can be shown."""

    code = "page_error"


class ProductNotFoundError(QueryError):
    """The index has no product of that id."""

    code = "product_not_found"


class EvaluationError(ShopkeeperError):
    """Search could not be measured."""

    code = "evaluation_error"


class JudgmentsError(EvaluationError):
    """A judgment file has lines that cannot be read, or no judgments at all."""

    code = "judgments_error"


class RunFileError(EvaluationError):
    """A run file cannot be read, or ranks none of the judged queries."""

    code = "run_file_error"


class MeasureError(EvaluationError):
    """There is no measure of that name, or it cannot be computed here."""

    code = "measure_error"


class MeasuredSystemError(EvaluationError):
    """The system that is measured did not answer a query."""

    code = "measured_system_error"


class EventLogError(EvaluationError):
    """An event log cannot be read, or no search in it shows a product."""

    code = "event_log_error"


class TuningError(EvaluationError):
    """There is nothing to tune, or there are too few queries to hold some out."""

    code = "tuning_error"


class RequestError(ShopkeeperError):
    """A request to the proxy was not answered."""

    code = "request_error"


class MalformedRequestError(RequestError):
    """A request to the proxy cannot be read."""

    code = "malformed_request"


class UnauthenticatedError(RequestError):
    """A request came without a valid key or password."""

    code = "unauthenticated"


class ForbiddenError(RequestError):
    """A request asks for what its caller may not do."""

    code = "forbidden"


class LimitError(RequestError):
    """A search is larger or deeper than the proxy lets through."""

    code = "limit_exceeded"


class RequestTooLargeError(RequestError):
    """A request's body is larger than the proxy lets through."""

    code = "request_too_large"


class TooManyRequestsError(RequestError):
    """There are more requests than permits, or than the caller's rate allows."""

    code = "too_many_requests"
