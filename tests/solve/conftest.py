"""Python in the browser, away from any page of the book."""

from __future__ import annotations

import functools
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from checkout import ROOT

WORKER = ROOT / "theme" / "static" / "python_worker.js"
# `ask(message)` sends it and gives the next answer that is no progress.
PAGE = """<!doctype html><meta charset=utf-8><title>Python</title>
<link rel=icon href="data:,"><script>
let worker, answered;
const said = [];
function begin(folder, files) {
  worker?.terminate();
  worker = new Worker("python_worker.js");
  worker.onmessage = ({data}) => {
    said.push(data);
    if (data.is !== "progress") answered?.(data);
  };
  return ask({do: "start", runtime: new URL(folder, location).href, files});
}
function ask(message) {
  return new Promise((done) => { answered = done;
    worker.postMessage(message); });
}
function check(exercise, text, seed = null) {
  return ask({do: "check", number: 1, exercise, text, seed});
}
</script>"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_) -> None:
        """Not a word."""


@pytest.fixture(scope="session")
def python_site(tmp_path_factory) -> SimpleNamespace:
    """A folder with the worker, its files and a page; its address."""
    pytest.importorskip("sphinx")
    from selfattn_theme import runtime, runtime_files

    files = runtime_files.at_hand()
    if not files.paths:
        pytest.skip(files.told)
    folder = tmp_path_factory.mktemp("python")
    app = SimpleNamespace(outdir=folder, builder=SimpleNamespace(name="html"))
    runtime.find(app)
    runtime.write(app, None)
    shutil.copy(WORKER, folder)
    (folder / "index.html").write_text(PAGE, "utf8")
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=folder)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield SimpleNamespace(
        folder=Path(folder),
        address=f"http://127.0.0.1:{server.server_port}/",
        data=runtime.page_data(app),
    )
    server.shutdown()
    server.server_close()


@pytest.fixture
def begin(python_site):
    """Start Python on a page, anew where it runs: what the worker says."""

    def start(page) -> dict:
        data = python_site.data
        return page.evaluate(
            "([folder, files]) => begin(folder, files)",
            [data["folder"], data["files"]],
        )

    return start


@pytest.fixture
def python_page(python_site, visit, begin):
    """A page on which Python has started."""
    page = visit(python_site.address)
    ready = begin(page)
    assert ready["is"] == "ready", ready
    return page
