"""Errors of measuring search."""

from search_core.errors.root import ShopkeeperError


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
