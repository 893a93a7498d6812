"""The generations of an alias: made, marked, put live, rolled back, deleted.

A search names the alias and so sees one complete generation or another, never one that is being
written: putting live is a single `_aliases` request, which OpenSearch applies as a whole.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from opensearchpy import OpenSearch

from search_core import IndexingError, IndexNotFoundError
from search_core.settings import SearchEngineSettings
from search_engine.connection import translated_errors
from search_engine.generation_attachment import attachment_indices
from search_engine.generation_list import list_generations
from search_engine.generation_status import (
    GENERATION_KEY,
    GenerationState,
    GenerationStatus,
    checked_alias,
    generation_meta,
    generation_name,
)
from search_engine.index_body import IndexDescription, index_body
from search_engine.load_settings import loading_settings

_logger = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Generations:
    """The generations of one alias."""

    def __init__(
        self,
        client: OpenSearch,
        alias: str,
        *,
        now: Callable[[], datetime] = _now,
        token: Callable[[], str] = lambda: secrets.token_hex(2),
    ) -> None:
        """Take the alias; nothing is sent yet.

        Args:
            client: connection to OpenSearch.
            alias: what searches name.
            now: the clock.
            token: gives four hexadecimal digits.

        Raises:
            ConfigurationError: OpenSearch takes no index of that name.
        """
        self._client = client
        self._alias = checked_alias(alias)
        self._now = now
        self._token = token

    @property
    def alias(self) -> str:
        """What searches name."""
        return self._alias

    def list(self) -> tuple[GenerationStatus, ...]:
        """List the alias's generations, newest first."""
        return list_generations(self._client, self._alias)

    def live(self) -> GenerationStatus | None:
        """Return the generation that the alias points to, if any."""
        return next((generation for generation in self.list() if generation.live), None)

    def require_live(self) -> GenerationStatus:
        """Return the generation that the alias points to.

        Raises:
            IndexNotFoundError: there is none.
        """
        live = self.live()
        if live is None:
            raise self._nothing_live()
        return live

    def get(self, name: str) -> GenerationStatus:
        """Return one generation.

        Raises:
            IndexNotFoundError: the alias has no generation of that name.
        """
        for generation in self.list():
            if generation.name == name:
                return generation
        raise IndexNotFoundError(
            f"{self._alias} has no generation {name}",
            remedy=f"`shopkeeper index list {self._alias}` shows what there is",
        )

    def _nothing_live(self) -> IndexNotFoundError:
        return IndexNotFoundError(
            f"no generation of {self._alias} is live",
            remedy=f"`shopkeeper index list {self._alias}` shows what there is",
        )

    def refuse_concrete_index(self) -> None:
        """Check that the alias's name is not taken by an index.

        Raises:
            IndexingError: it is; the alias could never be made.
        """
        with translated_errors():
            taken = self._client.indices.exists(
                index=self._alias
            ) and not self._client.indices.exists_alias(name=self._alias)
        if taken:
            raise IndexingError(
                f"{self._alias} is an index itself, so no alias of that name can be made",
                remedy="give another --index name, or delete or rename that index",
            )

    def create(
        self,
        description: IndexDescription,
        settings: SearchEngineSettings,
        inputs: Mapping[str, str],
    ) -> GenerationStatus:
        """Make a new, empty generation with settings for a fast load.

        Args:
            description: what it will hold.
            settings: how it is laid out.
            inputs: what it is built from; kept, so that a later run can tell whether it matches.

        Raises:
            IndexingError: the alias's name is taken by an index.
            SearchEngineError: OpenSearch does not answer as it should.
        """
        self.refuse_concrete_index()
        meta = generation_meta(GenerationState.BUILDING, inputs)
        body = index_body(description, settings, extra_meta={GENERATION_KEY: meta})
        body["settings"]["index"].update(loading_settings())
        name = generation_name(self._alias, self._now(), self._token())
        with translated_errors():
            self._client.indices.create(index=name, body=body)
        _logger.info("generation_created name=%s", name)
        return self.get(name)

    def mark(
        self,
        name: str,
        state: GenerationState,
        *,
        reason: str = "",
        published_at: datetime | None = None,
    ) -> None:
        """Write a generation's state into its mapping.

        `published_at` stays as it was when it is not given.

        Raises:
            IndexNotFoundError: the index is gone, or somebody has made it anew.
        """
        with translated_errors():
            mapping = self._client.indices.get_mapping(index=name)[name]["mappings"]
            ours = mapping.get("_meta", {}).get("shopkeeper")
            if ours is None:
                raise IndexNotFoundError(
                    f"{name} is no generation any more: it was deleted and made anew",
                    remedy=f"delete the index {name} and run the reindex again",
                )
            before = ours[GENERATION_KEY]
            own = generation_meta(state, before["inputs"], reason=reason, published_at=published_at)
            own["published_at"] = own["published_at"] or before["published_at"]
            # OpenSearch replaces `_meta` as a whole.
            meta = {**mapping["_meta"], "shopkeeper": {**ours, GENERATION_KEY: own}}
            self._client.indices.put_mapping(index=name, body={"_meta": meta})

    def publish(self, name: str, *, keep: int | None = None) -> tuple[str, ...]:
        """Put a complete generation live, in one step, and drop old ones afterwards.

        Args:
            name: the generation.
            keep: how many complete generations stay, the live one and the one before it first;
                `None`: all.

        Returns:
            The names of the generations that were deleted.

        Raises:
            IndexNotFoundError: the alias has no generation of that name.
            IndexingError: it is not complete, or the alias's name is taken by an index.
        """
        generation = self.get(name)
        if generation.state is not GenerationState.COMPLETE:
            raise IndexingError(
                f"{name} is {generation.state.value}, not complete, and cannot be put live",
                remedy=f"run `shopkeeper reindex … --index {self._alias}` to make a complete one",
            )
        self.refuse_concrete_index()
        live = self.live()
        before = None if live is None else live.name
        # Written first: a crash in between leaves a date too many, not a generation that was live
        # and cannot be rolled back to.
        self.mark(name, GenerationState.COMPLETE, published_at=self._now())
        self._point_to(name)
        _logger.info("generation_published name=%s before=%s", name, before)
        return () if keep is None else self._drop_old(name, before, keep)

    def _point_to(self, name: str) -> None:
        with translated_errors():
            held_by = self._client.indices.get_alias(
                name=self._alias, params={"ignore": 404, "filter_path": "*.aliases"}
            )
            # The pattern is resolved when the request is applied, so that two of them at the same
            # moment still leave one index behind the alias.
            old: list[str] = sorted({f"{self._alias}-*", *held_by})
            actions: list[dict[str, Any]] = [
                {"remove": {"index": index, "alias": self._alias, "must_exist": False}}
                for index in old
            ]
            actions.append({"add": {"index": name, "alias": self._alias, "is_write_index": True}})
            self._client.indices.update_aliases(body={"actions": actions})

    def _drop_old(self, live: str, before: str | None, keep: int) -> tuple[str, ...]:
        complete = [g.name for g in self.list() if g.state is GenerationState.COMPLETE]
        order = sorted(complete, key=lambda name: (name != live, name != before))
        dropped = tuple(order[keep:])
        for name in dropped:
            self._delete_index(name)
        return dropped

    def rollback(self) -> tuple[GenerationStatus, GenerationStatus]:
        """Put the generation live that was so before the present one.

        Returns:
            The generation that was live, and the one that is now.

        Raises:
            IndexNotFoundError: nothing is live, or no older generation has ever been.
        """
        generations = self.list()
        live = next((generation for generation in generations if generation.live), None)
        if live is None:
            raise self._nothing_live()
        older = [
            generation
            for generation in generations
            if generation.state is GenerationState.COMPLETE
            and generation.published_at is not None
            and generation.created_at < live.created_at
        ]
        if not older:
            raise IndexNotFoundError(
                f"{self._alias} has no generation before {live.name} to roll back to",
                remedy="indexer.keep_generations says how many are kept; 2 allows one rollback",
            )
        self.publish(older[0].name)
        return live, self.get(older[0].name)

    def delete(self, name: str) -> None:
        """Delete a generation that is not live.

        Raises:
            IndexNotFoundError: the alias has no generation of that name.
            IndexingError: it is live.
        """
        if self.get(name).live:
            raise IndexingError(
                f"{name} is live behind {self._alias} and is not deleted",
                remedy=f"put another one live first: `shopkeeper index rollback {self._alias}`; or "
                f"`shopkeeper index delete {self._alias} --all`",
            )
        self._delete_index(name)

    def require_any(self) -> None:
        """Check that there is a generation.

        Raises:
            IndexNotFoundError: there is none.
        """
        if not self.list():
            raise IndexNotFoundError(
                f"there are no generations of {self._alias}",
                remedy="`shopkeeper index list` shows what there is",
            )

    def delete_all(self) -> tuple[str, ...]:
        """Delete every generation, the live one last, and with it the alias.

        Returns:
            Their names.
        """
        names = [each.name for each in sorted(self.list(), key=lambda each: each.live)]
        for name in names:
            self._delete_index(name)
        return tuple(names)

    def _delete_index(self, name: str) -> None:
        with translated_errors():
            # What was kept beside the generation goes with it.
            all_of_it = ",".join((name, *attachment_indices(name)))
            self._client.indices.delete(index=all_of_it, params={"ignore_unavailable": "true"})
        _logger.info("generation_deleted name=%s", name)
