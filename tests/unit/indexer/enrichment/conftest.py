from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

LICENCE = "  1 This software and database is being provided to you, the LICENSEE, by\n"
ARTEFACT, FOOD, SUBSTANCE, PERSON, ANIMAL = "06", "13", "27", "18", "05"

# Place of the meaning → lexicographer file, words, explanation, wider meaning. The first lines are
# found first, and so their place is known before those that point at them are written.
MEANINGS: Mapping[str, tuple[str, Sequence[str], str, str | None]] = {
    "seat": (ARTEFACT, ["seat"], "furniture that is designed for sitting on", None),
    "sofa": (
        ARTEFACT,
        ["sofa", "couch", "lounge"],
        'an upholstered seat for more than one person; "they sat on it"',
        "seat",
    ),
    "sweater": (ARTEFACT, ["sweater", "jumper"], "a crocheted or knitted garment", None),
    "cardigan": (ARTEFACT, ["cardigan"], "knitted jacket that is fastened up the front", "sweater"),
    "jumper": (PERSON, ["jumper"], "a person who jumps", None),
    "rodent mouse": (ANIMAL, ["mouse"], "any of numerous small rodents", None),
    "computer mouse": (
        ARTEFACT,
        ["mouse", "computer_mouse"],
        "a hand-operated electronic device that moves the cursor",
        None,
    ),
    "aluminium": (SUBSTANCE, ["aluminum", "aluminium", "Al"], "a silvery metallic element", None),
    "soup": (FOOD, ["soup"], "liquid food", None),
}
# The order of a word's meanings is that of their frequency.
INDEX = {
    "al": ["aluminium"],
    "aluminium": ["aluminium"],
    "aluminum": ["aluminium"],
    "cardigan": ["cardigan"],
    "computer_mouse": ["computer mouse"],
    "couch": ["sofa"],
    "jumper": ["jumper", "sweater"],
    "lounge": ["sofa"],
    "mouse": ["rodent mouse", "computer mouse"],
    "seat": ["seat"],
    "sofa": ["sofa"],
    "soup": ["soup"],
    "sweater": ["sweater"],
}


@pytest.fixture(scope="session")
def word_net_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files in the form of WordNet's, wndb(5WN), with a few meanings of our own writing."""
    folder = tmp_path_factory.mktemp("word_net")
    below: dict[str, list[str]] = {}
    for name, (_, _, _, wider) in MEANINGS.items():
        if wider is not None:
            below.setdefault(wider, []).append(name)
    # Places have eight digits, so that a line's length does not depend on them.
    places: dict[str, int] = {}
    text = LICENCE
    for name in MEANINGS:
        places[name] = len(text)
        text += _line(name, dict.fromkeys(MEANINGS, 0), below)
    lines = [_line(name, places, below) for name in MEANINGS]
    (folder / "data.noun").write_text(LICENCE + "".join(lines), encoding="ascii")
    index = [
        f"{word} n {len(names)} 1 @ {len(names)} 0 "
        f"{' '.join(f'{places[name]:08d}' for name in names)}  \n"
        for word, names in INDEX.items()
    ]
    (folder / "index.noun").write_text(LICENCE + "".join(index), encoding="ascii")
    return folder


def _line(name: str, places: Mapping[str, int], below: Mapping[str, list[str]]) -> str:
    file, words, explanation, wider = MEANINGS[name]
    links = [f"@ {places[wider]:08d} n 0000"] if wider else []
    links += [f"~ {places[each]:08d} n 0000" for each in below.get(name, [])]
    said = " ".join(f"{word} 0" for word in words)
    pointers = " ".join([f"{len(links):03d}", *links])
    return f"{places[name]:08d} {file} n {len(words):02x} {said} {pointers} | {explanation}  \n"
