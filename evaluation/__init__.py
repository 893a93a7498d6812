"""Judgments, runs, measures, comparison: whether a change of the search is worth having."""

from evaluation.ablation import StageWorth, Verdict, ablate, stage_switches
from evaluation.class_means import ClassMean, class_means
from evaluation.click_grades import (
    LIFT_QUANTILES,
    LIFT_THRESHOLDS,
    MIN_SESSIONS,
    ClickGrade,
    GradeScale,
    click_grades,
    click_judgments,
)
from evaluation.click_log import ClickLog, LoggedSearch, ShownProduct
from evaluation.click_models import ClickModel
from evaluation.click_table import ClickTable, click_table
from evaluation.comparison import (
    ClassDifference,
    Comparison,
    MeasureDifference,
    MovedHit,
    QueryDifference,
    compare,
    moved_hits,
    query_differences,
)
from evaluation.gate import GateCheck, GateVerdict, decide
from evaluation.holes import HoleBounds, Holes, find_holes
from evaluation.http_system import HttpSystem
from evaluation.judgment_files import (
    JudgmentFile,
    JudgmentFormat,
    judgments_text,
    read_judgments,
    read_query_texts,
    write_judgments,
)
from evaluation.judgment_grades import GradeReading
from evaluation.judgment_row import JudgmentProblem
from evaluation.judgment_sets import (
    Conflict,
    JudgmentStatistics,
    MergedJudgments,
    judgment_statistics,
    merge_judgments,
    split_judgments,
)
from evaluation.judgments import JudgedQuery, Judgment, Judgments
from evaluation.learning_words import learning_sentences
from evaluation.measures import Evaluation, Measure, measure_run, parse_measures
from evaluation.nested_validation import (
    LearnedFold,
    LearningOutcome,
    RankQuery,
    ValidationOptions,
    validate_learning,
)
from evaluation.pooling import Pool, PooledHit, pool_csv, pool_hits
from evaluation.preview import PreviewRow, QueryPreview, preview_queries
from evaluation.query_classes import Dimension, query_classes
from evaluation.report import ReportExtras, write_report
from evaluation.run import Answer, AnswerQuery, Latency, MeasuredSystem, Run, ShownHit
from evaluation.run_cache import RunCache
from evaluation.run_files import RunFile, read_run_file, write_run_file
from evaluation.run_queries import run_queries
from evaluation.search_sessions import SessionSearch, read_search_sessions
from evaluation.significance import Interval, lower_bound
from evaluation.tuning import FoldOutcome, TuningOptions, TuningOutcome, tune
from evaluation.tuning_space import Setting, Tunable, TuningSpace, reranks, tunables
from evaluation.tuning_words import tuning_sentences
from evaluation.ubi_events import CLICK_ACTIONS, read_click_log
from evaluation.weight_curve import CurvePoint, WeightCurve, weight_curve

__all__ = [
    "CLICK_ACTIONS",
    "LIFT_QUANTILES",
    "LIFT_THRESHOLDS",
    "MIN_SESSIONS",
    "Answer",
    "AnswerQuery",
    "ClassDifference",
    "ClassMean",
    "ClickGrade",
    "ClickLog",
    "ClickModel",
    "ClickTable",
    "Comparison",
    "Conflict",
    "CurvePoint",
    "Dimension",
    "Evaluation",
    "FoldOutcome",
    "GateCheck",
    "GateVerdict",
    "GradeReading",
    "GradeScale",
    "HoleBounds",
    "Holes",
    "HttpSystem",
    "Interval",
    "JudgedQuery",
    "Judgment",
    "JudgmentFile",
    "JudgmentFormat",
    "JudgmentProblem",
    "JudgmentStatistics",
    "Judgments",
    "Latency",
    "LearnedFold",
    "LearningOutcome",
    "LoggedSearch",
    "Measure",
    "MeasureDifference",
    "MeasuredSystem",
    "MergedJudgments",
    "MovedHit",
    "Pool",
    "PooledHit",
    "PreviewRow",
    "QueryDifference",
    "QueryPreview",
    "RankQuery",
    "ReportExtras",
    "Run",
    "RunCache",
    "RunFile",
    "SessionSearch",
    "Setting",
    "ShownHit",
    "ShownProduct",
    "StageWorth",
    "Tunable",
    "TuningOptions",
    "TuningOutcome",
    "TuningSpace",
    "ValidationOptions",
    "Verdict",
    "WeightCurve",
    "ablate",
    "class_means",
    "click_grades",
    "click_judgments",
    "click_table",
    "compare",
    "decide",
    "find_holes",
    "judgment_statistics",
    "judgments_text",
    "learning_sentences",
    "lower_bound",
    "measure_run",
    "merge_judgments",
    "moved_hits",
    "parse_measures",
    "pool_csv",
    "pool_hits",
    "preview_queries",
    "query_classes",
    "query_differences",
    "read_click_log",
    "read_judgments",
    "read_query_texts",
    "read_run_file",
    "read_search_sessions",
    "reranks",
    "run_queries",
    "split_judgments",
    "stage_switches",
    "tunables",
    "tune",
    "tuning_sentences",
    "validate_learning",
    "weight_curve",
    "write_judgments",
    "write_report",
    "write_run_file",
]
