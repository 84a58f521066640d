"""Every chapter's page beside the same notebook in a stock Jupyter Book.

Bytes are counted as the browser has them, unpacked, after the page was read
to its end; packed bytes stand beside them. First contentful paint is taken
in turns, with a slow processor and network, the median of the ratios. What
the stock page loads from elsewhere comes without a network's delay, which
is in its favour.
"""

from __future__ import annotations

import gzip
import re
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from . import browse
from .stock import Elsewhere, build_ours, build_stock, counted

WEIGHT = 0.10  # of the stock page's bytes, its widget manager's among them
REST = 0.15  # of those without its widget manager
PAINT = 1.0  # of the stock page's first contentful paint
SHIFT = 0.01  # cumulative layout shift
RUNS = 7
WIDTHS = (360, 1280)
SLOWER = 4  # the processor
NETWORK = {  # 4 Mbit/s, 80 ms
    "offline": False,
    "latency": 80,
    "downloadThroughput": 500_000,
    "uploadThroughput": 200_000,
}
MANAGER = re.compile(r"html-manager|anywidget")  # what runs stock's widgets
PACKED = {".html", ".css", ".js", ".svg", ".json"}
WATCH = """
window.shift = 0;
new PerformanceObserver((seen) => {
  for (const entry of seen.getEntries())
    if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]"
# Playwright's own way evaluates text in the page, which its policy forbids.
UNTIL_PAINTED = f"""new Promise((done) => {{
  const look = () => {PAINTED} ? done() : setTimeout(look, 10);
  look();
}})"""
READ = """async () => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let y = 0; y < document.body.scrollHeight; y += 500) {
    window.scrollTo(0, y);
    await pause(20);
  }
  await pause(300);
}"""


@cache
def packed(path: Path, time: int) -> bytes:
    """The file as a host sends it; anew when it was written anew."""
    return gzip.compress(path.read_bytes(), 6, mtime=0)


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder as a public host does: text is packed."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        """A file, packed where that helps."""
        path = Path(self.translate_path(self.path))
        if path.suffix not in PACKED or not path.is_file():
            return super().do_GET()
        body = packed(path, path.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """A server that is not surprised when a browser leaves early."""

    daemon_threads = True

    def handle_error(self, *_):
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The folder at an address of this machine."""
    handler = partial(Handler, directory=str(folder))
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def opened(browser, elsewhere, width=1280, slow=False) -> Iterator:
    """A page with nothing cached; other hosts are answered for."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()

    def answer(route):
        body = elsewhere.answer(route.request.url)
        if body is None:
            return route.abort()
        head = {"Access-Control-Allow-Origin": "*"}
        kind = "text/javascript" if ".js" in route.request.url else "font/woff"
        route.fulfill(body=body, content_type=kind, headers=head)

    context.route(lambda url: "//127.0.0.1:" not in url, answer)
    if slow:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    try:
        yield page
    finally:
        context.close()


def weigh(browser, elsewhere, address: str) -> dict[str, int]:
    """Bytes, packed bytes and requests of a page that is read to its end."""
    found = {}
    with opened(browser, elsewhere) as page:
        page.on("requestfinished", lambda r: found.setdefault(r.url, r))
        page.goto(address, wait_until="networkidle")
        page.evaluate(READ)
        page.wait_for_load_state("networkidle")
        bodies = {
            url: request.response().body()
            for url, request in list(found.items())
            if url.startswith("http") and counted(url)
        }
    small = [
        min(len(body), len(gzip.compress(body, 6))) for body in bodies.values()
    ]
    return {
        "bytes": sum(map(len, bodies.values())),
        "packed": sum(small),
        "requests": len(bodies),
        "manager": sum(
            len(body) for url, body in bodies.items() if MANAGER.search(url)
        ),
    }


def paint(browser, elsewhere, address: str) -> float:
    """Milliseconds to the first contentful paint, slowed down."""
    with opened(browser, elsewhere, slow=True) as page:
        page.goto(address, wait_until="commit")
        page.evaluate(UNTIL_PAINTED)
        return page.evaluate(f"{PAINTED}.startTime")


def shift(browser, elsewhere, address: str, width: int) -> float:
    """How far things move while a page loads slowly and is read."""
    with opened(browser, elsewhere, width, slow=True) as page:
        page.add_init_script(WATCH)
        page.goto(address, wait_until="load")
        page.evaluate(READ)
        return page.evaluate("window.shift")


def measure(browser, elsewhere, ours: str, stock: str, runs: int) -> list[str]:
    """Print one chapter's lines; the budgets that it exceeds."""
    a, b = (weigh(browser, elsewhere, page) for page in (ours, stock))
    without = b["bytes"] - b["manager"]
    weight, rest = a["bytes"] / b["bytes"], a["bytes"] / without
    print(
        f"  weight   {a['bytes']:>9,} of {b['bytes']:>9,} bytes: "
        f"{weight:6.1%} (budget {WEIGHT:.0%})\n"
        f"           without the widget manager, of {without:>9,}: "
        f"{rest:6.1%} (budget {REST:.0%})\n"
        f"           packed {a['packed']:,} of {b['packed']:,}: "
        f"{a['packed'] / b['packed']:.1%}; requests {a['requests']} "
        f"and {b['requests']}"
    )
    times = [
        (paint(browser, elsewhere, ours), paint(browser, elsewhere, stock))
        for _ in range(runs)
    ]
    ratio = statistics.median(x / y for x, y in times)
    x, y = (statistics.median(column) for column in zip(*times, strict=True))
    print(
        f"  painted  {x:>5.0f} ms, stock {y:.0f} ms: ratio {ratio:.2f} "
        f"(budget {PAINT})"
    )
    moved = [
        [shift(browser, elsewhere, page, width) for width in WIDTHS]
        for page in (ours, stock)
    ]
    print(
        "  shift    "
        + ", ".join(
            f"{a:.4f} at {width} px (stock {b:.4f})"
            for width, a, b in zip(WIDTHS, *moved, strict=True)
        )
        + f" (budget {SHIFT})",
        flush=True,
    )
    return [
        name
        for name, over in (
            ("weight", weight > WEIGHT),
            ("weight without the manager", rest > REST),
            ("paint", ratio > PAINT),
            ("shift", max(moved[0]) > SHIFT),
        )
        if over
    ]


def main() -> int:
    """Print every chapter's numbers; 1 when a budget is exceeded."""
    from pages import chapters

    if (program := browse.program()) is None:
        return 0
    print("building the two sites …", flush=True)
    elsewhere, over = Elsewhere(), {}
    with (
        serving(build_ours()) as ours,
        serving(build_stock()) as stock,
        browse.running(program) as browser,
    ):
        for chapter in chapters():
            print(chapter, flush=True)
            pages = (f"{host}/{chapter}.html" for host in (ours, stock))
            if missed := measure(browser, elsewhere, *pages, RUNS):
                over[chapter] = missed
    for address, what in elsewhere.said.items():
        print(f"from elsewhere, stock only: {address}: {what}")
    for chapter, missed in over.items():
        print(f"over budget: {chapter}: {', '.join(missed)}")
    return int(bool(over))


if __name__ == "__main__":
    raise SystemExit(main())
