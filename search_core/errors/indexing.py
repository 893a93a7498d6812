"""Errors of building, checking and changing generations."""

from search_core.errors.root import ShopkeeperError


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
