"""Tags and encodes chunks on a Ray cluster, in the order of the catalogue.

```
this process: reader ─ chunks ─► queue ─► Ray Data: read task ─► workers ─► this process: writer
```

The queue is bounded, Ray Data holds back a source whose consumers are slow, and this process takes
chunks only as fast as OpenSearch takes them: memory does not grow with the catalogue anywhere.
"""

import logging
import pickle
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import cast

import pyarrow as pa
import ray
import ray.data
from ray import cloudpickle
from ray.exceptions import RayError
from ray.util.queue import Queue

from encoders import CacheStatistics
from indexer.enrichment import begin_chunks
from indexer.passage_encoding import ENCODING, EncodedChunk
from indexer.product_stream import ProductChunk
from indexer.ray_runner.chunk_source import COLUMN, ChunkSource, feed
from indexer.ray_runner.chunk_worker import ChunkWork, ChunkWorker, PreparedChunk
from search_core import ProgressListener, RunnerError, ShopkeeperError
from search_core.settings import RaySettings


class RayPreparation:
    """One run's tagging and encoding; see `pipeline.Preparation`."""

    def __init__(self, work: ChunkWork, settings: RaySettings) -> None:
        """Connect to the cluster, or start one on this machine.

        Raises:
            RunnerError: the cluster cannot be reached, or the work cannot be sent to it.
        """
        self._settings = settings
        self._tagger = work.tagger
        self._hits = 0
        self._misses = 0
        try:
            self._work = cloudpickle.dumps(work)  # type: ignore[no-untyped-call]
        except (TypeError, AttributeError, pickle.PicklingError) as error:
            raise RunnerError(
                f"what generates tags cannot be sent to other processes: {error}",
                remedy="use --runner local",
            ) from error
        _connect(settings)

    @property
    def encoding(self) -> CacheStatistics:
        """What all workers together have found and computed so far."""
        return CacheStatistics(hits=self._hits, misses=self._misses)

    def prepared(
        self, chunks: Iterable[ProductChunk], stop: Event, progress: ProgressListener
    ) -> Generator[EncodedChunk, None, None]:
        """Yield every chunk, tagged and encoded, until `stop` is set.

        Raises:
            EncoderError: a model is missing on a worker, or could not be run.
            RunnerError: the cluster failed.
        """
        if self._tagger is not None:
            # What a language model may cost is bounded here: its tags go with the chunks.
            chunks = begin_chunks(chunks, self._tagger, stop)
        queue = Queue(maxsize=self._settings.workers + 1, actor_options={"num_cpus": 0})
        reader = ThreadPoolExecutor(1, thread_name_prefix="feeder")
        reading = reader.submit(feed, queue, chunks)
        progress.start(ENCODING, None, "products")
        try:
            for batch in self._batches(queue):
                prepared: PreparedChunk | ShopkeeperError = pickle.loads(batch)  # noqa: S301 - ours
                if isinstance(prepared, ShopkeeperError):
                    raise prepared
                self._hits += prepared.encoding.hits
                self._misses += prepared.encoding.misses
                progress.advance(ENCODING, len(prepared.encoded.chunk.products))
                if stop.is_set():
                    return
                yield prepared.encoded
            # Whatever ended the reading early is raised here, after what was read before it.
            reading.result()
        except RayError as error:
            raise RunnerError(
                f"the Ray cluster failed: {str(error).strip().splitlines()[0]}",
                remedy="look at its logs (`ray status`, `ray logs`), then run again with --resume",
            ) from error
        finally:
            progress.finish(ENCODING)
            # A reader that waits for room in the queue is woken by its end.
            queue.shutdown(force=True)
            reader.shutdown()

    def _batches(self, queue: Queue) -> Iterable[bytes]:
        context = ray.data.DataContext.get_current()
        # The checkpoint of a run is a row: what is written has to come in the catalogue's order.
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        settings = self._settings
        source = ray.data.read_datasource(ChunkSource(queue), override_num_blocks=1, num_cpus=0)
        prepared = source.map_batches(
            _Worker,
            fn_constructor_args=(self._work,),
            batch_size=1,
            batch_format="pyarrow",
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=settings.workers),
            num_cpus=settings.cpus_per_worker,
            num_gpus=settings.gpus_per_worker,
        )
        for batch in prepared.iter_batches(
            batch_size=None, batch_format="pyarrow", prefetch_batches=1
        ):
            for each in batch[COLUMN]:
                yield cast("bytes", each.as_py())


class _Worker:
    """A `ChunkWorker` in the form that Ray Data calls: tables in, tables out."""

    def __init__(self, work: bytes) -> None:
        self._work = work
        self._worker: ChunkWorker | None = None

    def __call__(self, batch: pa.Table) -> pa.Table:
        answers = [self._answer(each.as_py()) for each in batch[COLUMN]]
        return pa.table({COLUMN: pa.array(answers, pa.large_binary())})

    def _answer(self, chunk: bytes) -> bytes:
        """Return a prepared chunk or an error of ours: Ray would try that again, then tell its text
        only.
        """  # noqa: D205 - one sentence
        try:
            if self._worker is None:
                self._worker = ChunkWorker(pickle.loads(self._work))  # noqa: S301 - the run's own
            return pickle.dumps(self._worker.prepared(pickle.loads(chunk)))  # noqa: S301
        except ShopkeeperError as error:
            return pickle.dumps(error)


def _connect(settings: RaySettings) -> None:
    # Ray reports on its plans and executors by itself; what fails reaches us as an exception.
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    if ray.is_initialized():
        return
    try:
        if settings.address is None:
            ray.init(
                num_cpus=max(1, round(settings.workers * settings.cpus_per_worker)),
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        else:
            ray.init(address=settings.address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError, RayError) as error:
        raise RunnerError(
            f"Ray does not start: {error}",
            remedy="check indexer.ray.address, or use --runner local",
        ) from error
