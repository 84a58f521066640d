"""On a slow phone, read while it loads, a page does not move."""

from __future__ import annotations

import pytest
from pages import swept
from test_page_weight import SHIFT, WATCH

pytestmark = pytest.mark.browser
# A reader who is ahead of the scripts: the first figure stands at the upper
# edge, a third of it already gone, when it starts.
AHEAD = """
window.ahead = false;
requestAnimationFrame(function look() {
  const figure = document.querySelector("[data-live]");
  if (figure?.classList.contains("live-on")) return;
  if (figure) {
    window.ahead = true;
    const box = figure.getBoundingClientRect();
    window.scrollBy(0, box.top + box.height / 3);
  }
  requestAnimationFrame(look);
});
"""


def slow(page) -> None:
    """A net of 800 kbit/s and a processor of a quarter of this one's pace."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 200,
            "downloadThroughput": 100_000,
            "uploadThroughput": 100_000,
        },
    )
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})


@pytest.mark.parametrize("name", swept(["index", "04_attention"], ["index"]))
def test_nothing_moves_for_who_reads_ahead_of_the_scripts(served, visit, name):
    page = visit("about:blank", 360)
    page.add_init_script(WATCH + AHEAD)
    slow(page)
    page.goto(f"{served}/chapters/{name}.html", timeout=90_000)
    page.wait_for_selector("[data-live].live-on", timeout=60_000)
    page.wait_for_timeout(500)
    assert page.evaluate("window.ahead"), "the figure started before"
    moved = page.evaluate("window.shift")
    assert moved <= SHIFT, page.evaluate("window.shifted")
