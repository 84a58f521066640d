"""Words, one-hot rows, counts, embeddings, batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfattn.text import (
    UNKNOWN,
    Vocabulary,
    cooccurrence,
    nearest,
    one_hot,
    pad_batch,
    ppmi,
    svd_embedding,
    tokenize,
)

WORDS = ["saw", "a", "i", "tree", "dog"]
SENTENCES = st.lists(st.lists(st.sampled_from(WORDS), max_size=7), max_size=5)


# --- words and numbers -----------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \n\t ", []),
        ("?!", []),
        ("I", ["i"]),
        ("I saw a saw.", ["i", "saw", "a", "saw"]),
        ("It wasn't good, was it?", ["it", "wasn't", "good", "was", "it"]),
        ("'Quoted' well-known", ["quoted", "well-known"]),
        ("Über 7 Bäume", ["über", "7", "bäume"]),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_a_text_is_split_into_lower_case_words(text, words):
    assert tokenize(text) == words


@given(st.text())
def test_splitting_the_joined_words_again_changes_nothing(text):
    words = tokenize(text)
    assert tokenize(" ".join(words)) == words


def test_frequent_words_come_first_and_ties_are_alphabetical():
    v = Vocabulary([["b", "c", "a"], ["c", "b"], ["c"]])
    assert v.words == (UNKNOWN, "c", "b", "a")
    assert len(v) == 4
    assert "a" in v
    assert "d" not in v


@given(SENTENCES, st.randoms())
def test_the_numbering_does_not_depend_on_the_order_of_the_texts(texts, rng):
    shuffled = list(texts)
    rng.shuffle(shuffled)
    assert Vocabulary(texts).words == Vocabulary(shuffled).words


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=11))
def test_decoding_undoes_encoding_of_known_words(words):
    v = Vocabulary([WORDS])
    ids = v.encode(words)
    assert ids.shape == (len(words),)
    assert v.decode(ids) == words


def test_unknown_words_share_the_number_0():
    v = Vocabulary([["a", "b"]])
    assert v.encode(["b", "x", "y"]).tolist() == [2, 0, 0]
    assert v.decode([0, 1]) == [UNKNOWN, "a"]


def test_rare_words_can_be_left_out():
    v = Vocabulary([["a", "b", "a", "c", "c", "c"]], min_count=2)
    assert v.words == (UNKNOWN, "c", "a")


def test_the_unknown_word_is_not_listed_twice():
    v = Vocabulary([["a", UNKNOWN, UNKNOWN]])
    assert v.words == (UNKNOWN, "a")


def test_an_empty_text_encodes_to_no_numbers():
    ids = Vocabulary([["a"]]).encode([])
    assert ids.shape == (0,)
    assert one_hot(ids, 2).shape == (0, 2)


@given(st.lists(st.integers(0, 10), max_size=7))
def test_any_two_different_one_hot_rows_are_equally_far_apart(ids):
    rows = one_hot(ids, 11)
    assert rows.shape == (len(ids), 11)
    for i, a in zip(ids, rows, strict=True):
        for j, b in zip(ids, rows, strict=True):
            expected = 0 if i == j else np.sqrt(2)
            assert np.linalg.norm(a - b) == pytest.approx(expected)


# --- counts and embeddings -------------------------------------------------


def _slow_counts(sentences, v, window):
    counts = np.zeros((len(v), len(v)))
    for s in sentences:
        for i in range(len(s)):
            for j in range(len(s)):
                if i != j and abs(i - j) <= window:
                    counts[v.id(s[i]), v.id(s[j])] += 1
    return counts


@given(SENTENCES, st.integers(1, 9))
def test_counts_are_those_of_the_double_loop_and_symmetric(texts, window):
    v = Vocabulary([WORDS[:3]])  # "tree" and "dog" are unknown
    counts = cooccurrence(texts, v, window)
    assert (counts == _slow_counts(texts, v, window)).all()
    assert (counts == counts.T).all()


def test_a_sentence_of_one_word_has_no_company():
    v = Vocabulary([["a"]])
    assert not cooccurrence([["a"], []], v, 3).any()


def test_ppmi_follows_the_definition_on_a_rectangle():
    rng = np.random.default_rng(0)
    counts = rng.poisson(1.5, (5, 7)).astype(float)
    for alpha in (1.0, 0.75):
        p = counts / counts.sum()
        context = counts.sum(axis=0) ** alpha
        context /= context.sum()
        for i in range(5):
            for j in range(7):
                chance = p[i].sum() * context[j]
                value = np.log(p[i, j] / chance) if counts[i, j] else 0
                found = ppmi(counts, alpha=alpha)[i, j]
                assert found == pytest.approx(max(0, value), abs=1e-12)


def test_ppmi_of_independent_words_is_zero():
    counts = np.outer([1.0, 2.0, 5.0], [3.0, 1.0])
    assert np.allclose(ppmi(counts), 0)


def test_ppmi_of_words_never_seen_is_zero():
    counts = np.array([[0.0, 0.0], [0.0, 3.0]])
    assert ppmi(counts).tolist() == [[0, 0], [0, 0]]
    assert ppmi(np.zeros((2, 3))).tolist() == [[0] * 3] * 2


def test_a_full_embedding_keeps_the_dot_products_of_a_gram_matrix():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(7, 5))
    e = svd_embedding(x @ x.T, 5)
    assert np.allclose(e @ e.T, x @ x.T)


def test_the_embedding_does_not_depend_on_signs_and_is_truncated():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(11, 7))
    e = svd_embedding(x, 3)
    assert e.shape == (11, 3)
    assert np.allclose(e, svd_embedding(x, 7)[:, :3])
    for column in e.T:
        assert column[np.abs(column).argmax()] > 0


def test_columns_with_two_largest_entries_have_one_sign():
    """Whichever of two level entries the last digit favours."""
    for nudge in (-1e-13, 0, 1e-13):
        x = np.array([[2.0, 1.0], [1.0, 2.0 + nudge]])
        e = svd_embedding(x, 2)
        assert np.allclose(e[:, 1], [2**-0.5, -(2**-0.5)], rtol=0, atol=1e-9)


def test_level_neighbours_come_in_the_order_of_the_vocabulary():
    v = Vocabulary([["a", "b", "c", "d"]], unknown=None)
    for nudge in (-1e-13, 0, 1e-13):
        e = np.array([[1, 0], [1, 0.5 + nudge], [2, 1], [1, -0.5 - nudge]])
        assert [word for word, _ in nearest(e, v, "a")] == ["b", "c", "d"]


def test_nearest_ranks_by_angle_and_leaves_the_word_itself_out():
    v = Vocabulary([["a", "b", "c", "d"]], unknown=None)
    e = np.array([[1.0, 0.0], [-5.0, 0.0], [9.0, 9.0], [0.0, 0.0]])
    pairs = nearest(e, v, "a", n=9)
    assert [w for w, _ in pairs] == ["c", "d", "b"]
    cosines = [c for _, c in pairs]
    assert cosines == pytest.approx([np.sqrt(0.5), 0.0, -1.0])


# --- batches ---------------------------------------------------------------


@given(st.lists(st.integers(1, 7), min_size=1, max_size=5))
def test_a_batch_holds_every_set_and_marks_the_rest(lengths):
    rng = np.random.default_rng(3)
    sets = [rng.normal(size=(n, 5)) for n in lengths]
    batch, mask = pad_batch(sets, value=9.0)
    assert batch.shape == (len(sets), max(lengths), 5)
    assert mask.shape == batch.shape[:2]
    assert mask.sum(axis=1).tolist() == lengths
    for item, row, real in zip(sets, batch, mask, strict=True):
        assert (row[real] == item).all()
        assert (row[~real] == 9.0).all()


def test_ids_stay_whole_numbers_and_can_be_padded_with_minus_100():
    batch, _ = pad_batch([np.array([1]), np.array([2, 3])], value=-100)
    assert batch.dtype == np.int64
    assert batch.tolist() == [[1, -100], [2, 3]]


def test_float32_can_be_padded_with_what_it_only_holds_nearly():
    batch, _ = pad_batch([np.ones(1, np.float32), np.ones(2)], value=0.1)
    assert batch[0, 1] == pytest.approx(0.1)
    batch, _ = pad_batch([np.ones(n, np.float32) for n in (1, 2)], value=0.1)
    assert batch.dtype == np.float32
    assert batch[0, 1] == np.float32(0.1)


def test_padding_may_be_nan_where_items_are_float():
    batch, _ = pad_batch([np.ones(1), np.ones(2)], value=np.nan)
    assert np.isnan(batch[0, 1])


def test_float32_stays_float32_and_the_items_are_untouched():
    item = np.ones((2, 3), dtype=np.float32)
    batch, _ = pad_batch([item])
    assert batch.dtype == np.float32
    batch[0, 0, 0] = 7
    assert item[0, 0] == 1


V = Vocabulary([["a", "b"]])
KNOWN = Vocabulary([["a", "b"]], unknown=None)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: tokenize(None), TypeError, "one string"),
        (lambda: tokenize(["a"]), TypeError, "one string"),
        (lambda: Vocabulary(["a b"]), TypeError, "list of words"),
        (lambda: Vocabulary([[1]]), TypeError, "must be a string"),
        (lambda: Vocabulary([["a"]], min_count=0), ValueError, "at least 1"),
        (lambda: V.encode("a"), TypeError, "list of words"),
        (lambda: KNOWN.encode(["x"]), ValueError, "in the vocabulary"),
        (lambda: V.decode([3]), ValueError, "between 0 and 2"),
        (lambda: V.decode([-1]), ValueError, "between 0 and 2"),
        (lambda: V.decode([0.5]), TypeError, "whole numbers"),
        (lambda: one_hot([2], 2), ValueError, "between 0 and 1"),
        (lambda: one_hot([[0]], 2), ValueError, "one row"),
        (lambda: one_hot([0], 0), ValueError, "at least 1"),
        (lambda: one_hot(["a"], 2), TypeError, "whole numbers"),
        (lambda: cooccurrence([["a"]], V, 0), ValueError, "at least 1"),
        (lambda: cooccurrence(["a"], V, 1), TypeError, "list of words"),
        (lambda: ppmi([[1.0]]), TypeError, "NumPy array"),
        (lambda: ppmi(np.ones((2, 2), int)), TypeError, "float"),
        (lambda: ppmi(np.ones(3)), ValueError, "matrix"),
        (lambda: ppmi(-np.ones((2, 2))), ValueError, "at least 0"),
        (lambda: ppmi(np.full((2, 2), np.nan)), ValueError, "finite"),
        (lambda: ppmi(np.ones((2, 2)), alpha=0.0), ValueError, "positive"),
        (lambda: svd_embedding(np.ones((3, 2)), 3), ValueError, "at most 2"),
        (lambda: svd_embedding(np.ones((3, 2)), 0), ValueError, "at least 1"),
        (lambda: nearest(np.ones((2, 2)), V, "a"), ValueError, "one row per"),
        (lambda: nearest(np.ones((3, 2)), V, "x"), ValueError, "vocabulary"),
        (lambda: nearest(np.ones((3, 2)), V, "a", 0), ValueError, "least 1"),
        (lambda: pad_batch([]), ValueError, "at least one item"),
        (lambda: pad_batch([np.ones((0, 3))]), ValueError, "at least one en"),
        (lambda: pad_batch([[1, 2]]), TypeError, "NumPy array"),
        (
            lambda: pad_batch([np.ones((2, 3)), np.ones((2, 5))]),
            ValueError,
            "same shape",
        ),
        (lambda: pad_batch([np.arange(2)], 0.5), ValueError, "can hold"),
        (lambda: pad_batch([np.arange(2)], np.nan), ValueError, "can hold"),
        (lambda: pad_batch([np.arange(2)], "x"), TypeError, "one number"),
        (
            lambda: pad_batch([np.array([1], np.uint8)], -1),
            ValueError,
            "can hold",
        ),
        (lambda: pad_batch([np.array([True])], 2), ValueError, "can hold"),
    ],
)
def test_bad_input_is_explained(call, error, words):
    with pytest.raises(error, match=words):
        call()
