"""One file of rejects for several threads."""

from threading import Lock

from indexer.rejects import Reject
from indexer.rejects_file import RejectsFile


class SharedRejects:
    """Writes to a `RejectsFile` from any thread: reader and senders both set things aside."""

    def __init__(self, file: RejectsFile) -> None:
        self._file = file
        self._lock = Lock()

    def write(self, reject: Reject) -> None:
        """Add a reject.

        Raises:
            TooManyRejectsError: it is one more than allowed.
            CatalogError: the file cannot be written.
        """
        with self._lock:
            self._file.write(reject)
