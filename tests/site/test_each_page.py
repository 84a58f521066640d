"""Each page is visited once, and asked everything that a reader may meet."""

from __future__ import annotations

import page_questions as ask
import pytest
from pages import every, settled, unfold
from test_page_weight import READ, SHIFT, WATCH, most, sizes

pytestmark = pytest.mark.browser
SHOWN = "document.documentElement.dataset.theme"
LARGE = "html { font-size: 200% !important; }"


def wide(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    return ask.too_wide(page) + ask.unreachable(page)


@pytest.mark.parametrize("name", every())
def test_a_page_is_sound(served, visit, name):
    """First on a phone in the dark, then on a desk in the light."""
    page = visit("about:blank", 360, color_scheme="dark", has_touch=True)
    page.add_init_script(WATCH)
    loaded = []
    page.on("requestfinished", lambda request: loaded.append(request))
    page.goto(f"{served}/{name}.html")
    page.evaluate(READ)
    moved = page.evaluate("window.shift")
    told = {"moved": page.evaluate("window.shifted") if moved > SHIFT else []}
    size = sizes(loaded)
    told["too heavy"] = size if sum(size.values()) > most(name) else []
    settled(page)
    told["for a finger"] = ask.too_small(page)
    unfold(page)
    told["at 360 px"] = wide(page, 360)
    told["for axe"] = ask.axe(page)
    told["in the dark"] = ask.faint(page, alike=True)
    assert page.evaluate(SHOWN) == "dark"

    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.wait_for_function(f"{SHOWN} === 'light'")
    told["in the light"] = ask.faint(page, alike=True)
    told["at 1280 px"] = wide(page, 1280)
    told["in order"] = ask.out_of_order(page)
    told["at rest"] = ask.gliding(page)
    page.add_style_tag(content=LARGE)
    told["twice as large"] = ask.too_wide(page)
    assert {what: found for what, found in told.items() if found} == {}
