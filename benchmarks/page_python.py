"""How long a reader waits for a report on the page, from a local server.

In a chapter's page, from the press of Check until the report stands: with
nothing cached, with Python's files in the browser's cache, and once Python
runs. The last also for every exercise with NumPy alone, from the worker,
with the right answer and with one that matches no known mistake.
"""

from __future__ import annotations

import gzip
import json
import statistics
import subprocess
import sys
from pathlib import Path

from . import browse
from .page import serving
from .stock import ROOT

FIRST = 5.0  # seconds to the first report, nothing cached
AGAIN = 0.3  # seconds to a report, once Python runs
RUNS = 5
PAGE, EXERCISE = "chapters/04_attention.html", "04.softmax"
# Presses Check, and gives the seconds until there is another report.
PRESS = """(id) => new Promise((done) => {
  const place = document.querySelector(`.solve[data-solve="${id}"]`);
  const report = place.querySelector(".solve-report");
  report.replaceChildren(); // the observer, made later, does not see this
  const begun = performance.now();
  new MutationObserver((_, watch) => {
    if (!report.firstChild) return;
    watch.disconnect();
    done([(performance.now() - begun) / 1000, report.textContent]);
  }).observe(report, {childList: true});
  place.querySelector(".solve-check").click();
})"""
BEGIN = """() => new Promise((done) => {
  const data = JSON.parse(document.getElementById("solve-data").textContent);
  const at = (name) => new URL(data[name], location.href).href;
  const source = `importScripts(${JSON.stringify(at("worker"))})`;
  window.python = new Worker(URL.createObjectURL(new Blob([source])));
  python.onmessage = ({data: said}) => said.is === "progress" || done(said.is);
  python.postMessage(
    {do: "start", runtime: at("folder"), files: data.files});
})"""
ASK = """([exercise, text, runs]) => new Promise((done) => {
  const taken = [];
  let begun;
  const ask = () => {
    begun = performance.now();
    python.postMessage({do: "check", number: 1, exercise, text});
  };
  python.onmessage = ({data: said}) => {
    taken.push((performance.now() - begun) / 1000);
    if (taken.length < runs && said.is === "report") ask();
    else done([said.status, taken]);
  };
  ask();
})"""


def press(page, text: str) -> float:
    """Seconds from Check to the report; the answer is right."""
    place = page.locator(f'.solve[data-solve="{EXERCISE}"]')
    place.scroll_into_view_if_needed()
    place.locator("xpath=..").locator("textarea").fill(text)
    seconds, said = page.evaluate(PRESS, EXERCISE)
    assert "passed" in said, said
    return seconds


def opened(browser, address: str, text: str) -> dict[str, list[float]]:
    """One reader: first visit, second visit, and a second check."""
    taken: dict[str, list[float]] = {}
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    for visit in ("nothing cached", "files cached"):
        page = context.new_page()
        page.goto(f"{address}/{PAGE}", wait_until="networkidle")
        taken[visit] = [press(page, text)]
        more = taken.setdefault("once started", [])
        more += [press(page, text) for _ in range(3)]
        page.close()
    context.close()
    return taken


def answers():
    """Every exercise's right answer, and one without a known mistake."""
    from selfattn import exercises

    for x in exercises.all():
        if x.tier == "numpy" and x.kind == "function":
            name = x.reference.__name__
            yield x.id, "passed", x.solution
            yield x.id, "wrong", f"def {name}(*a, **k):\n    return 0.123\n"


def every(page) -> list[tuple[float, str]]:
    """Seconds of a check in the worker, the middle of three, and of what."""
    assert page.evaluate(BEGIN) == "ready"
    found = []
    for name, status, text in answers():
        page.evaluate(ASK, [name, text, 1])  # its modules are loaded
        got, taken = page.evaluate(ASK, [name, text, 3])
        assert got == status, (name, status, got)
        found.append((statistics.median(taken), f"{name} ({status})"))
    return found


def weight(folder: Path, names) -> str:
    """The bytes of Python's files, as they are and packed."""
    files = [(folder / name).read_bytes() for name in names]
    packed = sum(min(len(f), len(gzip.compress(f, 6))) for f in files)
    return f"{sum(map(len, files)):,} bytes, packed {packed:,}"


def main() -> int:
    """Print the numbers; 1 when a budget is exceeded."""
    from selfattn import exercises

    if (program := browse.program()) is None:
        return 0
    subprocess.run(
        [sys.executable, str(ROOT / "tools" / "build_site.py")], check=True
    )
    html = ROOT / "_build" / "html"
    written = (html / PAGE).read_text("utf8")
    _, found, rest = written.partition('id="solve-data">')
    if not found:
        print("left out: the site was built without Python")
        return 0
    data = json.loads(rest.partition("</script>")[0])
    folder = html / Path(PAGE).parent / data["folder"]
    print(f"files    {weight(folder, data['files'])}")
    text, taken = exercises.get(EXERCISE).solution, {}
    with (
        serving(html) as address,
        browse.running(program) as browser,
    ):
        for _ in range(RUNS):
            for what, seconds in opened(browser, address, text).items():
                taken.setdefault(what, []).extend(seconds)
        page = browser.new_page()
        page.goto(f"{address}/{PAGE}")
        all_of_them = every(page)
    over = False
    budgets = {"nothing cached": FIRST, "once started": AGAIN}
    for what, seconds in taken.items():
        middle, budget = statistics.median(seconds), budgets.get(what)
        over |= budget is not None and middle > budget
        print(
            f"report   {what:15} {middle:5.2f} s ({min(seconds):.2f} to "
            f"{max(seconds):.2f})"
            + (f" (budget {budget} s)" if budget else "")
        )
    slowest, name = max(all_of_them)
    middle = statistics.median(seconds for seconds, _ in all_of_them)
    over |= slowest > AGAIN
    print(
        f"worker   median {middle:.2f} s over {len(all_of_them)} answers; "
        f"slowest {name} {slowest:.2f} s (budget {AGAIN} s)"
    )
    return int(over)


if __name__ == "__main__":
    raise SystemExit(main())
