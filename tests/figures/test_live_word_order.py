"""The net of the front page: what it computes and says."""

from __future__ import annotations

import random
import re
import sys

import numpy as np
import pytest
from checkout import ROOT
from figure_engine import Engine
from pages import swept

from selfattn import data, reference, widgets

MODEL = data.result("word_order")
WORDS = [word for word, *_ in MODEL["vocabulary"]]


@pytest.fixture(scope="module")
def engine():
    return Engine("word_order")


@pytest.fixture(scope="module")
def study():
    """The script that trained the nets, as a module."""
    pytest.importorskip("torch")
    sys.path.insert(0, str(ROOT / "data" / "studies"))
    import word_order

    return word_order


def figure(text="I saw a saw", **settings):
    return widgets.WordOrder(MODEL, text.split(), **settings)


def say(engine, live, at=None):
    said = engine("describe", live.state(), live.asks if at is None else at)
    return said.replace("\u00a0", " ")


# ------------------------------------------------------------------ the net


@pytest.mark.parametrize("net", ["order", "bag"])
def test_javascript_tags_random_rows_of_words_as_numpy_does(engine, net):
    rng = np.random.default_rng(3)
    for _ in range(40):
        n = rng.integers(1, 9)
        live = figure(" ".join(rng.choice(WORDS, n)), net=net)
        weights, chances = live.answer()
        got = engine("answer", live.state())
        np.testing.assert_allclose(got["weights"], weights, atol=1e-6)
        np.testing.assert_allclose(got["chances"], chances, atol=1e-6)


def test_with_random_weights_too(engine):
    rng = np.random.default_rng(5)
    nets = {
        name: {
            key: rng.integers(-300, 300, np.shape(rows)).tolist()
            for key, rows in net.items()
        }
        for name, net in MODEL["nets"].items()
    }
    for net in nets:
        live = widgets.WordOrder({**MODEL, "nets": nets}, WORDS[:7], net=net)
        weights, chances = live.answer()
        got = engine("answer", live.state())
        np.testing.assert_allclose(got["weights"], weights, atol=1e-6)
        np.testing.assert_allclose(got["chances"], chances, atol=1e-6)


def test_numpy_computes_what_the_trained_layers_do(study):
    import torch

    for name, net in MODEL["nets"].items():
        model = study.Tagger(name == "order")
        real = {k: torch.tensor(v) * MODEL["unit"] for k, v in net.items()}
        with torch.no_grad():
            for key, array in model.arrays().items():
                if key not in ("fc", "out"):
                    array.copy_(real[key])
            for key in ("fc", "out"):
                layer = getattr(model, key)
                layer.weight.copy_(real[key][:-1].T)
                layer.bias.copy_(real[key][-1])
            for text in ("I saw a saw", "they duck under a duck"):
                words = torch.tensor([[WORDS.index(w) for w in text.split()]])
                expected = model(words)[0].softmax(dim=-1)
                _, chances = figure(text, net=name).answer()
                np.testing.assert_allclose(chances, expected, atol=1e-5)


def test_the_two_saws_part_only_where_the_order_is_known():
    _, chances = figure().answer()
    assert figure().called() == ["pronoun", "verb", "article", "noun"]
    turned = figure("a saw saw I")
    assert turned.called() == ["article", "noun", "verb", "pronoun"]
    _, alike = figure(net="bag").answer()
    np.testing.assert_allclose(alike[1], alike[3], rtol=0, atol=1e-12)
    assert np.abs(chances[1] - chances[3]).max() > 0.9


def test_without_order_moving_words_changes_no_tag():
    rng = np.random.default_rng(7)
    words = "the duck often saw a big duck".split()
    _, first = figure(" ".join(words), net="bag").answer()
    for _ in range(5):
        order = rng.permutation(len(words))
        moved = " ".join(words[i] for i in order)
        _, chances = figure(moved, net="bag").answer()
        np.testing.assert_allclose(chances, first[order], atol=1e-12)


def test_the_weights_are_those_of_the_reference():
    live = figure()
    net = {k: np.array(v) * live.unit for k, v in live.nets["order"].items()}
    x = net["words"][[WORDS.index(w) for w in live.words]]
    x = x + net["places"][:4]
    scores = reference.dot_scores(x @ net["w_q"], x @ net["w_k"])
    np.testing.assert_allclose(live.answer()[0], reference.softmax(scores))


# ---------------------------------------------------------------- the study


