"""The built site and a browser to look at it with: fixtures for tests."""

from __future__ import annotations

import functools
import itertools
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import chromium
import pytest
from checkout import ROOT

CHROMIUM = chromium.find()


def contents() -> list[str]:
    """Every page of the book in its order, as paths without an ending."""
    import yaml

    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    parts = [chapter for part in toc["parts"] for chapter in part["chapters"]]
    return [toc["root"]] + [chapter["file"] for chapter in parts]


def chapters() -> list[str]:
    """The pages that are notebooks."""
    return [p for p in contents() if re.match(r"chapters/\d\d_", p)]


def every() -> list[str]:
    """Every page that a reader can meet, also those that Sphinx adds."""
    return [*contents(), "search", "genindex"]


def swept(every: Iterable, daily: Sequence) -> list:
    """Parameters of which `make test` tries a few, `make test-sweep` all."""
    left = pytest.mark.sweep
    found = list(every)
    assert all(one in found for one in daily), daily
    return [
        one
        if one in daily
        else pytest.param(
            *(one if isinstance(one, tuple) else [one]), marks=left
        )
        for one in found
    ]


def small_book(folder: Path, pages: Mapping[str, str], more="") -> Path:
    """A book of these pages with the real theme; the first is its root.

    `more` goes to the end of its contents (_toc.yml).
    """
    (folder / "chapters").mkdir(parents=True)
    for name, text in pages.items():
        (folder / "chapters" / name).write_text(text, "utf8")
    first, *others = [f"chapters/{Path(name).stem}" for name in pages]
    toc = f"format: jb-book\nroot: {first}\n"
    if others and not more:
        more = "chapters:\n" + "".join(f"- file: {one}\n" for one in others)
    (folder / "_toc.yml").write_text(toc + more, "utf8")
    shutil.copy(ROOT / "_config.yml", folder)
    for part in ("theme", "selfattn/widgets"):
        shutil.copytree(ROOT / part, folder / part)
    return folder


def build(source: Path, target: Path) -> subprocess.CompletedProcess:
    """Build a book strictly, from nothing."""
    run = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", run, "build", str(source), "--all"]
    command += ["--path-output", str(target), "--warningiserror"]
    command += ["--keep-going", "--nitpick"]
    return subprocess.run(command, capture_output=True, text=True)


