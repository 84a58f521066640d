"""Pack the built pages into one file that works offline.

    python tools/zip_site.py [FOLDER] [FILE]

The same pages make the same bytes: names are sorted, and every file has one
time and one mode. Left out is what no page loads: source maps, notes of the
build, templates.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "_build" / "html"
TARGET = ROOT / "_build" / "selfattn-offline.zip"
TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows


def belongs(name: Path) -> bool:
    """Whether a reader needs this file of the site.

    Python for the pages does not start from disk.
    """
    return not (
        name.parts[0].startswith("python-")
        or any(part.startswith(".") for part in name.parts)
        or name.suffix in (".map", ".zip", ".pyc")
        or (name.parts[0] == "_static" and name.suffix == ".html")
        or (name.suffix == ".js" and name.name == "fontawesome.js")
    )


def pack(pages: Path, target: Path) -> int:
    """Write the archive in one step; return how many files it holds.

    Raises FileNotFoundError where there is no built site.
    """
    if not (pages / "index.html").is_file():
        raise FileNotFoundError(
            f"the offline copy is made of a built site: got {pages}, which "
            "has no index.html; run `make site` first"
        )
    names = [p.relative_to(pages) for p in pages.rglob("*") if p.is_file()]
    names = sorted(filter(belongs, names), key=Path.as_posix)
    unfinished = target.with_suffix(".unfinished")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name.as_posix(), TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            entry.external_attr = 0o644 << 16
            data = (pages / name).read_bytes()
            archive.writestr(entry, data, compresslevel=9)
    unfinished.replace(target)
    return len(names)


def main() -> int:
    """Pack, and say where it is and how large."""
    given = [Path(argument) for argument in sys.argv[1:3]]
    pages, target = given + [PAGES, TARGET][len(given) :]
    try:
        count = pack(pages, target)
    except FileNotFoundError as problem:
        print(problem, file=sys.stderr)
        return 1
    size = target.stat().st_size
    print(f"{target}: {count} files, {size / 1e6:.1f} MB")
    print("Unpack it anywhere and open its index.html.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
