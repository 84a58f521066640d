"""What the scripts in this folder share: how a data file is written.

Every script is called `make_<data set>.py` and is run as

    python data/make_numbers.py            # rewrites data/numbers.jsonl
    python data/make_numbers.py FOLDER     # writes FOLDER/numbers.jsonl

It gives the same bytes every time. Draw random numbers from
`random.Random(seed)`: Python keeps that stream between versions, NumPy does
not promise to. Files that the book ships are entered in make_manifest.py.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent


def target() -> Path:
    """The folder to write to: the first argument, or this folder."""
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    place.mkdir(parents=True, exist_ok=True)
    return place


def write_jsonl(path: Path, records: Iterable[dict]) -> None:
    """One record a line, UTF-8, newline at the end of every line."""
    lines = _lines(records)
    path.write_bytes("".join(lines).encode("utf-8"))
    print(f"{path.name}: {len(lines)} records")


def write_jsonl_gz(path: Path, records: Iterable[dict]) -> None:
    """The same, compressed; another zlib may pack the same lines otherwise."""
    lines = _lines(records)
    packed = gzip.compress("".join(lines).encode("utf-8"), 9, mtime=0)
    path.write_bytes(packed)
    print(f"{path.name}: {len(lines)} records")


def _lines(records: Iterable[dict]) -> list[str]:
    return [json.dumps(r, ensure_ascii=False) + "\n" for r in records]


def write_json(path: Path, value: object) -> None:
    """One value, indented, with lists of plain values kept on one line."""
    path.write_bytes((_pretty(value, "") + "\n").encode("utf-8"))
    print(f"{path.name}: written")


def _pretty(value: object, indent: str) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(flat) <= 72 or not isinstance(value, (dict, list)):
        return flat
    deeper = indent + "  "
    if isinstance(value, list):
        parts = [_pretty(v, deeper) for v in value]
        ends = "[", "]"
    else:
        parts = [
            json.dumps(k, ensure_ascii=False) + ": " + _pretty(v, deeper)
            for k, v in value.items()
        ]
        ends = "{", "}"
    return (
        f"{ends[0]}\n{deeper}"
        + f",\n{deeper}".join(parts)
        + f"\n{indent}{ends[1]}"
    )