def build_once(factory, name: str, source: Path) -> Path:
    """The pages of a book, built once for all processes that test it."""
    from filelock import FileLock

    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with FileLock(shared / f"{name}.lock"):
        log = shared / f"{name}.log"
        if not log.exists():
            done = build(source, shared / name)
            log.write_text(
                f"{done.returncode}\n{done.stdout}{done.stderr}", "utf8"
            )
    status, _, said = log.read_text("utf8").partition("\n")
    assert status == "0", said[-3000:]
    assert "WARNING" not in said, said[-3000:]
    return shared / name / "_build" / "html"


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the built site, as `make site` builds it.

    Nothing is built where no source has changed since the last time.
    """
    pytest.importorskip("jupyter_book")
    from filelock import FileLock

    site = ROOT / "_build"
    site.mkdir(exist_ok=True)
    with FileLock(site / "site.lock"):
        done = subprocess.run(
            [sys.executable, str(ROOT / "tools" / "build_site.py")],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
    said = done.stdout + done.stderr
    assert done.returncode == 0 and "WARNING" not in said, said[-3000:]
    return site / "html"


@pytest.fixture(scope="session")
def served(html):
    """The address of the built site, served on this machine."""
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": _hush})
    handler = functools.partial(quiet, directory=html)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def _hush(*_) -> None:
    """Say nothing about requests."""


@pytest.fixture(scope="session")
def browser():
    """A running Chromium."""
    if CHROMIUM is None:
        pytest.skip(chromium.MISSING)
    pytest.importorskip("playwright")
    from playwright.sync_api import Page, sync_playwright

    # Playwright's own evaluates text inside the page, which the pages'
    # policy forbids, and rightly.
    Page.wait_for_function = until
    with sync_playwright() as driver:
        with driver.chromium.launch(
            executable_path=CHROMIUM, args=chromium.FLAGS
        ) as engine:
            yield engine


@pytest.fixture
def visit(browser):
    """Open a page by its address; fail if it complains or asks elsewhere.

    `visit(address, width=1280, wait=None, **context_options)`; `wait` is a
    selector that the page must show. What is found is in `visit.faults`.
    """
    contexts, faults = [], []

    def open_page(address, width=1280, wait=None, **options):
        address = getattr(address, "as_uri", lambda: address)()
        options.setdefault("viewport", {"width": width, "height": 900})
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        page.goto(address)
        if wait:
            page.wait_for_selector(wait)
        return page

    open_page.faults = faults
    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def until(page, expression: str, *, arg=None, timeout=30_000) -> None:
    """Wait until this is true in the page, or true of `arg`."""
    from playwright.sync_api import Error, TimeoutError

    end = time.monotonic() + timeout / 1000
    while time.monotonic() < end:
        try:
            if page.evaluate(expression, arg):
                return
        except Error as gone:  # the page is being left for another
            if "context was destroyed" not in gone.message:
                raise
        page.wait_for_timeout(15)
    raise TimeoutError(f"{timeout} ms passed, and it is not so: {expression}")


@pytest.fixture(scope="session")
def kept(browser):
    """Pages that stay open for the next test, by what each was opened with."""
    free = {}
    yield free
    for page, _ in itertools.chain(*free.values()):
        page.context.close()


@pytest.fixture
def revisit(browser, kept):
    """`visit`, in a page that another test has left: this saves a second.

    For tests that store nothing in the browser and add nothing to a page
    before it is loaded.
    """
    taken, faults = [], []

    def open_page(address, width=1280, wait=None, **options):
        address = getattr(address, "as_uri", lambda: address)()
        size = options.pop("viewport", {"width": width, "height": 900})
        free = kept.setdefault(repr(sorted(options.items())), [])
        if not free:
            page, told = browser.new_context(**options).new_page(), []
            watch(page, told)
            free.append((page, told))
        page, told = free.pop()
        told.clear()
        taken.append((free, page, told))
        page.set_viewport_size(size)
        page.goto(address)
        if wait:
            page.wait_for_selector(wait)
        return page

    yield open_page
    for free, page, told in taken:
        faults += told
        if not page.is_closed():
            page.goto("about:blank")
            page.mouse.up()
            page.mouse.move(0, 0)
            page.emulate_media(media="null")
            free.append((page, told))
    assert not faults, "\n".join(faults)


def settled(page) -> None:
    """Wait until fonts are there, figures have started, nothing glides."""
    page.wait_for_function(
        """() => document.fonts.status === 'loaded' &&
          [...document.querySelectorAll('[data-live]')].every(
            (figure) => figure.classList.contains('live-on'))"""
    )
    page.evaluate(
        "document.getAnimations().forEach((glide) => glide.finish())"
    )


def unfold(page) -> None:
    """Open every fold of the text: code, hints, solutions."""
    page.evaluate(
        """document.querySelectorAll('main details').forEach(
          (fold) => { fold.open = true; })"""
    )
    page.evaluate(
        "document.getAnimations().forEach((glide) => glide.finish())"
    )


def watch(page, faults: list[str]) -> None:
    """Note each complaint of a page, and each request to elsewhere."""
    page.on(
        "console",
        lambda m: m.type in ("error", "warning") and faults.append(m.text),
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "requestfailed",  # leaving a page early is no failure
        lambda r: (
            r.failure != "net::ERR_ABORTED"
            and faults.append(f"failed {r.url}: {r.failure}")
        ),
    )
    page.on(
        "request",
        lambda r: (
            r.url.startswith("http")
            and "//127.0.0.1:" not in r.url
            and faults.append(f"asked {r.url}")
        ),
    )
