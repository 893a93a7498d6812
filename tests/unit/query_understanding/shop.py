"""A small shop for the tests of rewriters."""

from query_understanding import KnownCatalogue, learn_lexicon
from search_core import QueryPlan


def document(title, **fields):
    attributes = [{"name": name, "value": value} for name, value in fields.pop("has", {}).items()]
    texts = [each["value"] for each in attributes if isinstance(each["value"], str)]
    return {
        "title": title,
        "language": "en",
        "attributes": attributes,
        "attributes_text": " ; ".join(texts) or None,
        **fields,
    }


def products():
    found = []
    for model in (11, 12, 13):
        found.append(
            document(
                f"Novaphone {model} 128 GB", brand="Nova", product_type="Smartphone", price=600.0
            )
        )
        found += [
            document(
                f"{colour} {material} Case for Novaphone {model}",
                brand="Hidewell",
                product_type="Phone case",
                price=20.0,
                has={
                    "colour": colour,
                    "material": material,
                    "compatible_with": f"Novaphone {model}",
                    "magnetic": material == "Leather",
                },
            )
            for colour in ("Red", "Blue", "Black")
            for material in ("Leather", "Silicone")
        ]
    found += [document(f"Headset no {n}", product_type="Headset", price=50.0 + n) for n in range(6)]
    found += [document(f"Mouse pad {n}", product_type="Mouse pad", price=9.0) for n in range(3)]
    found += [document("Wireless mouse", product_type="Mouse", price=30.0)] * 3
    found += [document("Portable SSD 1000 GB", product_type="Drive", price=90.0)] * 2
    found += [document("蓝牙耳机 降噪", product_type="耳机", price=199.0, language="zh")] * 3
    return found


CATALOGUE = KnownCatalogue(learn_lexicon(products()))
NOTHING_KNOWN = KnownCatalogue(learn_lexicon([]))


def rewritten(rewriter, text, catalogue=CATALOGUE):
    return rewriter.rewrite(QueryPlan.plain(text), catalogue)
