"""Light and dark: the system's choice, the reader's, and no flash of either.

Also the readers who want no motion, or colours of their own.
"""

from __future__ import annotations

import itertools
import re
from io import BytesIO

import pytest
from checkout import ROOT
from pages import chapters, every, settled, swept

pytestmark = pytest.mark.browser
CONTRAST = (ROOT / "tests/site/contrast.js").read_text("utf8")
OTHER = {"light": "dark", "dark": "light"}
GROUND = {"light": (255, 255, 255), "dark": (20, 24, 30)}
SHOWN = "document.documentElement.dataset.theme"
# Notes the scheme and the ground of every frame from the first one on.
FRAMES = """() => {
  window.frames_seen = [];
  const note = () => {
    const root = document.documentElement;
    if (root && document.body) {
      frames_seen.push([root.dataset.theme,
        getComputedStyle(document.body).backgroundColor]);
    }
    if (frames_seen.length < 30) requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}"""


def switch_to(page, scheme):
    """Press the page's switch until it shows a scheme by choice."""
    for _ in range(3):
        page.locator(".theme-switch-button").first.click()
        mode = page.evaluate("document.documentElement.dataset.mode")
        if mode == scheme:
            return
    raise AssertionError(f"the switch has no {scheme}")


@pytest.mark.parametrize(
    ("system", "stored"),
    swept(
        itertools.product(OTHER, (None, "light", "dark", "auto", "nonsense")),
        [("light", None), ("dark", None), ("light", "dark"), ("dark", "auto")],
    ),
)
def test_the_first_frame_already_has_the_right_scheme(
    served, visit, system, stored
):
    page = visit(f"{served}/search.html", color_scheme=system)
    if stored:
        # The colour of the last visit may be another than the system's now.
        page.evaluate(
            "([mode, theme]) => { localStorage.setItem('mode', mode);"
            " localStorage.setItem('theme', theme); }",
            [stored, OTHER[system]],
        )
    else:
        page.evaluate("localStorage.clear()")
    page.add_init_script(f"({FRAMES})()")
    page.goto(f"{served}/chapters/01_vector_sets.html")
    page.wait_for_function("frames_seen.length >= 10")
    wanted = stored if stored in GROUND else system
    ground = "rgb({}, {}, {})".format(*GROUND[wanted])
    frames = page.evaluate("frames_seen")
    assert {tuple(frame) for frame in frames} == {(wanted, ground)}


@pytest.mark.parametrize("name", every())
def test_the_scheme_is_set_in_the_head_before_anything_is_drawn(html, name):
    text = (html / f"{name}.html").read_text("utf8")
    head = text[: text.index("<body")]
    setting = re.search(
        r"<script>[^<]*prefers-color-scheme[^<]*dataset\.theme", head
    )
    assert setting
    sheet = re.search(r"<link[^>]*rel=\"?stylesheet", head)
    assert sheet and setting.start() < sheet.start()
    assert "<script src" not in head[: setting.start()]


def test_of_the_switchs_icons_the_one_that_holds_is_shown(html, visit):
    page = visit(html / "search.html")
    for mode in ("light", "dark", "auto"):
        switch_to(page, mode)
        shown = page.locator(".theme-switch").evaluate_all(
            "all => all.filter((icon) => icon.checkVisibility())"
            ".map((icon) => icon.dataset.mode)"
        )
        assert shown == [mode]


def test_a_choice_is_kept_across_pages_and_visits(served, visit):
    page = visit(f"{served}/chapters/index.html", color_scheme="light")
    switch_to(page, "dark")
    assert page.evaluate(SHOWN) == "dark"
    label = page.locator(".theme-switch-button").first
    assert label.get_attribute("aria-label") == "Colour scheme: dark"
    page.reload()
    assert page.evaluate(SHOWN) == "dark"
    page.goto(f"{served}/chapters/glossary.html")
    assert page.evaluate(SHOWN) == "dark"
    switch_to(page, "auto")
    assert page.evaluate(SHOWN) == "light"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{SHOWN} === 'dark'")


def test_a_browser_that_stores_nothing_still_follows_the_system(html, browser):
    page = browser.new_page(color_scheme="dark")
    page.add_init_script(
        """Object.defineProperty(window, 'localStorage', {
          get() { throw new DOMException('no', 'SecurityError'); } })"""
    )
    page.goto((html / "chapters/01_vector_sets.html").as_uri())
    assert page.evaluate(SHOWN) == "dark"
    page.close()


def test_without_scripts_a_page_is_light_and_readable(html, visit):
    page = visit(
        html / "chapters/04_attention.html",
        color_scheme="dark",
        java_script_enabled=False,
    )
    from PIL import Image

    drawn = Image.open(BytesIO(page.screenshot())).convert("L")
    colours = sorted(drawn.getcolors(256), reverse=True)
    assert colours[0][1] == 255 and drawn.getextrema()[0] < 60


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", OTHER)
def test_letters_in_drawings_can_be_read(html, visit, scheme):
    page = visit(html / "search.html", color_scheme=scheme)
    drawings = sorted((html / "_images").glob("*.svg"))
    assert len(drawings) > 10
    for drawing in drawings:
        page.goto(drawing.as_uri())
        page.evaluate(
            "g => { document.documentElement.style.background = g; }",
            "rgb({}, {}, {})".format(*GROUND[scheme]),
        )
        for told in page.evaluate(CONTRAST)[1]:
            visit.faults.append(f"{drawing.name}: {told}")


def test_drawings_follow_the_pages_switch_and_not_only_the_system(html, visit):
    from PIL import Image

    page = visit(html / f"{chapters()[0]}.html", color_scheme="light")
    figure = page.locator("img.chart").first
    figure.scroll_into_view_if_needed()

    def corner_and_ink():
        image = Image.open(BytesIO(figure.screenshot())).convert("L")
        return image.getpixel((1, 1)), image.getextrema()

    paper, (darkest, _) = corner_and_ink()
    assert paper > 240 and darkest < 100
    switch_to(page, "dark")
    page.wait_for_timeout(300)
    paper, (_, lightest) = corner_and_ink()
    assert paper < 60 and lightest > 150


@pytest.mark.parametrize("scheme", swept(OTHER, ["dark"]))
def test_with_forced_colours_controls_and_figures_stay(html, visit, scheme):
    page = visit(
        html / "chapters/04_attention.html",
        color_scheme=scheme,
        forced_colors="active",
    )
    settled(page)
    told = page.evaluate(
        """() => {
          const told = [];
          const seen = (e) => e.checkVisibility({visibilityProperty: true});
          for (const e of document.querySelectorAll(
              '.live button, .live select, .live-choice span')) {
            if (!seen(e)) continue;
            const style = getComputedStyle(e);
            if (style.borderStyle === 'none' && style.appearance === 'none')
              told.push(`no edge: ${e.outerHTML.slice(0, 80)}`);
          }
          for (const e of document.querySelectorAll(
              '.live-choice input:checked')) {
            const other = e.closest('fieldset').querySelector(
              'input:not(:checked)');
            const look = (i) => {
              const s = getComputedStyle(i.nextElementSibling);
              return s.backgroundColor + s.borderColor + s.outlineStyle +
                s.textDecorationLine + s.fontWeight;
            };
            if (seen(e) && other && look(e) === look(other))
              told.push(`chosen looks the same: ${e.value}`);
          }
          return told;
        }"""
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    assert told == []
