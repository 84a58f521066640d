"""Build the book's pages into _build/html, strictly: a warning is an error.

    python tools/build_site.py [--all]

Nothing is built when no source has changed since the last good build. A
build that failed leaves no cache behind: Sphinx would not repeat a warning
about a page that it has already read, and the next build would pass.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "_build"
PAGE = BUILD / "html" / "index.html"
STAMP = BUILD / "site.stamp"
# What the pages are made of. A change in `PAGES` rebuilds those pages, a
# change in anything else rebuilds all of them.
PAGES = ["chapters"]
REST = ["*.md", "_config.yml", "_toc.yml", "requirements.txt", "theme"]
REST += ["selfattn", "data", "tools"]


def sources(names: list[str]) -> list[Path]:
    """Every file under the given folders, or matching the given patterns."""
    found: list[Path] = []
    for name in names:
        for path in ROOT.glob(name):
            found += path.rglob("*") if path.is_dir() else [path]
    hidden = {"__pycache__", ".ipynb_checkpoints"}
    return sorted(
        path
        for path in set(found)
        if path.is_file() and not hidden & set(path.parts)
    )


def digest(paths: list[Path]) -> str:
    """One hash for the names and contents of the files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def python_files():
    """Where the files of the pages' Python are: a module of the theme."""
    path = ROOT / "theme" / "selfattn_theme" / "runtime_files.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def fingerprint(runtime: str) -> dict[str, str]:
    """What the pages are made of; `runtime` is the hash of their Python."""
    pages = sources(PAGES)
    return {
        "pages": digest(pages),
        "names": hashlib.sha256(
            "\0".join(map(str, pages)).encode()
        ).hexdigest(),
        "rest": digest(sources(REST)),
        "python": sys.version,
        "runtime": runtime,
    }


def last_build() -> dict[str, str]:
    try:
        return json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def build(everything: bool, builder: str = "html") -> int:
    """Run Jupyter Book; its exit status."""
    run = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", run, "build", "."]
    command += ["--path-output", str(ROOT), "--builder", builder]
    command += ["--warningiserror", "--keep-going", "--nitpick", "--quiet"]
    return subprocess.run(
        command + (["--all"] if everything else []), cwd=ROOT
    ).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--all", action="store_true", help="build every page anew"
    )
    parser.add_argument(
        "--links", action="store_true", help="only try the links to elsewhere"
    )
    options = parser.parse_args()
    if options.links:
        return build(everything=True, builder="linkcheck")
    begun = time.monotonic()
    runtime = python_files().fetched()
    print(runtime.told, flush=True)
    now, before = fingerprint(runtime.digest()), last_build()
    if now == before and PAGE.exists() and not options.all:
        print("The site is up to date: no source has changed.")
    else:
        steady = all(
            now[key] == before.get(key) for key in now.keys() - {"pages"}
        )
        everything = options.all or not steady or not PAGE.exists()
        print(
            f"Building {'every page' if everything else 'what changed'} …",
            flush=True,
        )
        STAMP.unlink(missing_ok=True)
        if everything:
            shutil.rmtree(BUILD / "html", ignore_errors=True)
        if status := build(everything):
            shutil.rmtree(BUILD / ".doctrees", ignore_errors=True)
            print(
                "The site was not built: mend the warnings above.",
                file=sys.stderr,
            )
            return status
        STAMP.write_text(json.dumps(now), "utf-8")
        print(f"The site is built ({time.monotonic() - begun:.1f} s).")
    print(f"Open {PAGE.as_uri()}")
    print("  or run `make serve` and open http://127.0.0.1:8000/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
