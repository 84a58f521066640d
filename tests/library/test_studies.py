"""The studies' shared parts, and the sums behind their numbers."""

import json

import numpy as np
import pytest
import torch

from selfattn import attention, data

pytestmark = pytest.mark.usefixtures("studies")


def test_arrays_hold_the_words_tags_and_cues_of_the_corpus():
    from tagged_arrays import Tagged

    tagged = Tagged(longest=9)
    short = [
        r for r in data.load("tagged")["test"] if len(r["words"].split()) <= 9
    ]
    words, tags, cues = tagged.splits["test"]
    assert words.shape == tags.shape == cues.shape == (len(short), 9)
    for row, r in enumerate(short):
        n = len(r["words"].split())
        text = tagged.vocabulary.decode(words[row, :n].numpy())
        known = [
            w if w in tagged.vocabulary else text[i]
            for i, w in enumerate(r["words"].split())
        ]
        assert list(text) == known
        assert [tagged.tags[t] for t in tags[row, :n]] == r["tags"].split()
        assert (words[row, n:] == tagged.empty).all()
        assert (tags[row, n:] == -1).all()
        marked = [[i, int(d)] for i, d in enumerate(cues[row]) if d]
        assert marked == r["ambiguous"]


def test_a_result_is_written_with_one_line_for_a_list(tmp_path, monkeypatch):
    import recording

    monkeypatch.setattr(recording, "RESULTS", tmp_path)
    stored = {"runs": [{"seed": 0, "rates": [0.5, 0.25]}], "words": ["a, b"]}
    recording.save("study", stored)
    text = (tmp_path / "study.json").read_text("utf-8")
    assert "[0.5, 0.25]" in text
    assert json.loads(text) == recording.load("study") == stored
    assert recording.load("another") == {}


def test_the_gradient_by_hand_is_that_of_autograd():
    from random_attention import D_V, KEYS, QUERIES, gradients

    d_k, scale = 7, 0.6
    rng = np.random.default_rng(3)
    shapes = (QUERIES, d_k), (QUERIES, KEYS, d_k), (QUERIES, KEYS, D_V)
    q, k, v, c = (
        torch.from_numpy(rng.standard_normal(s))
        for s in (*shapes, (QUERIES, D_V))
    )
    q.requires_grad_()
    b, _ = attention.attention(q[:, None], k, v, scale=scale)
    (c * b.squeeze(1)).sum().backward()
    size, _, _ = gradients(d_k, scale, np.random.default_rng(3))
    np.testing.assert_allclose(size, q.grad.norm(dim=1), rtol=1e-9)


@pytest.mark.parametrize(
    ("words", "word", "tag", "chance"),
    [
        (("I", "saw"), "saw", "VERB", 1),
        (("I", "a", "saw", "saw"), "saw", "VERB", 1 / 2),
        (("I", "a", "found", "saw"), "saw", "NOUN", 1),
    ],
)
def test_words_without_order_give_the_chance_of_a_tag(
    words, word, tag, chance
):
    from word_order_ceiling import tags_given_words

    found = tags_given_words(tuple(sorted(words)))
    assert found[word, tag] == pytest.approx(chance)


def test_the_grammar_has_the_probabilities_of_the_drawn_sentences():
    import random

    from word_order import sentence
    from word_order_ceiling import tag_sets

    rng, n = random.Random(5), 4000
    drawn = [tuple(sorted(sentence(rng)[1])) for _ in range(n)]
    common = sorted(tag_sets().items(), key=lambda item: -item[1])[:5]
    for tags, p in common:
        assert drawn.count(tags) / n == pytest.approx(p, abs=0.03)


def test_two_frequencies_are_those_of_rotary_heads_of_width_4():
    from head_frequencies import KINDS, turned

    x = torch.randn(2, 3, 5, 4)  # (B, H, L, d_k)
    mine = turned(x, KINDS["two_frequencies"])
    scores = mine @ mine.mT  # (B, H, L, L)
    theirs = attention.rotary(x)
    torch.testing.assert_close(scores, theirs @ theirs.mT)


@pytest.mark.parametrize("task", ["sum", "difference", "both"])
def test_what_neighbours_are_asked_for_has_variance_1(task):
    from two_things import D, draw

    torch.manual_seed(0)
    x, y = draw(task, 2000)
    assert y.var().item() == pytest.approx(1, abs=0.05)
    left, right = x[:, 2], x[:, 4]  # of place 3
    wanted = {
        "sum": (left + right) / 2**0.5,
        "difference": (left - right) / 2**0.5,
        "both": torch.cat([left, right], dim=1),
    }
    torch.testing.assert_close(y[:, 3], wanted[task])
    assert y.shape[-1] == (2 * D if task == "both" else D)


def test_what_heads_look_at_is_counted_from_each_word():
    from head_knockout import EMPTY
    from head_names import looks

    words = torch.tensor([[1, 2, 3, EMPTY], [1, 2, 3, 4]])
    cues = torch.tensor([[2, 0, -1, 0], [0, 2, 0, -2]])
    weights = torch.arange(32.0).view(2, 1, 4, 4)  # (n, H, L, L)
    found = looks(lambda _: (None, weights), (words, None, cues))
    # The first word of sentence 0 has a cue, and no word before it.
    assert found["far_right"] == {
        "words": 2,
        "cue": [(2 + 23) / 2],
        "even": 0.292,
        "has_before": {
            "words": 1,
            "before": [20.0],
            "cue": [23.0],
            "even": 0.25,
        },
    }
    left = found["next_left"]["has_before"]
    assert left["cue"] == left["before"] == [9.0]
    assert found["far_left"]["cue"] == [29.0]
    assert found["far_left"]["even"] == 0.25


def test_label_propagation_is_everybodys_mean_of_friends():
    from karate import propagated

    club = data.load("karate")
    values = propagated(club)
    for i in set(range(34)) - set(club["leaders"]):
        friends = [b if a == i else a for a, b in club["edges"] if i in (a, b)]
        assert values[i] == pytest.approx(values[friends].mean())
    assert values[club["leaders"]].tolist() == [-1, 1]


def test_random_friendships_keep_the_number_of_friends():
    from karate import rewired

    edges = np.array(data.load("karate")["edges"])
    mixed = rewired(edges, np.random.default_rng(0))
    assert (np.bincount(mixed.ravel()) == np.bincount(edges.ravel())).all()
    pairs = {frozenset(e) for e in mixed.tolist()}
    assert len(pairs) == len(edges) and all(len(p) == 2 for p in pairs)
    assert len(pairs & {frozenset(e) for e in edges.tolist()}) < 50
