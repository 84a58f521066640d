"""The page to compare with: Jupyter Book as it comes, same notebooks.

Its scripts from elsewhere are served at their real size, taken from the
packages that the page's own addresses name. A live figure is stored there as
Jupyter stores any widget, or the stock page could not show it at all.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRATCH = ROOT / "_build" / "bench"
CONFIG = 'title: Self-Attention\nexecute:\n  execute_notebooks: "off"\n'
# https://cdn.jsdelivr.net/npm/mathjax@3/es5/x.js, https://unpkg.com/…
ELSEWHERE = re.compile(
    r"https?://(?:cdn\.jsdelivr\.net/npm|unpkg\.com)/"
    r"((?:@[\w.-]+/)?[\w.-]+)(?:@([\w.^~*-]+))?/([^\s\"'?#]+)"
)
# require.js names no package in the address, and the package has only its
# long form: that one runs, and counts nothing.
CLOUDFLARE = re.compile(
    r"https?://cdnjs\.cloudflare\.com/ajax/libs/require\.js/([\d.]+)/"
    r"require(?:\.min)?\.js"
)
LIVE = re.compile(
    r'data-live="(\w+)">\s*<script type="application/json">(.*?)</script>',
    re.S,
)
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
# Bytes of files of the packages, for a machine without the registry:
# mathjax 3.2.2, as published.
RECORDED = {
    "tex-mml-chtml.js": 1_173_007,
    "MathJax_Zero.woff": 1_368,
    "MathJax_Main-Regular.woff": 34_160,
    "MathJax_Math-Italic.woff": 19_360,
    "MathJax_Size1-Regular.woff": 5_792,
    "MathJax_Size2-Regular.woff": 5_464,
    "MathJax_AMS-Regular.woff": 40_808,
}


def book(config: str, source: Path, target: Path) -> Path:
    """Build a book leniently; the folder of its pages.

    Raises
    ------
    RuntimeError : it was not built; the message ends as the builder's did.
    """
    run = "from jupyter_book.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", run, "build", str(source), "--quiet"]
        + ["--path-output", str(target), "--config", config],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-800:] + done.stderr[-800:])
    return target / "_build" / "html"


def model(kind: str, module: str, version: str, state: dict) -> dict:
    """A widget's entry in a notebook's metadata."""
    return {
        "model_name": kind,
        "model_module": module,
        "model_module_version": version,
        "state": state,
    }


def as_widgets(notebook: dict) -> dict:
    """The notebook with its live figures stored as Jupyter stores widgets.

    `make notebooks` leaves that form out; here it is made again from the
    figure's state, its module and its style sheet.
    """
    from selfattn import widgets

    models = {}
    outputs = [o for c in notebook["cells"] for o in c.get("outputs", [])]
    for output in outputs:
        html = "".join(output.get("data", {}).get("text/html", ""))
        if found := LIVE.search(html):
            name, state = found.groups()
            number = f"{len(models):032x}"
            layout = f"{len(models) + 1:032x}"
            models[number] = model(
                "AnyModel",
                "anywidget",
                "~0.9.*",
                {
                    **json.loads(state),
                    "_state_names": sorted(json.loads(state)),
                    "_esm": widgets.module(name),
                    "_css": widgets.style(name),
                    "_view_module": "anywidget",
                    "_view_module_version": "~0.9.*",
                    "_view_name": "AnyView",
                    "layout": f"IPY_MODEL_{layout}",
                },
            )
            models[layout] = model(
                "LayoutModel", "@jupyter-widgets/base", "2.0.0", {}
            )
            output["data"] = {
                VIEW: {
                    "model_id": number,
                    "version_major": 2,
                    "version_minor": 0,
                }
            }
    if models:
        stored = {"version_major": 2, "version_minor": 0, "state": models}
        notebook["metadata"]["widgets"] = {STATE: stored}
    return notebook


def build_stock() -> Path:
    """The stock site from the same chapters, in a folder of its own."""
    source = SCRATCH / "stock"
    shutil.rmtree(source, ignore_errors=True)
    skip = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
    shutil.copytree(ROOT / "chapters", source / "chapters", ignore=skip)
    for path in (source / "chapters").glob("*.ipynb"):
        notebook = as_widgets(json.loads(path.read_text("utf8")))
        path.write_text(json.dumps(notebook), "utf8")
    shutil.copy(ROOT / "_toc.yml", source)
    (source / "_config.yml").write_text(CONFIG, "utf8")
    pages = book(str(source / "_config.yml"), source, source)
    for path in pages.rglob("*.html"):  # the long form has another hash
        text = re.sub(r' integrity="[^"]*"', "", path.read_text("utf8"))
        path.write_text(text, "utf8")
    return pages


def build_ours() -> Path:
    """This book's site, apart from the one that `make site` writes."""
    target = SCRATCH / "ours"
    shutil.rmtree(target, ignore_errors=True)
    return book(str(ROOT / "_config.yml"), ROOT, target)


def counted(address: str) -> bool:
    """Whether a request's bytes count."""
    return not CLOUDFLARE.match(address)


class Elsewhere:
    """Answers what the stock page asks of other hosts.

    `said` tells, once each, which files come from a package and which
    stand in for one at their recorded size.
    """

    def __init__(self):
        self.said: dict[str, str] = {}
        self.packages = SCRATCH / "packages"

    def answer(self, address: str) -> bytes | None:
        """The file at an address, or None where nothing is known of it."""
        if named := ELSEWHERE.match(address):
            name, wanted, path = named.groups()
        elif named := CLOUDFLARE.match(address):
            name, wanted, path = "requirejs", named[1], "require.js"
        else:
            self.said[address] = "unknown: left out, in the page's favour"
            return None
        folder = self._unpacked(name, wanted or "latest")
        for file in self._candidates(folder, path):
            if file.is_file():
                size = f"{file.stat().st_size:,} bytes"
                free = not counted(address)
                self.said[address] = "runs, not counted" if free else size
                return file.read_bytes()
        size = RECORDED.get(Path(path).name)
        if size is None:
            self.said[address] = "not at hand: left out, in its favour"
            return None
        self.said[address] = f"{size:,} bytes, as recorded (no registry)"
        filled = b"/*" + b" " * (size - 4) + b"*/"
        return filled if path.endswith(".js") else b" " * size

    @staticmethod
    def _candidates(folder: Path | None, path: str):
        if folder is not None:
            yield folder / path
            yield folder / f"{path}.js"

    def _unpacked(self, name: str, wanted: str) -> Path | None:
        label = hashlib.sha256(f"{name}@{wanted}".encode()).hexdigest()[:12]
        folder = self.packages / label
        if not folder.exists():
            self._fetch(f"{name}@{wanted}", folder)
        return folder / "package" if any(folder.iterdir()) else None

    @staticmethod
    def _fetch(package: str, folder: Path) -> None:
        folder.mkdir(parents=True)
        npm = shutil.which("npm")
        if npm is None:
            return
        done = subprocess.run(
            [npm, "pack", package, "--silent"],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        for archive in folder.glob("*.tgz") if done.returncode == 0 else ():
            with tarfile.open(archive) as packed:
                for member in packed.getmembers():
                    inside = (folder / member.name).resolve()
                    if member.isfile() and folder in inside.parents:
                        packed.extract(member, folder)
            archive.unlink()
