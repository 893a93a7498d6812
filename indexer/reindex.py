"""From a catalogue to a live generation."""

import hashlib
from collections.abc import Mapping

from indexer.catalog_plan import plan_catalog
from indexer.catalog_source import CatalogSource, open_catalog
from indexer.catalog_toml import read_schema, schema_text
from indexer.enrichment import Tagger, forget_read_texts, learned_tags
from indexer.generation_build import FilledGeneration, GenerationBuild
from indexer.generation_checks import CheckResult
from indexer.passage import passage_template
from indexer.reindex_report import ReindexReport
from indexer.reindex_request import ReindexRequest, ReindexTools
from indexer.rejects_file import RejectsFile
from indexer.run_lease import RunLease
from indexer.unfinished_run import RunStart, StartingPoint
from search_core import ResumeError, TagCorrection
from search_engine import Generations, IndexDescription, RunRecordStore, TagCorrectionStore


def reindex(request: ReindexRequest, tools: ReindexTools) -> ReindexReport:
    """Build a generation from a catalogue, check it, and put it live.

    Whatever goes wrong, the generation that is live stays so.

    Raises:
        CatalogError: the catalogue cannot be read, or too much of it is set aside.
        ConfigurationError: no index can have that name.
        EncoderError: the model is missing or fails.
        IndexingError: the alias is an index, or another run is writing.
        ResumeError: nothing that matches can be resumed.
        GenerationCheckError: the generation failed a check.
        SearchEngineError: OpenSearch failed, after the retries.
        DiskFullError: OpenSearch's disk is full.
    """
    with open_catalog(request.catalog) as source:
        return _Reindex(request, tools, source).run()


class _Reindex:
    def __init__(self, request: ReindexRequest, tools: ReindexTools, source: CatalogSource) -> None:
        self._began = tools.clock()
        self._request = request
        self._tools = tools
        self._source = source
        self._generations = Generations(tools.client, request.alias)
        self._generations.refuse_concrete_index()
        schema = None if request.schema is None else read_schema(request.schema)
        self._plan = plan_catalog(source, schema, request.language)
        self._encoder = tools.encoder_for(self._plan.languages)
        self._tags = learned_tags(
            source,
            self._plan.schema,
            self._plan.languages,
            tools.settings,
            tools.more_tags,
            vectors=self._encoder is not None,
        )
        self._corrections = TagCorrectionStore(tools.client, request.alias).read()
        self._description = IndexDescription(
            languages=tuple(self._plan.languages),
            encoder=None if self._encoder is None else self._encoder.identity,
            passage_template=passage_template(tools.settings),
            tags=self._tags.chain.identity,
            vector_compression=tools.engine.vector_compression,
        )

    def run(self) -> ReindexReport:
        tools, request = self._tools, self._request
        with tools.lease(RunRecordStore(tools.client, request.alias)) as lease:
            start = self._start(lease)
            tagger = Tagger(self._tags.chain, self._corrections)
            build = GenerationBuild(
                request, tools, self._generations, lease, start, self._encoder, tagger
            )
            rejects = request.rejects_file(tools.settings)
            with rejects, build.marked_when_it_fails():
                filled = build.fill(self._source, self._plan, rejects)
                # What is learned next needs the room: it makes the peak of a run's memory.
                forget_read_texts()
                checks = build.finish(filled, self._description, rejects.total)
                self._tags.keep(tools.client, start.generation.name)
                tools.before_publishing(start.generation.name)
            live = self._generations.live()
            deleted = self._publish(lease, start.generation.name)
            lease.finish()
        return self._report(
            start, filled, rejects, checks, deleted, None if live is None else live.name
        )

    def _start(self, lease: RunLease) -> StartingPoint:
        where = RunStart(self._tools.client, self._generations, lease)
        if self._request.resume:
            start = where.resumed(self._description, self._inputs())
        else:
            start = where.afresh(self._description, self._tools.engine, self._inputs())
        lease.begin(start.generation.name, start.checkpoint)
        return start

    def _inputs(self) -> dict[str, str]:
        """Return what decides the documents besides the description; of a resumed run all agree."""
        settings = self._tools.settings
        fingerprint = self._source.description.fingerprint
        if fingerprint is None and self._request.resume:
            raise ResumeError(
                "a catalogue from standard input cannot be resumed",
                remedy="save it as a file, or run without --resume",
            )
        return {
            "catalogue": fingerprint or "standard input",
            "schema": self._plan.schema_digest,
            # Whole, so that an update reads its file as this one was read.
            "catalog_toml": schema_text(self._plan.schema, {}),
            "limits": f"{settings.max_title_chars},{settings.max_text_chars}",
            "tag_corrections": _digest(self._corrections),
        }

    def _publish(self, lease: RunLease, name: str) -> tuple[str, ...]:
        if not self._request.swap:
            return ()
        lease.check()
        return self._generations.publish(name, keep=self._tools.settings.keep_generations)

    def _report(
        self,
        start: StartingPoint,
        filled: FilledGeneration,
        rejects: RejectsFile,
        checks: tuple[CheckResult, ...],
        deleted: tuple[str, ...],
        replaced: str | None,
    ) -> ReindexReport:
        seconds = self._tools.clock() - self._began
        encoder = self._description.encoder
        return ReindexReport(
            alias=self._request.alias,
            generation=start.generation.name,
            published=self._request.swap,
            replaced=replaced if self._request.swap else None,
            deleted=(*start.cleaned, *deleted),
            rows=filled.stream.rows,
            products=filled.stream.products,
            documents=filled.stream.products - filled.refused,
            rejects={reason.value: count for reason, count in rejects.counts.items()},
            first_rejects=rejects.first,
            left_out=dict(filled.stream.notes.unreadable.most_common()),
            resumed_at_row=start.checkpoint.rows,
            encoded=filled.encoding.misses,
            from_cache=filled.encoding.hits,
            schema_inferred=self._plan.inferred,
            languages=self._plan.languages,
            encoder=None if encoder is None else encoder.model_id,
            warnings=(*self._plan.warnings, *filled.stream.notes.sentences()),
            checks=checks,
            writing=filled.writing,
            seconds=seconds,
            products_per_second=filled.stream.products / seconds if seconds > 0 else 0.0,
        )


def _digest(corrections: Mapping[str, TagCorrection]) -> str:
    """Return what differs for other corrections; empty without any."""
    if not corrections:
        return ""
    ordered = sorted(corrections.items())
    return hashlib.blake2b(repr(ordered).encode(errors="replace"), digest_size=8).hexdigest()
