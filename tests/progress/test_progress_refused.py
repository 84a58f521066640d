"""Progress that is damaged, hostile or cannot be kept, on a built page."""

from __future__ import annotations

import json

import pytest
from progress_browser import (
    KEY,
    READY,
    RESULTS,
    again_with,
    chapter_of,
    figures,
    give,
    stored,
    tick,
)
from progress_rules import NOW, PASSED, WRONG, file

REFUSE = (
    "Storage.prototype.PART = ((old) => function (key, value) {"
    f"  if (String(key).startsWith('{KEY}'))"
    "    throw new DOMException('no', 'ERROR');"
    "  return old.call(this, key, value); })(Storage.prototype.PART);"
)


@pytest.fixture
def chapter(served, visit):
    """Open chapter 04 when its progress has started."""
    return chapter_of(served, visit)


@pytest.mark.browser
def test_a_damaged_store_is_set_aside_and_said(chapter):
    page = chapter()
    again_with(page, file({**RESULTS, "nonsense": 1}))
    page.wait_for_function(
        "document.querySelector('.book-progress-says')"
        ".textContent.includes('1 of its entries is dam')"
    )
    assert figures(page) == "✓1/10"
    [aside] = page.evaluate(
        "Object.keys(localStorage).filter((k) => k.includes('set-aside'))"
    )
    assert "nonsense" in stored(page, aside)
    assert page.locator(".book-progress-aside").is_visible()
    page.reload()
    page.wait_for_selector(READY)
    assert figures(page) == "✓1/10"
    again_with(page, "{")
    assert figures(page) == "0/10"
    tick(page, "04.attend").check()
    assert figures(page) == "○1/10"


HOSTILE = '<img src=x onerror="document.title=1"><script>alert(1)</script>'


FILES = [
    ("nonsense", "it is not JSON"),
    (b"\xff\xfe\x00", "it is not text"),
    (b" " * 1_000_001, "it is far too large"),
    ("[]", "it is not a progress file"),
    ('{"version": 0, "exercises": {}}', "its version is not a number"),
    ('{"version": 7, "exercises": {}}', "written by a newer version"),
    ('{"version": 1, "exercises": []}', "it lists no exercises"),
    (file({f"01.a{n}": PASSED for n in range(2001)}), "more than 2000"),
    (
        file(
            {
                HOSTILE: PASSED,
                "04.attend": {**PASSED, "attempts": 1e300},
                "__proto__": {"polluted": True},
                "constructor": PASSED,
                "04.coincide": {
                    **PASSED,
                    "__proto__": {"polluted": 1},
                    "last_at": HOSTILE,
                },
            }
        ),
        "0 of 0 exercises brought something new. 5 malformed",
    ),
    (
        '{"version": 1, "exercises": {"04.attend": '
        + "[" * 5000
        + "]" * 5000
        + "}}",
        "1 malformed, left out: “04.attend”",
    ),
]


@pytest.mark.browser
def test_a_hostile_file_changes_nothing_and_is_told(chapter):
    page = chapter()
    again_with(page, file(RESULTS, ticks={"04.attend": NOW}))
    before, title = json.loads(stored(page)), page.title()
    for text, said in FILES:
        assert said in give(page, text, name=f"{HOSTILE[:9]}.json")
        assert json.loads(stored(page)) == before, said
        assert figures(page) == "✓1 ○1/10", said
        assert page.title() == title, said
        assert page.evaluate("({}).polluted") is None, said
        assert page.locator(".book-progress img, .book-tick img").count() == 0


@pytest.mark.browser
def test_a_diagnosis_with_markup_stays_text(chapter):
    page = chapter()
    entry = {**WRONG, "last_diagnosis": HOSTILE}
    give(page, file({"04.softmax": entry}))
    place = page.locator("[data-exercise='04.softmax'] .book-graded")
    assert HOSTILE in place.text_content()
    assert place.locator("*").count() == 0 and page.title() != "1"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("refused", "error"),
    [
        (["getItem", "setItem"], "SecurityError"),
        (["setItem"], "QuotaExceededError"),
    ],
)
def test_without_storage_ticks_last_until_one_leaves(chapter, refused, error):
    page = chapter()
    for part in refused:
        page.context.add_init_script(
            REFUSE.replace("PART", part).replace("ERROR", error)
        )
    page.reload()
    page.wait_for_selector(READY)
    tick(page, "04.softmax").check()
    tick(page, "04.attend").check()
    assert figures(page) == "○2/10"
    page.wait_for_function(
        "error => document.querySelector('.book-progress-says').textContent"
        ".includes(`could not store your progress (${error})`)",
        arg=error,
    )
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export").click()
    kept = json.loads(waiting.value.path().read_text("utf8"))
    assert set(kept["ticks"]) == {"04.softmax", "04.attend"}
