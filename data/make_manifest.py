"""Write manifest.json and the table in README.md; or check them.

    python data/make_manifest.py            # hash the files anew
    python data/make_manifest.py --check    # say what differs, change nothing

A new data set is one entry in DATA_SETS. A recording lists its .wav first
and its .json second; everything else is one file.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OWN = "invented for this book"
BEGIN, END = "<!-- files: begin -->\n", "<!-- files: end -->\n"

DATA_SETS = {
    "digits": {
        "files": ["digits.npz"],
        "about": "handwritten digits of 8 by 8 pixels",
        "licence": "CC BY 4.0",
        "origin": "Alpaydin and Kaynak, UCI, by way of scikit-learn",
        "script": "make_digits.py",
    },
    "i_saw_a_saw": {
        "files": ["i_saw_a_saw.wav", "i_saw_a_saw.json"],
        "about": "the running sentence, spoken",
        "licence": "CC0-1.0",
        "origin": "synthesised with espeak-ng 1.51, voice en-gb",
        "script": "make_i_saw_a_saw.py",
    },
    "karate": {
        "files": ["karate.json"],
        "about": "Zachary's karate club: friendships and factions",
        "licence": "CC0-1.0",
        "origin": "facts published by W. W. Zachary, 1977",
        "script": "make_karate.py",
    },
    "lexicon": {
        "files": ["lexicon.json"],
        "about": "the words of the tagged sentences, by category",
        "licence": "CC0-1.0",
        "origin": OWN,
        "script": "make_tagged.py",
    },
    "molecules": {
        "files": ["molecules.json"],
        "about": "water, ethanol and caffeine as atoms and bonds",
        "licence": "CC0-1.0",
        "origin": "written out by hand from the systematic names",
        "script": "make_molecules.py",
    },
    "numbers": {
        "files": ["numbers.jsonl"],
        "about": "numbers in words and in digits",
        "licence": "CC0-1.0",
        "origin": OWN,
        "script": "make_numbers.py",
    },
    "sentiment": {
        "files": ["sentiment.jsonl"],
        "about": "opinions, positive or negative",
        "licence": "CC0-1.0",
        "origin": OWN,
        "script": "make_sentiment.py",
    },
    "social": {
        "files": ["social.json"],
        "about": "twelve invented people and their friendships",
        "licence": "CC0-1.0",
        "origin": OWN,
        "script": "make_social.py",
    },
    "tagged": {
        "files": ["tagged.jsonl.gz"],
        "about": "sentences with parts of speech and far cues",
        "licence": "CC0-1.0",
        "origin": OWN,
        "script": "make_tagged.py",
    },
    "voices": {
        "files": ["voices.npz"],
        "about": "sentences in twenty voices, a phoneme for every frame",
        "licence": "CC0-1.0",
        "origin": "synthesised with espeak-ng 1.51, variants of its "
        "British voice",
        "script": "make_voices.py",
    },
}


def described(file: str) -> dict:
    """A file's name, hash and size."""
    raw = (HERE / file).read_bytes()
    return {
        "file": file,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "bytes": len(raw),
    }


def manifest_text() -> str:
    """manifest.json as it should be."""
    entries = {
        name: {**entry, "files": [described(f) for f in entry["files"]]}
        for name, entry in sorted(DATA_SETS.items())
    }
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def readme_text() -> str:
    """README.md as it should be: only the table is written."""
    text = (HERE / "README.md").read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    rows = ["| file | bytes | sha256 | licence | origin | made by |"]
    rows += ["|---|---|---|---|---|---|"]
    for _, entry in sorted(DATA_SETS.items()):
        for file in entry["files"]:
            facts = described(file)
            rows.append(
                f"| `{file}` | {facts['bytes']:,} | `{facts['sha256']}` | "
                f"{entry['licence']} | {entry['origin']} | "
                f"`{entry['script']}` |"
            )
    table = "".join(row + "\n" for row in rows)
    return before + BEGIN + "\n" + table + "\n" + END + after


def main() -> None:
    wanted = {"manifest.json": manifest_text(), "README.md": readme_text()}
    for file, text in wanted.items():
        path = HERE / file
        same = path.is_file() and path.read_bytes() == text.encode("utf-8")
        if "--check" in sys.argv[1:] and not same:
            sys.exit(f"{file} is stale: run python data/make_manifest.py")
        if not same:
            path.write_bytes(text.encode("utf-8"))
        print(f"{file}: {'unchanged' if same else 'written'}")


if __name__ == "__main__":
    main()