def test_the_study_reports_every_seed_and_keeps_the_first(study):
    assert MODEL["seed_of_nets"] == 0
    for runs in MODEL["runs"].values():
        assert [run["seed"] for run in runs] == list(study.SEEDS)
    for run in MODEL["runs"]["order"]:
        assert run["rounded"]["two_readings"] > 0.95
    for run in MODEL["runs"]["bag"]:
        assert run["rounded"]["twins"] == 0
    assert MODEL["vocabulary"] == [[w, *study.READINGS[w]] for w in WORDS]


def test_the_stored_nets_are_as_good_as_the_study_says(study):
    from selfattn.widgets.word_order import NAMES

    rng, right, total = random.Random(1000), 0, 0
    for _ in range(300):
        words, tags = study.sentence(rng)
        while not study.is_test(words):
            words, tags = study.sentence(rng)
        called = figure(" ".join(words)).called()
        names = [NAMES[tag] for tag in tags]
        right += sum(a == b for a, b in zip(called, names, strict=True))
        total += len(tags)
    first = MODEL["runs"]["order"][0]["rounded"]["all_words"]
    assert right / total == pytest.approx(first, abs=0.01)


def test_both_nets_together_are_small():
    numbers = sum(
        len(row)
        for net in MODEL["nets"].values()
        for rows in net.values()
        for row in rows
    )
    assert numbers < 3000
    assert len(figure().html()) < 24_000


# -------------------------------------------------------------- the grammar


def test_every_sentence_of_the_study_is_read_as_the_study_does(engine, study):
    rng = random.Random(11)
    for _ in range(400):
        words, tags = study.sentence(rng)
        assert engine("parse", {**figure().state(), "words": words}) == tags


@pytest.mark.parametrize("rows", swept([300, 1500], [300]))
def test_no_row_of_words_has_two_readings(engine, rows):
    rng = random.Random(13)
    state, sentences = figure().state(), 0
    for _ in range(rows):
        words = rng.choices(["I", "a", "saw", "duck", "big", "with"], k=4)
        found = engine("parse", {**state, "words": words})
        sentences += found is not None
        turned = dict(state, words=words)
        turned["vocabulary"] = [
            [word, *reversed(tags)] for word, *tags in state["vocabulary"]
        ]
        assert engine("parse", turned) == found
    assert sentences >= rows / 150


@pytest.mark.parametrize(
    "text", ["saw I a saw", "I saw a", "a", "I a saw saw", "I you", "saw"]
)
def test_what_is_no_sentence_is_not_read(engine, text):
    state = {**figure().state(), "words": text.split()}
    assert engine("parse", state) is None


# ------------------------------------------------------------ what is said


@pytest.mark.parametrize(
    ("text", "net", "expected"),
    [
        (
            "I saw a saw",
            "order",
            "“saw” (4): noun, 100 % sure. It looks most at “a”, 78 %."
            " All 4 tags are right.",
        ),
        ("saw I a saw", "order", "No sentence of its grammar: the net"),
        ("a saw saw I", "order", "All 4 tags are right."),
        (
            "I saw a saw",
            "bag",
            "3 of 4 right: “saw” (4) should be a noun."
            " Without the order both “saw” are one vector: both verb.",
        ),
        ("saw saw saw", "bag", "Without the order all 3 “saw” are one"),
        ("I", "order", "“I”: pronoun"),
        ("I", "order", "It looks most at itself, 100 %."),
    ],
)
def test_the_summary_says_what_was_found(engine, text, net, expected):
    assert expected in say(engine, figure(text, net=net))


def test_moving_a_word_leaves_the_others_in_their_order(engine):
    words = ["a", "b", "c", "d"]
    assert engine("moved", words, 0, 2) == ["b", "c", "a", "d"]
    assert engine("moved", words, 3, 0) == ["d", "a", "b", "c"]
    assert engine("moved", words, 1, 1) == words


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (({},), "data.result"),
        (("word_order",), "data.result"),
        ((MODEL, ["I", "saw", "Berlin"]), "choose from I, you"),
        ((MODEL, []), "1 to 8 words"),
        ((MODEL, ["I"] * 9), "1 to 8 words"),
    ],
)
def test_bad_input_is_explained(arguments, rule):
    with pytest.raises(ValueError, match=re.escape(rule)):
        widgets.WordOrder(*arguments)


def test_a_word_that_is_not_there_cannot_ask():
    with pytest.raises(ValueError, match="the 4 words are 0 to 3"):
        figure(asks=4)
