"""Python in the built site: its folder, and what pages must know of it.

`runtime_files` finds Pyodide and NumPy, `page_wheel` makes the package's
wheel. All of it lies in one folder, named after what is in it, so that a
browser never keeps an old file under a new page. No page loads any of it
before the reader asks for a check.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from . import byte_code, page_wheel, runtime_files

PACKAGE = Path(__file__).resolve().parents[2] / "selfattn"
FOLDER = "python-"  # and the beginning of a hash
WHEEL = "selfattn.whl"
LIBRARY = "python_stdlib.zip"


def find(app) -> None:
    """Before pages are read: whether there are files, and the wheel."""
    app.book_python = None
    files = runtime_files.at_hand()
    # A book without the grader, as in tests of the theme, has no editors.
    if not files.paths or not (PACKAGE / "grading" / "on_page.py").is_file():
        return
    wheel = _with_byte_code(page_wheel.wheel(PACKAGE))
    paths = dict(files.paths)
    if source := paths.get(LIBRARY):
        made_of = source.read_bytes() + byte_code.COMPILE.encode()
        name = f"library-{hashlib.sha256(made_of).hexdigest()[:16]}.zip"
        paths[LIBRARY] = byte_code.library(
            source, runtime_files.cache().with_name(name)
        )
    files = runtime_files.Files(paths, files.told)
    total = hashlib.sha256(files.digest().encode() + wheel)
    sizes = {name: path.stat().st_size for name, path in files.paths.items()}
    app.book_python = {
        "folder": f"{FOLDER}{total.hexdigest()[:16]}",
        "sizes": {**sizes, WHEEL: len(wheel)},
        "paths": files.paths,
        "wheel": wheel,
    }


def _with_byte_code(wheel: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.whl"
        source.write_bytes(wheel)
        return byte_code.package(source, source.with_name(WHEEL)).read_bytes()


def page_data(app) -> dict | None:
    """What a page with editors must know; None where there is no Python.

    folder, worker : addresses from the root of the site
    files : name -> bytes, as the worker loads them
    seconds : that a check may take
    time_up, stopped, ended, not_started : what the page itself has to say,
        in blocks as `selfattn.grading.report` takes them
    """
    found = app.book_python
    if found is None:
        return None
    from selfattn.grading import limits
    from selfattn.grading.messages import flow, page

    time = limits.in_words(limits.PAGE_SECONDS)
    return {
        "folder": f"{found['folder']}/",
        "worker": "_static/python_worker.js",
        "files": found["sizes"],
        "seconds": limits.PAGE_SECONDS,
        "time_up": flow.too_long(time, ""),
        "stopped": page.STOPPED,
        "ended": page.ENDED,
        "not_started": page.NOT_STARTED,
    }


def write(app, exception) -> None:
    """Put the files into the site, and take those of earlier builds out."""
    if exception or app.builder.name != "html":
        return
    found, out = app.book_python, Path(app.outdir)
    for old in out.glob(f"{FOLDER}*"):
        if found is None or old.name != found["folder"]:
            shutil.rmtree(old)
    if found is None:
        return
    folder = out / found["folder"]
    folder.mkdir(exist_ok=True)
    for name, path in found["paths"].items():
        if not (folder / name).exists():
            shutil.copyfile(path, folder / name)
    (folder / WHEEL).write_bytes(found["wheel"])
