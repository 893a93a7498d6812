"""`shopkeeper reranker`: the models that Triton serves."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopkeeper.commands.reranker_fit import fit
from shopkeeper.commands.reranker_train import export, gate, train
from shopkeeper.commands.reranker_validate import validate
from shopkeeper.language_option import language_option
from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from reranker import PublishedVersion, RerankAnswer
    from search_core.settings import Settings


@click.group(
    epilog="""\b
Examples:
  shopkeeper reranker install
  shopkeeper reranker publish exported/my-model --language en
  shopkeeper reranker publish exported/chinese --for zh
  shopkeeper reranker train models/mine
  shopkeeper reranker validate judgments.csv --set reranker.training.frozen_layers=3
  shopkeeper reranker fit judgments.csv --set reranker.kind=onnx
  shopkeeper reranker list
  shopkeeper reranker rollback
  shopkeeper reranker try "red dress" "a red dress" "toner" --set reranker.kind=onnx"""
)
def reranker() -> None:
    """Train cross-encoders, prove them, put them into Triton, list versions, roll back, try them.

    A language may have a model of its own (`[reranker.models]`): `--for zh` means that one.
    """


for _command in (train, validate, export, gate, fit):
    reranker.add_command(_command)


@reranker.command(
    epilog="""\b
Examples:
  shopkeeper reranker install
  shopkeeper reranker install --for zh"""
)
@click.option(
    "--text-encoder",
    metavar="NAME",
    help="Publish this named text encoder instead, for vectors from the same server.",
)
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@settings_options
def install(
    text_encoder: str | None, language: str | None, as_json: bool, settings: "Settings"
) -> None:
    """Fetch the model that `reranker.cross_encoder` names and publish it, if none is there yet."""
    from shopkeeper.console import out, progress
    from shopkeeper.served_models import (
        install_cross_encoder,
        install_text_encoder,
        local_model_server,
    )

    with progress() as listener:
        if text_encoder is not None:
            server = local_model_server(settings)
            encoder = install_text_encoder(text_encoder, settings, server, listener)
            _print(encoder, as_json=as_json)
            return
        section = settings.reranker.of(language)
        server = local_model_server(settings)
        published = install_cross_encoder(settings, server, section, listener)
    if published is None and not as_json:
        out(f"{section.triton_model} is there already; publish replaces it")
        return
    _print(published, as_json=as_json)


@reranker.command(
    epilog="""\b
Examples:
  shopkeeper reranker publish exported/my-model --language en --language de
  shopkeeper reranker publish exported/chinese --for zh"""
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE",
    help="ISO 639-1 of the queries that the model reads; repeatable.  [default: the model's card]",
)
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@settings_options
def publish(
    folder: Path,
    languages: tuple[str, ...],
    language: str | None,
    as_json: bool,
    settings: "Settings",
) -> None:
    """Check an exported cross-encoder and put it live as a new version.

    FOLDER has model.onnx (or onnx/model.onnx) and tokenizer.json, perhaps a model_card.json. A
    running local Triton changes over without a failed request; a model that it refuses is taken
    away again, and the version before serves on.
    """
    from shopkeeper.served_models import publish_for

    published = publish_for(language, folder, settings, languages)
    _print(published, as_json=as_json)
    _say_what_is_new(published)
    _say_what_is_missing(language, settings)


@reranker.command(
    epilog="""\b
Examples:
  shopkeeper reranker rollback
  shopkeeper reranker rollback --for zh"""
)
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@settings_options
def rollback(language: str | None, as_json: bool, settings: "Settings") -> None:
    """Take the newest version away, so that the one before serves."""
    from shopkeeper.composition import model_repository
    from shopkeeper.served_models import local_model_server

    repository, model = model_repository(settings), settings.reranker.of(language).triton_model
    published = repository.roll_back(model, local_model_server(settings))
    _print(published, as_json=as_json)


@reranker.command(
    "list",
    epilog="""\b
Example:
  shopkeeper reranker list --json""",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@settings_options
def list_models(as_json: bool, settings: "Settings") -> None:
    """List the models of the repository with their versions; the highest one serves."""
    from shopkeeper.composition import model_repository
    from shopkeeper.console import emit_json, out, table

    repository = model_repository(settings)
    versions = {name: repository.versions(name) for name in repository.models()}
    if as_json:
        emit_json({"repository": str(repository.folder), "models": versions})
    elif not versions:
        out(f"no models in {repository.folder}")
    else:
        rows = [(name, ", ".join(map(str, each))) for name, each in versions.items()]
        table(str(repository.folder), ("model", "versions"), rows)


@reranker.command(
    "try",
    epilog="""\b
Example:
  shopkeeper reranker try "red dress" "a red dress" "toner" --set reranker.kind=onnx""",
)
@click.argument("query")
@click.argument("documents", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@settings_options
def try_it(query: str, documents: tuple[str, ...], as_json: bool, settings: "Settings") -> None:
    """Score DOCUMENTS for QUERY with the reranker that is set, best first."""
    import asyncio

    from shopkeeper.console import emit_json, table

    answer = asyncio.run(_reranked(query, documents, settings))
    if as_json:
        emit_json(answer.as_json())
        return
    rows = [(f"{each.relevance_score:.4f}", each.document or "") for each in answer.results]
    table(f"{query} — {answer.model}", ("score", "document"), rows)


async def _reranked(query: str, documents: tuple[str, ...], settings: "Settings") -> "RerankAnswer":
    from reranker import RerankRequest, rerank_documents
    from shopkeeper.composition import open_reranker
    from shopkeeper.console import progress

    request = RerankRequest(query=query, documents=documents, return_documents=True)
    with progress() as listener:
        async with open_reranker(settings, listener) as opened:
            return await rerank_documents(opened, request, timeout_seconds=_PATIENCE_SECONDS)


_PATIENCE_SECONDS = 30.0
"""A trial is not a search: it may wait for a busy machine."""


def _say_what_is_new(published: "PublishedVersion") -> None:
    """Tell of a first version: where one was to be replaced, its name was not written like this."""
    from shopkeeper.console import note

    if published.version == 1:
        note(f"{published.model} is new in the repository: no version of it was there")


def _say_what_is_missing(language: str | None, settings: "Settings") -> None:
    """Tell that no query goes to a language's model before the settings say so."""
    from shopkeeper.console import note

    if language is not None and language not in settings.reranker.models:
        note(f"no query is given to it yet: add [reranker.models.{language}] to shopkeeper.toml")


def _print(published: "PublishedVersion | None", *, as_json: bool) -> None:
    from shopkeeper.console import emit_json, out

    if as_json:
        emit_json({"published": published})
    elif published is not None and published.model_id is None:
        out(f"{published.model} version {published.version}: served from Triton's next start on")
    elif published is not None:
        out(f"{published.model} version {published.version} is live: {published.model_id}")
