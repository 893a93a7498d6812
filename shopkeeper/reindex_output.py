"""Prints what reindexes and updates did: tables on standard output, what was odd beside them."""

from pathlib import Path

from indexer import ReindexPreview, ReindexReport, UpdateReport
from shopkeeper.console import counted, note, out, table

_SHOWN_PRODUCTS = 5
_SHOWN_REJECTS = 10


def print_update(report: UpdateReport, rejects: Path | None) -> None:
    """Print what an update did, or would do."""
    for warning in report.warnings:
        note(f"warning: {warning}")
    _say_set_aside(report, rejects)
    rows = [
        ("read", counted(report.rows, "row")),
        ("set aside", _set_aside(report, rejects)),
        ("unchanged", counted(report.unchanged, "product")),
        ("changed", f"{report.changed:,}"),
        ("price or stock only", f"{report.live:,}"),
        ("added", f"{report.added:,}"),
        ("deleted", f"{report.deleted:,}"),
        ("vectors", f"{report.encoded:,} encoded, {report.from_cache:,} from the cache"),
        ("words and names", "learned anew" if report.learned else "kept"),
        ("time", f"{report.seconds:.1f} s"),
    ]
    table("Update", ("step", "result"), rows)
    if report.dry_run:
        out(f"nothing was written: this is what would become of {report.generation}")
    else:
        out(f"{report.alias} has {counted(report.documents, 'product')}, in {report.generation}")


def _say_set_aside(report: ReindexReport | UpdateReport, rejects: Path | None) -> None:
    for message in report.first_rejects:
        note(f"set aside: {message}")
    more = sum(report.rejects.values()) - len(report.first_rejects)
    if more > 0:
        where = f"{rejects} has all of them" if rejects else "--rejects FILE writes all of them"
        note(f"set aside: {more:,} more; {where}")


def _set_aside(report: ReindexReport | UpdateReport, rejects: Path | None) -> str:
    counts = ", ".join(f"{count:,} {reason}" for reason, count in report.rejects.items())
    return f"{counts or 'none'}{f' (see {rejects})' if rejects and report.rejects else ''}"


def print_reindex(report: ReindexReport, rejects: Path | None) -> None:
    """Print what a reindex did."""
    for warning in report.warnings:
        note(f"warning: {warning}")
    _say_set_aside(report, rejects)
    rows = [
        ("read", counted(report.rows, "row") + _resumed(report)),
        ("set aside", _set_aside(report, rejects)),
        ("indexed", counted(report.documents, "product")),
        ("vectors", _vectors(report)),
        ("languages", _languages(report)),
        ("schema", "found out from the file" if report.schema_inferred else "as given"),
        ("time", f"{report.seconds:.1f} s, {report.products_per_second:,.0f} products/s"),
        ("generation", report.generation),
        ("replaced", report.replaced or "nothing"),
        ("deleted", ", ".join(report.deleted) or "nothing"),
    ]
    table("Reindex", ("step", "result"), rows)
    if report.published:
        out(f"{report.alias} is live on {report.generation}")
    else:
        out(
            f"{report.generation} is complete; put it live with: "
            f"shopkeeper index publish {report.alias} {report.generation}"
        )


def _resumed(report: ReindexReport) -> str:
    resumed = report.resumed_at_row
    return f", the first {resumed:,} of them written by an earlier run" if resumed else ""


def _vectors(report: ReindexReport) -> str:
    if report.encoder is None:
        return "none"
    return f"{report.encoded:,} encoded, {report.from_cache:,} from the cache ({report.encoder})"


def _languages(report: ReindexReport | ReindexPreview) -> str:
    shares = (f"{code} {share:.0%}" for code, share in report.languages.items())
    return ", ".join(shares) or "not determined"


def print_preview(preview: ReindexPreview) -> None:
    """Print what would become of the first rows."""
    for warning in preview.warnings:
        note(f"warning: {warning}")
    out(
        f"{preview.catalog}: of {preview.rows:,} rows {len(preview.products):,} would be indexed "
        f"and {len(preview.rejects):,} set aside; languages: {_languages(preview)}"
    )
    table(
        "Products",
        ("id", "encoded text"),
        [(str(p.document["id"]), p.passage) for p in preview.products[:_SHOWN_PRODUCTS]],
    )
    if preview.rejects:
        table(
            "Set aside",
            ("reason", "message"),
            [(r.reason.value, r.message) for r in preview.rejects[:_SHOWN_REJECTS]],
        )
    out(f"Schema ({'found out' if preview.schema_inferred else 'as given'}):")
    out(preview.catalog_toml)
