"""What the browser keeps of the reader's progress, and what it refuses."""

from __future__ import annotations

import json

import pytest
from progress_rules import NOW, PASSED, Rules, file


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules()


def kept(rules, text, refuses="none"):
    """What `load` makes of a stored text; then what the storage holds."""
    return rules.eval(f"""(() => {{
      const fails = (doing) => {{
        if ({json.dumps(refuses)}.includes(doing)) {{
          throw Object.assign(new Error("no"), {{ name: "SecurityError" }});
        }}
      }};
      const box = {{}};
      const text = {json.dumps(text)};
      if (text !== null) box[bookProgress.KEY] = text;
      const hidden = (value) => ({{ enumerable: false, value }});
      Object.defineProperties(box, {{
        getItem: hidden((k) => (fails("get"), box[k] ?? null)),
        setItem: hidden((k, v) => (fails("set"), box[k] = v)),
        removeItem: hidden((k) => delete box[k]),
      }});
      const storage = () => (fails("name"), box);
      const found = bookProgress.load(storage, "{NOW}");
      const saved = found.keeps
        ? bookProgress.save(storage, found.state) : "";
      return {{ ...found, saved, box: {{ ...box }},
        aside: bookProgress.aside(storage) }};
    }})()""")


def test_nothing_kept_is_a_fresh_start(rules):
    found = kept(rules, None)
    assert found["note"] == found["saved"] == "" and found["keeps"]
    assert found["state"] == {"exercises": {}, "ticks": {}, "read": {}}


@pytest.mark.parametrize(
    ("text", "why", "left"),
    [
        ("{", "it is not JSON", {}),
        ("[]", "it is not a progress file", {}),
        (file().replace("1", "9", 1), "newer version of selfattn", {}),
        (
            file({"04.a": PASSED, "04.b": 1}),
            "1 of its entries is damaged",
            {"04.a": PASSED},
        ),
    ],
)
def test_a_damaged_store_is_set_aside_whole_and_said(rules, text, why, left):
    found = kept(rules, text)
    aside = f"selfattn-progress.set-aside-{NOW}"
    assert found["keeps"] and found["aside"] == 1
    assert found["box"][aside] == text
    assert why in found["note"] and aside in found["note"]
    assert found["state"]["exercises"] == left
    rest = "The other entries were kept" if left else "You start afresh"
    assert found["note"].endswith(rest + ".")


@pytest.mark.parametrize("refuses", ["name", "get", "set"])
def test_a_browser_that_keeps_nothing_is_told_and_survived(rules, refuses):
    found = kept(rules, file({"04.a": PASSED}), refuses)
    said = found["note"] + found["saved"]
    assert "could not store your progress (SecurityError)" in said
    assert found["keeps"] is (refuses == "set")
    found = kept(rules, "damaged", refuses)
    assert not found["keeps"] and "SecurityError" in found["note"]
    assert found["box"] == {"selfattn-progress": "damaged"}
