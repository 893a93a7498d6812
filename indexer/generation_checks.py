"""Whether a new generation may go live."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from indexer.passage import passage_text
from search_core import GenerationCheckError, Product, TextEncoder
from search_core.settings import IndexerSettings, SearchEngineSettings
from search_engine import (
    FoundProduct,
    IndexDescription,
    OpenSearch,
    count_documents,
    find_by_title,
    find_by_vector,
    mapping_deviations,
)

_TOP = 20
"""Hits among which a sample product is looked for by its own title or vector."""

_SHRINKS_BELOW = 0.5
"""Of the live generation's products: fewer look like a broken export, not like a season's end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The outcome of one check."""

    name: str
    passed: bool
    message: str
    """What was found, whether it passed or not."""
    remedy: str = ""
    """Empty when it passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedGeneration:
    """What a generation should be, by the run that built it."""

    name: str
    description: IndexDescription
    documents: int
    rows: int
    rejects: int
    sample: tuple[Product, ...]
    """A few of its products."""
    live: str | None
    """The generation that is to be replaced; `None`: the first one."""
    allow_shrink: bool


class GenerationChecks:
    """Checks a generation before it goes live."""

    def __init__(
        self,
        client: OpenSearch,
        engine: SearchEngineSettings,
        settings: IndexerSettings,
        encoder: TextEncoder | None,
    ) -> None:
        self._client = client
        self._engine = engine
        self._settings = settings
        self._encoder = encoder

    def run(self, expected: ExpectedGeneration) -> tuple[CheckResult, ...]:
        """Run every check, even after one has failed.

        Raises:
            SearchEngineError: OpenSearch does not answer as it should.
        """
        checks: list[Callable[[ExpectedGeneration], CheckResult | None]] = [
            self._documents,
            self._mapping,
            self._reject_share,
            self._shrinking,
            self._titles,
            self._vectors,
        ]
        results = (check(expected) for check in checks)
        return tuple(
            replace(result, remedy="") if result.passed else result
            for result in results
            if result is not None
        )

    def _documents(self, expected: ExpectedGeneration) -> CheckResult:
        found = count_documents(self._client, expected.name)
        return CheckResult(
            name="document_count",
            passed=found == expected.documents and found > 0,
            message=f"{found:,} documents of {expected.documents:,} accepted products",
            remedy="look at the rejects and the schema"
            if expected.documents == 0
            else "run again without --resume; the node may have lost writes",
        )

    def _mapping(self, expected: ExpectedGeneration) -> CheckResult:
        deviations = mapping_deviations(
            self._client, expected.name, expected.description, self._engine
        )
        return CheckResult(
            name="mapping",
            passed=not deviations,
            message="; ".join(deviations) or "as asked",
            remedy="run again; somebody may have changed the index while it was written",
        )

    def _reject_share(self, expected: ExpectedGeneration) -> CheckResult:
        share = expected.rejects / expected.rows if expected.rows else 0.0
        limit = self._settings.max_reject_share
        return CheckResult(
            name="reject_share",
            passed=share <= limit,
            message=f"{expected.rejects:,} of {expected.rows:,} rows set aside ({share:.1%}, at "
            f"most {limit:.1%} may be)",
            remedy="look at the rejects (--rejects FILE), correct the schema, or raise "
            "indexer.max_reject_share",
        )

    def _shrinking(self, expected: ExpectedGeneration) -> CheckResult | None:
        if expected.live is None:
            return None
        before = count_documents(self._client, expected.live)
        enough = expected.documents >= before * _SHRINKS_BELOW
        return CheckResult(
            name="size",
            passed=enough or expected.allow_shrink,
            message=f"{expected.documents:,} products after {before:,}",
            remedy="if that is right: --resume --allow-shrink",
        )

    def _titles(self, expected: ExpectedGeneration) -> CheckResult:
        found = find_by_title(
            self._client, expected.name, [each.title for each in expected.sample], _TOP
        )
        return _found("found_by_title", expected.sample, found)

    def _vectors(self, expected: ExpectedGeneration) -> CheckResult | None:
        if self._encoder is None:
            return None
        texts = [passage_text(each, self._settings) for each in expected.sample]
        vectors = self._encoder.encode_passages(texts)
        found = find_by_vector(
            self._client,
            expected.name,
            vectors,
            _TOP,
            expected.description.vector_compression,
        )
        return _found("found_by_vector", expected.sample, found)


def _found(
    name: str, sample: Sequence[Product], hits: Sequence[Sequence[FoundProduct]]
) -> CheckResult:
    """Pass when at least half of the sample is found.

    Catalogues with many near-equal products crowd some of a sample out; a broken analysis or vector
    field loses all of it.
    """
    missing = [
        product.id
        for product, found in zip(sample, hits, strict=True)
        if not any(hit.product_id == product.id or hit.title == product.title for hit in found)
    ]
    return CheckResult(
        name=name,
        passed=2 * len(missing) <= len(sample),
        message=f"{len(sample) - len(missing)} of {len(sample)} sample products among the first "
        f"{_TOP}" + (f", not {', '.join(missing)}" if missing else ""),
        remedy="search the generation by its own name to see what it holds",
    )


def require_passed(generation: str, results: Sequence[CheckResult]) -> None:
    """Refuse a generation that failed a check.

    Raises:
        GenerationCheckError: it did. The message names each failed check.
    """
    failed = [result for result in results if not result.passed]
    if failed:
        raise GenerationCheckError(
            f"{generation} does not go live: "
            + "; ".join(f"{result.name}: {result.message}" for result in failed),
            remedy="; ".join(dict.fromkeys(result.remedy for result in failed)),
        )
