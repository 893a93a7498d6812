"""Read the hand-written entries of the catalogue."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

AttributeValue = str | int | float | bool | list[str]

CATALOGUE_FOLDER = Path(__file__).parent / "catalogue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One hand-written entry: a product with its variants, or an accessory for several devices."""

    source: str
    """File and position, so that a mistake can be found."""
    language: str
    kind: str
    """What the thing is, the same word in every language. Judged by, never shipped."""
    tags: frozenset[str]
    """Purposes and occasions that judgments ask for (`gift_for_her`). Never shipped."""
    product_type: str
    category: list[str]
    brand: str | None
    title: str
    texts: tuple[str, ...]
    """Descriptions, handed round the entry's products in turn. Empty: it has none."""
    price: float
    price_steps: dict[str, float]
    """Added to the price where the product has this variant value."""
    variants: dict[str, list[str | int | float]]
    """Attribute to its values. Each combination is a product; all share one variant group."""
    fits: tuple[str, ...]
    """Devices that each get a listing of their own."""
    attributes: dict[str, AttributeValue]
    model_number: str | None
    released: str | None


def read_entries(folder: Path = CATALOGUE_FOLDER) -> list[Entry]:
    """Return every entry of every file, files by name, entries in their written order."""
    return [
        entry for path in sorted(folder.glob("*.toml")) for entry in _read_file(path)
    ]


def _read_file(path: Path) -> list[Entry]:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    entries = []
    for group in document["group"]:
        inherited = {name: value for name, value in group.items() if name != "product"}
        for position, product in enumerate(group["product"], start=1):
            fields = {"language": document["language"], **inherited, **product}
            fields["attributes"] = {
                **inherited.get("attributes", {}),
                **product.get("attributes", {}),
            }
            fields["tags"] = [*inherited.get("tags", []), *product.get("tags", [])]
            source = f"{path.name}, {group['kind']} {position}"
            entries.append(_entry(source, fields))
    return entries


# The parser's output has no type before this function has read it.
def _entry(source: str, fields: dict[str, object]) -> Entry:
    known = set(Entry.__dataclass_fields__) | {"text", "type"}
    if misspelt := sorted(set(fields) - known):
        message = f"{source}: unknown fields {misspelt}"
        raise ValueError(message)
    get = fields.get
    text = get("text", "")
    texts = tuple(text) if isinstance(text, list) else (str(text),)
    return Entry(
        source=source,
        language=str(fields["language"]),
        kind=str(fields["kind"]),
        tags=frozenset(get("tags")),  # type: ignore[arg-type]
        product_type=str(fields["type"]),
        category=get("category"),  # type: ignore[arg-type]
        brand=str(fields["brand"]) or None,
        title=str(fields["title"]),
        texts=texts,
        price=float(str(fields["price"])),
        price_steps=get("price_steps", {}),  # type: ignore[arg-type]
        variants=get("variants", {}),  # type: ignore[arg-type]
        fits=tuple(get("fits", ())),  # type: ignore[arg-type]
        attributes=get("attributes"),  # type: ignore[arg-type]
        model_number=str(get("model_number", "")) or None,
        released=str(get("released", "")) or None,
    )
