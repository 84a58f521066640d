"""Live figures on a built page: by pointer, by keyboard, without a kernel."""

from __future__ import annotations

import functools
import http.server
import os
import re
import threading

import pytest
from live_book import figures_of_book, show_book  # noqa: F401
from live_page import drawn, rested

pytestmark = pytest.mark.browser


def told(page):
    return page.locator(".attention_playground .live-says").inner_text()


def result(page):
    return page.locator(".live-sums .live-b").inner_text()


# -------------------------------------------------------------- every home


@pytest.mark.parametrize(
    ("scheme", "colour"),
    [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 24, 30)")],
)
def test_figures_are_drawn_on_the_papers_own_colour(show, scheme, colour):
    page = show(color_scheme=scheme)
    paper = page.evaluate(
        "getComputedStyle(document.querySelector('.live')).backgroundColor"
    )
    assert paper == colour


def test_figures_also_move_over_http(show, figures):
    quiet = type(
        "Quiet",
        (http.server.SimpleHTTPRequestHandler,),
        {"log_message": lambda *_: None},
    )
    handler = functools.partial(quiet, directory=figures.parent)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        port = server.server_address[1]
        page = show(address=f"http://127.0.0.1:{port}/chapters/live.html")
        page.get_by_role("button", name="One dominates").click()
        rested(page)
        assert "“a” (3) dominates" in told(page)
    finally:
        server.shutdown()
        server.server_close()


def test_switches_of_different_figures_are_not_tied_together(show):
    page = show()
    groups = page.locator("fieldset.live-choice").count()
    assert groups == 10
    assert page.locator(".live-choice input:checked").count() == groups


def test_each_module_is_on_the_page_once_and_only_where_needed(figures):
    live = (figures / "live.html").read_text("utf8")
    assert live.count('id="live-module-matrix_stepper"') == 1
    assert live.count('<div class="selfattn-live" data-live="matrix_') == 2
    still = (figures / "still.html").read_text("utf8")
    assert "live-module" not in still and "live.js" not in still


def test_a_figure_that_fails_leaves_its_picture(figures, browser, tmp_path):
    broken = (figures / "live.html").read_text("utf8")
    broken = broken.replace(r"export default { render }", "throw 1")
    path = figures / f"broken-{os.getpid()}.html"
    path.write_text(broken, "utf8")
    page = browser.new_context().new_page()
    page.goto(path.as_uri())
    picture = page.locator(".live-static img").first
    page.wait_for_timeout(3300)  # it waits a while for the figure
    assert picture.is_visible()
    page.context.close()
    path.unlink()


def test_paper_shows_the_static_picture(show):
    page = show()
    page.emulate_media(media="print")
    assert page.locator(".live-static img").first.is_visible()
    assert not page.locator(".live").first.is_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_hardly_jumps_when_figures_start(show, width):
    page = show(width, ready=False)
    page.wait_for_selector(".live-on")
    for box in page.locator(".selfattn-live").all():
        style = "getComputedStyle(e).minHeight"
        kept = float(box.evaluate(f"e => parseFloat({style})"))
        assert abs(box.bounding_box()["height"] - kept) < 60


def test_nothing_glides_for_readers_who_want_no_motion(show):
    page = show(reduced_motion="reduce")
    bar = page.locator(".live-table td i").first
    assert bar.evaluate("e => getComputedStyle(e).transitionDuration") == "0s"


# -------------------------------------------------------------- playground


def test_a_walk_through_the_playground_by_keyboard(show):
    page = show()
    page.get_by_role("button", name="Skip").focus()
    seen = []
    for _ in range(16):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "document.activeElement.getAttribute('aria-label') ||"
                " document.activeElement.value ||"
                " document.activeElement.textContent"
            )
        )
        focus = page.evaluate(
            "(e => getComputedStyle(e.querySelector('.live-ring') ??"
            " e.nextElementSibling ?? e).cssText + "
            "(e.closest('.live') ? 'in' : 'out'))(document.activeElement)"
        )
        if focus.endswith("out"):
            break
    handles = ["key of I, 1", "key of saw, 2", "key of a, 3",
               "key of saw, 4", "query of I, 1"]  # fmt: skip
    assert seen[0] == "0"  # who asks
    assert seen[1:6] == handles
    assert seen[6:11] == ["Change the rules", "The sentence",
        "Two equal keys", "One dominates", "No preference"]  # fmt: skip

    query = page.get_by_role("slider", name="query of I, 1")
    query.focus()
    page.keyboard.press("ArrowUp")
    rested(page)
    assert query.get_attribute("aria-valuetext") == "(1, −0.9)"
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    rested(page)
    # As far as the plane goes, and what the summary says has changed.
    assert query.get_attribute("aria-valuetext") == "(2.5, −0.9)"
    assert "lead with 41" in told(page)


