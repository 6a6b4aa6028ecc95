"""Writes ``details_medicine.toml``: names of medicines and words of illnesses, which are no names of people.

    python make_details_medicine.py DRUGBANK_VOCABULARY.csv MESH_DRUGS.csv HUMAN_DO.tsv

The open vocabulary of DrugBank (CC0), the medicines of MeSH with their synonyms (identifier, name, synonyms parted by
``|``), and the labels of the Human Disease Ontology (CC0). Nothing of this runs in the product. Licences of the
sources: ``details_medicine.licences.txt``.
"""

from __future__ import annotations

import csv
import importlib
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "inbox/screening/lexicons/details_medicine.toml"
sys.path.insert(0, str(ROOT))
_WORD = re.compile(r"[a-z]{4,18}")
#: A name in Latin or in a Romance language beside the English one.
_OTHER_FORM = re.compile(r"(?:um|a|o|e)$")


def medicines(drugbank: Path, mesh: Path) -> Iterator[str]:
    """Single words that are names of medicines, as the sources spell them."""
    with drugbank.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            common = row["Common name"]
            yield from common.split()
            for synonym in row["Synonyms"].split(" | "):
                if _OTHER_FORM.sub("", synonym.lower())[:5] != common.lower()[:5]:
                    yield synonym
    with mesh.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield from row["Synonyms"].split("|")


def illnesses(ontology: Path) -> Iterator[str]:
    """Words of the names of illnesses that are written small: those with a capital are names of people."""
    with ontology.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield from (word for word in re.split(r"[\s,()/-]+", row["label"]) if word.islower())


def main() -> None:
    """Write the list, without what the other lists or the endings of medical words know."""
    dictionary = importlib.import_module("inbox.screening.details.dictionary")
    LIST.write_text('medicines = ""\nillnesses = ""\n', "utf-8")
    drugbank, mesh, ontology = map(Path, sys.argv[1:])
    made = ["# Made by make_details_medicine.py; licences in details_medicine.licences.txt. Small letters."]
    for name, words in (("medicines", medicines(drugbank, mesh)), ("illnesses", illnesses(ontology))):
        folded = {dictionary.fold(word) for word in words if word.isascii()}
        kept = sorted(word for word in folded if _WORD.fullmatch(word) and not dictionary.known(word))
        lines = textwrap.wrap(" ".join(kept), 140, break_on_hyphens=False)
        made += ["", f"{name} = '''", *lines, "'''"]
    LIST.write_text("\n".join(made) + "\n", "utf-8")


if __name__ == "__main__":
    main()
