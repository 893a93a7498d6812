"""Any search that is reached over HTTP, so that a shop's present one can be compared."""

from time import perf_counter
from typing import Any
from urllib.parse import quote

import httpx
import jmespath
from jmespath.exceptions import JMESPathError

from evaluation.judgments import JudgedQuery
from evaluation.run import Answer, MeasuredSystem
from search_core import ConfigurationError, MeasuredSystemError

_QUERY = "{query}"
_SIZE = "{size}"


class HttpSystem:
    """Asks an address for each query and picks the product ids out of its JSON."""

    def __init__(
        self, client: httpx.AsyncClient, url_template: str, ids_path: str, *, page: int = 10
    ) -> None:
        """Take the address; nothing is sent yet.

        Args:
            client: sends the requests; its time-out bounds each.
            url_template: address with `{query}` and, where the system can give more than its own
                first page, `{size}`.
            ids_path: JMESPath of the ids in the answer, e.g. `hits[].id`.
            page: hits of the request whose time is taken.

        Raises:
            ConfigurationError: no `{query}` in the address, or a path that is none.
        """
        if _QUERY not in url_template:
            raise ConfigurationError(
                f"{url_template} does not say where the query goes",
                remedy="write {query} there, e.g. https://shop.example/search?q={query}&n={size}",
            )
        try:
            self._ids = jmespath.compile(ids_path)
        except JMESPathError as error:
            raise ConfigurationError(
                f"{ids_path!r} is no JMESPath: {error}", remedy="write it as hits[].id"
            ) from error
        self._client = client
        self._template = url_template
        self._ids_path = ids_path
        self._page = page

    def system(self, name: str) -> MeasuredSystem:
        """Return it as something that can be measured. Its answers are never cached."""
        return MeasuredSystem(name=name, answer=self.answer)

    async def answer(self, query: JudgedQuery, depth: int) -> Answer:
        """Ask for one query: deep for its hits, then for a first page to take its time.

        Raises:
            MeasuredSystemError: no answer, not 2xx, no JSON, or nothing at the path.
        """
        if query.filters:
            raise MeasuredSystemError(
                f"{query.text!r} has filters, which an address cannot take",
                remedy="leave queries with filters out of the judgments",
            )
        started = perf_counter()
        ids = await self._fetch(query, depth)
        if _SIZE in self._template:
            started = perf_counter()
            await self._fetch(query, self._page)
        latency_ms = (perf_counter() - started) * 1000
        return Answer(product_ids=tuple(ids), latency_ms=latency_ms)

    async def _fetch(self, query: JudgedQuery, size: int) -> list[str]:
        url = self._template.replace(_QUERY, quote(query.text, safe="")).replace(_SIZE, str(size))
        try:
            response = await self._client.get(url)
            response.raise_for_status()
            found: Any = self._ids.search(response.json())
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise MeasuredSystemError(f"{url}: {error or type(error).__name__}") from error
        except (ValueError, JMESPathError) as error:
            raise MeasuredSystemError(f"{url} did not answer with JSON: {error}") from error
        if not isinstance(found, list) or not all(isinstance(each, str | int) for each in found):
            raise MeasuredSystemError(
                f"{url}: there is no list of ids at {self._ids_path!r}",
                remedy="give the path of the product ids in the answer, e.g. hits[].id",
            )
        return [str(each) for each in found]
