"""Which chunks OpenSearch has confirmed, and which products it refused."""

from collections import deque
from collections.abc import Callable
from threading import Lock

from indexer.checkpoint import MOST_REFUSALS, Checkpoint, RefusedProduct
from indexer.product_stream import ProductChunk
from indexer.rejects import Reject, RejectReason
from indexer.shared_rejects import SharedRejects
from search_core import ProgressListener
from search_engine import Refusal

WRITING = "writing"


class WrittenChunks:
    """Follows which chunks are confirmed, and what OpenSearch refused.

    Chunks may be confirmed out of order; the checkpoint is the end of those that are so without a
    gap.
    """

    def __init__(
        self,
        start: Checkpoint,
        rejects: SharedRejects,
        on_checkpoint: Callable[[Checkpoint], None],
        progress: ProgressListener,
    ) -> None:
        """Start at a checkpoint; what was refused before it is reported again.

        Args:
            start: the end of an earlier run, or the catalogue's start.
            rejects: told of each refused product.
            on_checkpoint: told of each further position.
            progress: told of written products.
        """
        self._rejects = rejects
        self._on_checkpoint = on_checkpoint
        self._progress = progress
        self._lock = Lock()
        self._open: deque[ProductChunk] = deque()
        self._settled: set[int] = set()
        self._refused: list[RefusedProduct] = []
        for refused in start.refused:
            self._report(refused)

    @property
    def refused(self) -> int:
        """Products refused by OpenSearch."""
        return len(self._refused)

    def add(self, chunk: ProductChunk) -> None:
        """Take note of a chunk that is about to be written."""
        with self._lock:
            self._open.append(chunk)

    def settle(self, chunk: ProductChunk) -> None:
        """Take note of a chunk whose products are all confirmed or refused."""
        with self._lock:
            self._progress.advance(WRITING, len(chunk.products))
            self._settled.add(chunk.rows)
            last: ProductChunk | None = None
            while self._open and self._open[0].rows in self._settled:
                last = self._open.popleft()
                self._settled.remove(last.rows)
            if last is not None and len(self._refused) <= MOST_REFUSALS:
                self._on_checkpoint(
                    Checkpoint(
                        rows=last.rows, products=last.total_products, refused=tuple(self._refused)
                    )
                )

    def refuse(self, refusal: Refusal) -> None:
        """Take note of a product that OpenSearch does not take."""
        with self._lock:
            line = self._line(refusal.document_id)
            refused = RefusedProduct(
                product_id=refusal.document_id, line=line, reason=refusal.reason
            )
            self._report(refused)

    def _report(self, refused: RefusedProduct) -> None:
        self._refused.append(refused)
        self._rejects.write(
            Reject(
                line=refused.line,
                reason=RejectReason.REFUSED_BY_OPENSEARCH,
                message=f"OpenSearch refuses product {refused.product_id!r}: {refused.reason}",
                raw=refused.product_id,
            )
        )

    def _line(self, product_id: str) -> int:
        for chunk in self._open:
            line = chunk.line_of(product_id)
            if line is not None:
                return line
        raise AssertionError(f"{product_id!r} was refused but never written")
