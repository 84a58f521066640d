"""Chapter 06's live figure: heads to silence, and what is said without."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest
from figure_engine import Engine
from live_page import (
    drawn,
    opener,
    told,
)

from selfattn import data, reference
from selfattn.widgets import HeadKnockout

STUDY = data.result("head_knockout")
TEST = data.load("tagged")["test"]
RUN = STUDY["heads"]["4"][0]
SETS = [[h for h in range(4) if n >> h & 1] for n in range(16)]


@pytest.fixture(scope="module")
def heads():
    return Engine("head_knockout")


@pytest.fixture(scope="module")
def shown():
    return HeadKnockout(RUN, STUDY["tags"], TEST)


def invented(seed, length=7, tags=("ADJ", "NOUN", "VERB", "X")):
    """A model that never was: softmax weights and answers at random."""
    rng = np.random.default_rng(seed)
    q, k = rng.normal(size=(2, 4, length, 3))
    weights = reference.softmax(reference.dot_scores(q, k))  # (H, L, L)
    said = rng.dirichlet(np.ones(len(tags)), size=(16, length))
    # Most silenced sets change nothing, as in a trained model.
    said[rng.random(16) < 0.7] = said[0]
    words = [f"w{j}" for j in range(length)]
    sentence = {
        "words": words,
        "weights": weights.tolist(),
        "said": said.tolist(),
    }
    truth = [tags[i] for i in said[0].argmax(axis=-1)]
    record = {
        "words": " ".join(words),
        "tags": " ".join(truth),
        "ambiguous": [[2, -1]],
    }
    run = {
        "seed": seed,
        "sentences": [sentence],
        "silenced": [{"ambiguous": n / 16} for n in range(16)],
    }
    return HeadKnockout(run, tags, [record]), weights, said


# ------------------------------------------------- what JavaScript computes


@pytest.mark.parametrize("seed", range(4))
def test_rows_hold_the_weights_and_the_answers_of_the_model(heads, seed):
    figure, weights, said = invented(seed)
    state = figure.state()
    for n, gone in enumerate(SETS):
        for asks in (0, 3, 6):
            rows = heads("rows", {**state, "gone": gone, "asks": asks})
            got = np.array([row["weights"] for row in rows])  # (L, H)
            expected = weights.round(3)[:, asks].T
            np.testing.assert_allclose(got, expected, atol=1e-6)
            for j, row in enumerate(rows):
                assert row["tag"] == figure.tags[said[n, j].argmax()]
                assert row["was"] == figure.tags[said[0, j].argmax()]
                assert row["changed"] == (row["tag"] != row["was"])
                assert row["right"] == (row["tag"] == row["was"])
                assert row["sure"] == pytest.approx(
                    said[n, j].max(), abs=0.005 + 1e-6
                )


def test_sets_of_heads_are_numbers_as_in_the_study(heads):
    for n, gone in enumerate(SETS):
        assert heads("setOf", gone) == heads("setOf", gone[::-1]) == n
        assert heads("headsOf", n) == gone


@pytest.mark.parametrize("seed", range(6))
def test_the_heads_that_carry_an_answer_by_trying_all_sets(heads, seed):
    figure, _, said = invented(seed)
    for word in range(7):
        expected = []
        for size in range(1, 5):
            for gone in combinations(range(4), size):
                n = sum(2**h for h in gone)
                if said[n, word].argmax() != said[0, word].argmax():
                    expected.append(list(gone))
            if expected:
                break
        got = heads("carriers", figure.sentences[0], word)
        assert sorted(got) == sorted(expected)
        assert sorted(figure.carriers(0, word)) == sorted(expected)


# ------------------------------------------------------- what figures say


def say(heads, figure, **settings):
    return heads("describe", {**figure.state(), **settings})


def test_it_starts_with_all_heads_and_the_first_saw(heads, shown):
    assert shown.seed == 0 and len(shown.html()) < 60_000
    assert say(heads, shown) == (
        "With all 4 heads, all 5 tags are right. No head carries “saw” (2)"
        " alone: 2 must be silenced before its tag changes, heads 1 and 3. It"
        " looks most: head 0 at “saw” (4), 0.54; head 1 at “I” (1), 0.94;"
        " head 2 at “.” (5), 0.53; head 3 at “I” (1), 0.80."
    )


def test_what_the_chapter_invites_to_try_is_so(heads, shown):
    # Its every tag survives the loss of any one head.
    for sentence in shown.sentences:
        for n in (1, 2, 4, 8):
            assert sentence["said"][n] == sentence["said"][0]
    both = say(heads, shown, gone=[1, 3], asks=3, shown=1)
    assert both.startswith(
        "Without heads 1 and 3, “saw” (2) is called a noun, which is wrong;"
        " “saw” (4) is called a verb, which is wrong; 3 of 5 tags are right."
    )
    assert both.endswith("It looks most: head 1 at “a” (3), 0.86.")
    hammers = say(heads, shown, sentence=1, asks=10, gone=[0, 1, 2, 3])
    assert hammers.startswith(
        "Without any head, no tag changes: all 12 tags are right. “hammers”"
        " (11) is a verb whichever heads are silent: 0 heads carry it."
    )
    chalk = say(heads, shown, sentence=2, asks=0)
    assert "4 must be silenced before its tag changes" in chalk
    assert say(heads, shown, sentence=2, asks=0, gone=[0, 1, 2, 3]).startswith(
        "Without any head, “chalk” (1) is called a verb"
    )


def test_a_single_head_can_carry_an_answer(heads):
    found = [
        (figure, i, j)
        for run in STUDY["heads"]["4"]
        for figure in [HeadKnockout(run, STUDY["tags"], TEST)]
        for i, s in enumerate(figure.sentences)
        for j in range(len(s["words"]))
        if [len(heads) for heads in figure.carriers(i, j)][:1] == [1]
    ]
    figure, i, j = found[0]
    (head,) = figure.carriers(i, j)[0]
    said = say(heads, figure, sentence=i, asks=j, gone=[head])
    assert f"Without head {head}, “" in said
    assert "hangs on a single head: silence head" in said


def test_the_share_of_the_test_set_is_that_of_the_study(heads, shown):
    for n, gone in enumerate(SETS):
        text = heads("overall", {**shown.state(), "gone": gone})
        share = 100 * RUN["silenced"][n]["ambiguous"]
        expected = f"{share + 1e-9:.1f}\u00a0%"
        assert f", {expected} of the ambiguous words" in text
    assert "with all, 97.0" in text


# ------------------------------------------------------------ bad input


def test_a_sentence_without_its_tags_is_refused():
    with pytest.raises(ValueError, match="right tags must be in records"):
        HeadKnockout(RUN, STUDY["tags"], TEST[:1])


def test_a_model_with_other_heads_than_answers_is_refused():
    sentence = {**RUN["sentences"][0]}
    sentence["said"] = sentence["said"][:8]
    with pytest.raises(ValueError, match=r"got \(8, 5, 11\) for 4 heads"):
        HeadKnockout({**RUN, "sentences": [sentence]}, STUDY["tags"], TEST)


# ------------------------------------------------------------- on the page


@pytest.fixture
def show(html, visit):
    return opener(html, visit, "06_multi_head", ".head_knockout")


def tags(figure):
    return [
        re.sub(r"\s+", " ", text)
        for text in figure.locator(".live-tag").all_inner_texts()
    ]


@pytest.mark.browser
def test_a_walk_through_the_heads_by_keyboard(show):
    page, figure = show()
    figure.get_by_role("radio", name="saw", exact=True).first.focus()
    stops = []
    for _ in range(8):
        stops.append(
            page.evaluate("document.activeElement.textContent.trim() || "
                          "document.activeElement.parentNode.textContent")
        )  # fmt: skip
        ring = page.evaluate(
            "(e => [e, e.nextElementSibling].map(x => x ? "
            "getComputedStyle(x).outlineStyle : '').join())"
            "(document.activeElement)"
        )
        assert "solid" in ring, stops
        page.keyboard.press("Tab")
        if len(stops) == 7:
            break
    assert stops[1:6] == [
        "all heads", "head 0", "head 1", "head 2", "head 3",
    ]  # fmt: skip
    assert stops[6] == "2 saw"

    # Heads are switched with Space, words walked with the arrows.
    second = figure.get_by_role("switch", name="head 1")
    second.focus()
    page.keyboard.press("Space")
    drawn(page)
    assert second.get_attribute("aria-checked") == "false"
    assert told(figure).startswith("Without head 1, no tag changes")
    figure.get_by_role("switch", name="head 3").focus()
    page.keyboard.press("Enter")
    assert "“saw” (2) is called a noun, which is wrong" in told(figure)
    assert [t.split(" right")[0] for t in tags(figure)][1].startswith("NOUN ✗")
    figure.get_by_role("radio", name="2 saw").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert "No head carries “saw” (4) alone" in told(figure)
    page.keyboard.press("ArrowUp")
    assert "“a” (3) is a determiner whichever" in told(figure)


@pytest.mark.browser
def test_heads_are_silenced_by_finger_and_come_back(show):
    page, figure = show(360, has_touch=True)
    figure.get_by_text("chalk").tap()
    drawn(page)
    assert figure.locator(".live-tag").count() == 8
    for h in range(4):
        figure.get_by_role("switch", name=f"head {h}").tap()
    assert "“chalk” (1) is called a verb" in told(figure)
    assert figure.locator("tr.is-changed").count() == 1
    assert figure.locator(".live-bars i.is-silent").count() == 4 * 8
    figure.get_by_role("button", name="All on").tap()
    assert told(figure).startswith("With all 4 heads, all 8 tags")
    assert figure.locator("tr.is-changed").count() == 0
    # A tap anywhere on a row makes its word ask.
    figure.locator(".live-looks tbody tr").nth(6).locator("td").first.tap()
    assert "“vanished” (7)" in told(figure)


@pytest.mark.browser
def test_one_head_alone_shows_its_numbers(show):
    page, figure = show()
    weights = np.array(RUN["sentences"][0]["weights"])  # (H, L, L)
    for h in range(4):
        figure.locator(".live-choice").nth(1).get_by_text(
            str(h), exact=True
        ).click()
        drawn(page)
        numbers = figure.locator(".live-weight").all_inner_texts()
        assert [float(x) for x in numbers] == pytest.approx(
            weights[h, 1], abs=0.0051
        )
        bars = figure.locator(f'.live-bars i[data-term="{h}"]')
        widths = [bar["width"] for bar in
                  (bars.nth(j).bounding_box() for j in range(5))]  # fmt: skip
        full = widths[weights[h, 1].argmax()] / weights[h, 1].max()
        assert widths == pytest.approx(full * weights[h, 1], abs=3)
