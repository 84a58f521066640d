"""The data sets that come with the book, by name.

They are read from `data/` in a checkout and from inside the package where it
was installed from a wheel. Every read is compared with the hash in
`manifest.json`. `data/README.md` lists fields, shapes, licences and origins.
"""

from __future__ import annotations

import difflib
import gzip
import hashlib
import io
import json
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

_PACKAGE = Path(__file__).resolve().parent


class Interval(NamedTuple):
    """A labelled stretch of a recording: samples `start` up to `stop`."""

    label: str
    start: int
    stop: int


class Recording(NamedTuple):
    """A spoken sentence and where its words and phonemes lie.

    signal : (n_samples,) float32 in [-1, 1]
    rate_hz : samples per second
    text : what is said
    words, phonemes : lists of `Interval`, in samples of `signal`
    """

    signal: np.ndarray
    rate_hz: int
    text: str
    words: list[Interval]
    phonemes: list[Interval]


def folder() -> Path:
    """The folder that the data sets are read from.

    Raises
    ------
    FileNotFoundError : neither a checkout's nor a wheel's folder is there.

    >>> (folder() / "manifest.json").is_file()
    True
    """
    for place in (_PACKAGE / "_data", _PACKAGE.parent / "data"):
        if (place / "manifest.json").is_file():
            return place
    raise FileNotFoundError(
        "the book's data must lie beside the package or inside it: found no "
        f"manifest.json near {_PACKAGE}; install selfattn again"
    )


def manifest() -> dict[str, dict]:
    """What the book ships: name -> its files, hashes, licence and origin.

    Each entry has `files` (a list of `file`, `sha256`, `bytes`), `about`,
    `licence`, `origin` and `script`.

    >>> manifest()["numbers"]["files"][0]["file"]
    'numbers.jsonl'
    """
    text = (folder() / "manifest.json").read_text(encoding="utf-8")
    return json.loads(text)


def names() -> list[str]:
    """The names that `load` knows, in alphabetical order.

    >>> "sentiment" in names()
    True
    """
    return sorted(manifest())


def load(name: str) -> Any:
    """Read one of the book's data sets.

    name            what comes back
    --------------  -------------------------------------------------------
    "sentiment"     {"train": [...], "valid": [...], "test": [...]}; each
                    item a dict: text, label, pattern, kind
    "numbers"       the same splits; each item a dict: words, digits, kind
    "i_saw_a_saw"   `Recording`: signal (n_samples,), rate_hz, text, words,
                    phonemes
    "social"        dict: names (12), features (4), vectors (12 rows of 4),
                    edges (pairs of row numbers)
    "karate"        dict: edges (78 pairs), faction (34 of 0 or 1),
                    factions (their names), leaders (one of each)
    "molecules"     dict: name -> dict: formula, atoms, bonds (pairs of atom
                    numbers), orders, smiles, cas

    `data/README.md` describes every field, and any data set that is not in
    this table. Each call reads anew, so what you change stays yours.

    Parameters
    ----------
    name : one of `names()`.

    Raises
    ------
    TypeError : the name is not a string.
    ValueError : no data set has that name, or a file was damaged.
    FileNotFoundError : a file is missing.

    >>> water = load("molecules")["water"]
    >>> water["atoms"], water["bonds"]
    (['O', 'H', 'H'], [[0, 1], [0, 2]])
    """
    if not isinstance(name, str):
        raise TypeError(
            "a data set's name must be a string: got "
            f"{type(name).__name__}; write load('sentiment'), for example"
        )
    entries = manifest()
    if name not in entries:
        near = difflib.get_close_matches(name, entries, n=1)
        known = near or sorted(entries)
        raise ValueError(
            f"a data set's name must be one of names(): got {name!r}; "
            f"{'did you mean' if near else 'choose from'} "
            f"{', '.join(repr(n) for n in known)}"
        )
    files = entries[name]["files"]
    parts = [_checked_bytes(name, file) for file in files]
    suffix = files[0]["file"].rsplit(".", 1)[-1]
    return _READERS[suffix](*parts)


def result(name: str) -> Any:
    """Read what a study measured: `results/<name>.json`.

    The scripts in `data/studies` write these files; they are not hashed,
    because running a study again changes them.

    Raises
    ------
    TypeError : the name is not a string.
    FileNotFoundError : no study of that name has been run.
    """
    if not isinstance(name, str):
        raise TypeError(
            "a result's name must be a string: got "
            f"{type(name).__name__}; give the name of a file in data/results"
        )
    path = folder() / "results" / f"{name}.json"
    if not path.is_file():
        have = sorted(p.stem for p in path.parent.glob("*.json"))
        raise FileNotFoundError(
            f"a result must have been measured first: found no {path.name}; "
            f"choose from {', '.join(have) or 'none yet'}, or run "
            f"data/studies/{name}.py"
        )
    return json.loads(path.read_text(encoding="utf-8"))


def _checked_bytes(name: str, entry: dict) -> bytes:
    path = folder() / entry["file"]
    fix = "install selfattn again, or in a checkout run git restore data"
    if not path.is_file():
        raise FileNotFoundError(
            f"data set {name!r} needs {entry['file']}: found no such file in "
            f"{path.parent}; {fix}"
        )
    raw = path.read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != entry["sha256"]:
        raise ValueError(
            f"{entry['file']} must be the file that was shipped "
            f"({entry['bytes']} bytes, sha256 {entry['sha256'][:12]}…): got "
            f"{len(raw)} bytes, sha256 {found[:12]}…; {fix}"
        )
    return raw


def _read_json(raw: bytes) -> Any:
    return json.loads(raw)


def _read_jsonl(raw: bytes) -> Any:
    """Records with a `split` come back grouped by it, others as a list."""
    records = [json.loads(line) for line in raw.splitlines() if line]
    if not all("split" in r for r in records):
        return records
    groups: dict[str, list] = {}
    for record in records:
        groups.setdefault(record.pop("split"), []).append(record)
    return groups


def _read_gz(raw: bytes) -> Any:
    return _read_jsonl(gzip.decompress(raw))


def _read_npz(raw: bytes) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(raw), allow_pickle=False) as stored:
        return {key: stored[key] for key in stored.files}


def _read_wav(raw: bytes, beside_raw: bytes) -> Recording:
    beside = json.loads(beside_raw)
    with wave.open(io.BytesIO(raw)) as w:
        rate_hz = w.getframerate()
        data = w.readframes(w.getnframes())
    signal = np.frombuffer(data, dtype="<i2").astype(np.float32) / 32768
    return Recording(
        signal,
        rate_hz,
        beside["text"],
        [Interval(*w) for w in beside["words"]],
        [Interval(*p) for p in beside["phonemes"]],
    )


_READERS: dict[str, Callable[..., Any]] = {
    "json": _read_json,
    "jsonl": _read_jsonl,
    "gz": _read_gz,
    "npz": _read_npz,
    "wav": _read_wav,
}
