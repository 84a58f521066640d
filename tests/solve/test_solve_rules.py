"""What is typed is kept, and never over newer text; what the page says."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from checkout import ROOT

from selfattn.grading.report import Status

SCRIPT = ROOT / "theme" / "static" / "solve_rules.js"
STORE = """
const made = (texts, limit = 1e9, refused = false) => {
  const kept = new Map(Object.entries(texts));
  const store = {
    getItem: (key) => kept.has(key) ? kept.get(key) : null,
    setItem(key, text) {
      if (text.length > limit) {
        const full = new Error(); full.name = "QuotaExceededError"; throw full;
      }
      kept.set(key, text);
    },
    removeItem: (key) => kept.delete(key),
  };
  const storage = () => {
    if (refused) {
      const no = new Error(); no.name = "SecurityError"; throw no;
    }
    return store;
  };
  return { storage, kept };
};
"""
KEY = "selfattn-typed.04.softmax"


@pytest.fixture(scope="module")
def script():
    quickjs = pytest.importorskip("quickjs")
    context = quickjs.Context()
    context.eval(SCRIPT.read_text("utf8") + STORE)

    def run(body: str):
        return json.loads(
            context.eval(f"JSON.stringify((() => {{ {body} }})() ?? null)")
        )

    return run


def keep(script, text, seen=None, texts=None, more=""):
    """What `keep` gives back, and what is in the store afterwards."""
    given = [json.dumps(one) for one in (texts or {}, text, seen)]
    return script(
        f"const {{ storage, kept }} = made({given[0]}{more});"
        f"const done = bookSolve.keep(storage, '04.softmax', {given[1]}, "
        f"'start', {given[2]}); return {{...done, kept: [...kept]}};"
    )


def test_a_text_is_kept_under_a_key_of_its_own(script):
    done = keep(script, "mine")
    assert done == {"seen": "mine", "failed": "", "kept": [[KEY, "mine"]]}


def test_the_starter_is_not_kept(script):
    done = keep(script, "start", "mine", {KEY: "mine"})
    assert done["seen"] is None and done["kept"] == []


@pytest.mark.parametrize("theirs", ["theirs", ""])
def test_newer_text_of_another_tab_is_never_overwritten(script, theirs):
    done = keep(script, "mine", "before", {KEY: theirs})
    assert done["other"] == theirs and done["seen"] == "before"
    assert done["kept"] == [[KEY, theirs]]


def test_a_reset_in_another_tab_is_noticed_too(script):
    done = keep(script, "mine", "before", {})
    assert done["other"] is None and done["kept"] == []


def test_the_same_text_in_two_tabs_is_no_conflict(script):
    done = keep(script, "mine", "before", {KEY: "mine"})
    assert "other" not in done and done["seen"] == "mine"


@pytest.mark.parametrize(
    ("more", "why"),
    [(", 3", "QuotaExceededError"), (", 9, true", "SecurityError")],
)
def test_a_full_or_refused_storage_is_told_in_one_sentence(script, more, why):
    done = keep(script, "mine and more", None, {}, more)
    assert why in done["failed"] and "until you leave" in done["failed"]
    assert done["kept"] == []


def test_a_text_without_end_is_not_kept(script):
    done = keep(script, "x" * 200_001)
    assert "very long" in done["failed"] and done["kept"] == []


def test_a_storage_that_cannot_be_named_reads_as_empty(script):
    read = "bookSolve.read(made({}, 9, true).storage, '04.softmax')"
    assert script(f"return {read}") is None


def test_loading_tells_bytes_and_seconds(script):
    progress = "{bytes: 3100000, of: 12400000, seconds: 2.4}"
    said = script(f"return bookSolve.loading({progress})")
    assert said == "3.1 of 12.4 MB, 2 s"
    nothing = "{bytes: 0, of: 0, seconds: 0}"
    assert script(f"return bookSolve.loading({nothing})") == "…"


def test_every_status_of_a_report_has_its_words(script):
    for status in get_args(Status):
        assert script(f"return bookSolve.isStatus('{status}')")
        assert script(f"return bookSolve.verdict('{status}')")
    assert not script("return bookSolve.isStatus('constructor')")
    assert script("return bookSolve.verdict('toString')") == ""