def test_dragging_a_key_moves_score_weight_and_output(show):
    page = show(has_touch=True)
    before = result(page)
    knob = page.get_by_role("slider", name="key of I, 1")
    knob.scroll_into_view_if_needed()
    box = knob.locator(".live-knob").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 60, steps=4)
    page.mouse.move(x + 60, y + 120, steps=4)
    page.mouse.up()
    drawn(page)
    text = knob.get_attribute("aria-valuetext")
    where = re.match(r"\((.*), (.*)\), score (.*), weight (.*)", text)
    kx, ky, score, weight = (
        float(part.replace("−", "-")) for part in where.groups()
    )
    assert kx > 0.5 and ky < 0
    assert score == pytest.approx(kx - ky, abs=0.01)
    assert weight > 0.3 and result(page) != before
    # A finger on the knob drags; elsewhere on the plane it scrolls.
    assert knob.evaluate("e => getComputedStyle(e).touchAction") == "none"
    plane = page.locator(".live-plane").first
    assert plane.evaluate("e => getComputedStyle(e).touchAction") == "auto"


def test_the_switches_of_the_playground(show):
    page = show()
    assert result(page) == "= (1.35, 2.84)"

    def choose(text):
        labels = page.locator(".attention_playground label", has_text=text)
        labels.first.click()
        drawn(page)

    choose("ReLU")
    assert result(page) == "= (2.00, 6.00)"
    choose("softmax")
    choose("left out")
    assert page.locator("tr.is-out td").last.inner_text() == "0.00"
    choose("included")
    choose("additive")
    scale = page.locator("fieldset", has_text="Divide by")
    assert scale.evaluate("e => e.disabled")
    choose("dot product")
    outputs = []
    for word in range(4):
        page.locator(".live-words label").nth(word).click()
        drawn(page)
        outputs.append(result(page))
    assert outputs[1] == outputs[3] == "= (2.45, 2.33)"
    assert len(set(outputs)) == 3


# ----------------------------------------------------------------- stepper


def test_a_walk_through_the_stepper_by_keyboard(show):
    page = show()
    figure = page.locator(".matrix_stepper").first
    figure.get_by_role("tab").first.focus()
    formulas = []
    for _ in range(7):
        formulas.append(figure.locator(".live-title b").inner_text())
        page.keyboard.press("ArrowRight")
        drawn(page)
    assert formulas == [
        "X", "Q = Wq X", "K = Wk X", "V = Wv X", "A = Kᵀ Q",
        "A′ = softmax(A)", "O = V A′",
    ]  # fmt: skip
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    drawn(page)
    # One Tab for the buttons each, one for the whole grid.
    cells = figure.get_by_role("gridcell")
    assert cells.count() == 16
    assert figure.locator('[role=gridcell][tabindex="0"]').count() == 1
    figure.locator('[role=gridcell][tabindex="0"]').focus()
    # The scores begin with the key that fits best.
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    rested(page)
    assert figure.locator(".live-sums").inner_text() == (
        "α₂,₃ = k³·q² = 1·1 + 1·2 = 3"
    )
    assert figure.locator(".is-left.is-used").all_inner_texts() == ["1", "1"]
    assert figure.locator(".is-top.is-used").all_inner_texts() == ["1", "2"]
    status = figure.locator(".live-hidden").inner_text()
    assert "Row 3, column 2, “saw” (2) asks, “a” (3) is asked" in status


def test_pointing_and_turning_show_the_same_sum(show):
    page = show()
    figure = page.locator(".matrix_stepper").first
    figure.get_by_role("tab").nth(4).click()
    figure.get_by_role("gridcell").nth(9).hover()
    drawn(page)
    assert "α₂,₃ = k³·q²" in figure.locator(".live-sums").inner_text()
    figure.locator("label", has_text="rows").click()
    drawn(page)
    assert figure.locator(".live-title b").inner_text() == "A = Q Kᵀ"
    assert figure.locator(".live-sums").inner_text() == (
        "α₂,₃ = q²·k³ = 1·1 + 2·1 = 3"
    )


def test_a_changed_input_runs_through_every_matrix(show):
    page = show()
    figure = page.locator(".matrix_stepper").first
    figure.get_by_label("a⁴, entry 1").fill("2")
    figure.get_by_role("button", name="Next").click()
    drawn(page)
    assert figure.get_by_role("gridcell").nth(3).inner_text() == "3"
    reset = figure.get_by_role("button", name="Numbers of the chapter")
    reset.click()
    drawn(page)
    assert figure.get_by_role("gridcell").nth(3).inner_text() == "1"
    assert reset.is_hidden()
    # The second figure on the page has a state of its own.
    other = page.locator(".matrix_stepper").nth(1)
    assert other.locator(".live-title b").inner_text() == "X"


# ------------------------------------------------------------------ frames


def test_window_hop_and_frame_by_keyboard_and_pointer(show):
    page = show()
    figure = page.locator(".frame_slider")
    assert figure.locator(".live-count").inner_text() == "116 frames"
    figure.get_by_label("hop").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    drawn(page)
    assert figure.locator(".live-count").inner_text() == "58 frames"
    figure.get_by_label("window").focus()
    page.keyboard.press("End")
    drawn(page)
    assert "400 numbers" not in figure.locator(".live-sums").inner_text()
    figure.get_by_text("end padded").click()
    rested(page)
    said = figure.get_by_role("status").inner_text()
    assert said.startswith("59 frames of 100 ms, one every 20 ms.")
    assert "One second of sound gives 50 frames, one minute 3000." in said
    strip = figure.locator(".live-strip").first
    strip.scroll_into_view_if_needed()
    box = strip.bounding_box()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 30)
    drawn(page)
    assert "28 of 59" in figure.locator(".live-slider").last.inner_text()
