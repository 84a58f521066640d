"""Text as a set of vectors: words, one-hot rows, embeddings from counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from selfattn import demand, shapes
from selfattn.batches import pad_batch as pad_batch

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
UNKNOWN = "<unknown>"
LEVEL = 1e-9  # two numbers nearer than this are told apart by no machine


def tokenize(text: str) -> list[str]:
    """Split a text into lower-case words; punctuation is dropped.

    Returns a list of L strings, empty for an empty text. Raises a TypeError
    for anything but a string.

    >>> tokenize("I saw a saw.")
    ['i', 'saw', 'a', 'saw']
    >>> tokenize("Long-lasting? It wasn't!")
    ['long-lasting', 'it', "wasn't"]
    """
    if not isinstance(text, str):
        raise TypeError(
            f"text must be one string: got {demand.shown(text)}; for several "
            "texts write [tokenize(t) for t in texts]"
        )
    return _WORD.findall(text.lower())


class Vocabulary:
    """Numbers the words of a corpus, the most frequent first.

    sentences : lists of words. Equally frequent words stand in alphabetical
        order, so the numbering does not depend on the order of the texts.
    min_count : rarer words are left out.
    unknown : the entry 0, which stands for every word that is not listed;
        None for a vocabulary without one.

    `words` is the tuple of V words, `len(vocabulary)` is V. Raises a
    TypeError where a sentence is a string rather than a list of words.

    >>> v = Vocabulary([tokenize("I saw a saw")], unknown=None)
    >>> v.words
    ('saw', 'a', 'i')
    >>> v.encode(["i", "saw", "a", "saw"])
    array([2, 0, 1, 0])
    >>> v.decode([0, 1])
    ['saw', 'a']
    """

    def __init__(
        self,
        sentences: Iterable[Sequence[str]],
        *,
        min_count: int = 1,
        unknown: str | None = UNKNOWN,
    ):
        min_count = demand.integer("min_count", min_count)
        counts = Counter(w for s in sentences for w in _words(s))
        if unknown is not None:
            counts.pop(unknown, None)
        kept = [w for w, n in counts.items() if n >= min_count]
        kept.sort(key=lambda word: (-counts[word], word))
        self.unknown = unknown
        self.words = (*([] if unknown is None else [unknown]), *kept)
        self._ids = {word: i for i, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._ids

    def __repr__(self) -> str:
        return f"Vocabulary of {len(self)} words"

    def id(self, word: str) -> int:
        """The number of one word, or 0 if it is not listed.

        Raises a ValueError where nothing stands for unknown words.
        """
        if word in self._ids:
            return self._ids[word]
        if self.unknown is None:
            raise ValueError(
                f"every word must be in the vocabulary: got {word!r}; add "
                "it, or keep an entry for unknown words (unknown=...)"
            )
        return 0

    def encode(self, words: Sequence[str]) -> np.ndarray:
        """The numbers of the words, an integer array (L,)."""
        ids = [self.id(word) for word in _words(words)]
        return np.array(ids, dtype=np.int64)  # (L,)

    def decode(self, ids: Sequence[int]) -> list[str]:
        """The words of these numbers, a list of L strings.

        Raises a ValueError for a number that no word has.
        """
        return [self.words[i] for i in _ids(ids, len(self)).tolist()]


def one_hot(ids: Sequence[int], n_types: int) -> np.ndarray:
    """One row per word, with a 1 at the word's number.

    ids (L,) are whole numbers from 0 to n_types - 1. Returns floats
    (L, n_types). Raises a TypeError for ids that are not whole numbers, a
    ValueError for ids out of range. Lecture slide "Vector set as input".

    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    n_types = demand.integer("n_types", n_types)
    columns = _ids(ids, n_types)  # (L,)
    rows = np.zeros((len(columns), n_types))  # (L, V)
    rows[np.arange(len(columns)), columns] = 1.0
    return rows


def cooccurrence(
    sentences: Iterable[Sequence[str]], vocabulary: Vocabulary, window: int
) -> np.ndarray:
    """Count how often two words stand at most `window` words apart.

    sentences are lists of words. Returns floats (V, V), symmetric: entry
    (i, j) counts word j in the company of word i. Both orders are counted,
    nothing is its own company, and the window ends with the sentence.

    >>> words = tokenize("I saw a saw")
    >>> v = Vocabulary([words], unknown=None)  # saw, a, i
    >>> cooccurrence([words], v, window=1)
    array([[0., 2., 1.],
           [2., 0., 0.],
           [1., 0., 0.]])
    """
    window = demand.integer("window", window)
    n_types = len(vocabulary)
    counts = np.zeros((n_types, n_types))  # (V, V)
    for sentence in sentences:
        ids = vocabulary.encode(sentence)  # (L,)
        for gap in range(1, min(window, len(ids) - 1) + 1):
            np.add.at(counts, (ids[:-gap], ids[gap:]), 1.0)
            np.add.at(counts, (ids[gap:], ids[:-gap]), 1.0)
    return counts


def ppmi(counts: np.ndarray, *, alpha: float = 1.0) -> np.ndarray:
    """Compare each count with the count to be expected by chance.

    counts (V, C) are at least 0. alpha below 1 makes rare contexts count as
    less rare (0.75 in the paper). Returns floats (V, C):
    max(0, ln(P(i, j) / (P(i) P(j)^alpha / sum P^alpha))), and 0 where the
    count is 0. Raises a ValueError for negative counts. Levy, Goldberg and
    Dagan, 2015.

    >>> ppmi(np.array([[2.0, 0.0], [0.0, 2.0]])).round(3)
    array([[0.693, 0.   ],
           [0.   , 0.693]])
    """
    _matrix("counts", counts)
    alpha = demand.positive("alpha", alpha)
    if (counts < 0).any():
        raise ValueError(
            f"counts must be at least 0: got {counts.min()}; pass the "
            "counts themselves, not their logarithms"
        )
    total = counts.sum()
    if total == 0:
        return np.zeros(counts.shape)  # (V, C)
    rows = counts.sum(axis=1, keepdims=True)  # (V, 1)
    columns = counts.sum(axis=0, keepdims=True) ** alpha  # (1, C)
    expected = rows * columns / columns.sum()  # (V, C)
    ratio = np.ones(counts.shape)  # (V, C)
    np.divide(counts, expected, out=ratio, where=counts > 0)
    return np.maximum(np.log(ratio), 0.0)


def svd_embedding(matrix: np.ndarray, d: int) -> np.ndarray:
    """Squeeze each row of a matrix into d numbers.

    matrix (V, C) is factored into U S Vᵀ; the d largest singular values are
    kept. Returns U √S, floats (V, d). The entry of largest size in each
    column (the first of them, where several are level to nine digits) is
    positive, so that no machine chooses another sign. Raises a ValueError
    if d exceeds the matrix. Levy, Goldberg and Dagan, 2015.

    >>> svd_embedding(np.diag([9.0, 4.0, 1.0]), 2)
    array([[3., 0.],
           [0., 2.],
           [0., 0.]])
    """
    _matrix("matrix", matrix)
    d = demand.integer("d", d)
    if d > min(matrix.shape):
        raise ValueError(
            f"d must be at most {min(matrix.shape)} for a matrix "
            f"{matrix.shape}: got {d}; choose a smaller d"
        )
    u, s, _ = np.linalg.svd(matrix, full_matrices=False)  # (V, r), (r,)
    top = u[:, :d]  # (V, d)
    size = np.abs(top)  # (V, d)
    level = size >= (1 - LEVEL) * size.max(axis=0)  # (V, d)
    largest = level.argmax(axis=0)  # (d,), the first
    sign = np.sign(top[largest, np.arange(d)])  # (d,)
    return top * sign * np.sqrt(s[:d]) + 0.0  # no -0.0


def nearest(
    embedding: np.ndarray, vocabulary: Vocabulary, word: str, n: int = 5
) -> list[tuple[str, float]]:
    """The n words whose vectors point most nearly the same way.

    embedding is (V, d). Returns pairs (word, cosine), the largest cosine
    first, without the word itself; words that are level to nine digits come
    in the vocabulary's order, and a row of zeros has cosine 0 with every
    other. Raises a ValueError if the word is not in the vocabulary.

    >>> v = Vocabulary([["cat", "dog", "oak"]], unknown=None)
    >>> table = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 3.0]])
    >>> nearest(table, v, "cat", n=1)
    [('dog', 1.0)]
    """
    _matrix("embedding", embedding)
    n = demand.integer("n", n)
    if len(embedding) != len(vocabulary):
        raise ValueError(
            "there must be one row per word: got an embedding "
            f"{embedding.shape} for {len(vocabulary)} words; pass the "
            "vocabulary it was made with"
        )
    if word not in vocabulary:
        raise ValueError(
            f"the word must be in the vocabulary: got {word!r}; choose one "
            "of vocabulary.words"
        )
    norms = np.linalg.norm(embedding, axis=1, keepdims=True)  # (V, 1)
    units = embedding / np.where(norms > 0, norms, 1.0)  # (V, d)
    i = vocabulary.id(word)
    cosines = units @ units[i]  # (V,)
    # Level cosines differ by their last digits, on each machine by others.
    order = np.argsort(-(cosines / LEVEL).round(), kind="stable")  # (V,)
    best = [j for j in order.tolist() if j != i][:n]
    return [(vocabulary.words[j], float(cosines[j])) for j in best]


def _words(sentence: Sequence[str]) -> list[str]:
    if isinstance(sentence, str):
        raise TypeError(
            f"a sentence must be a list of words: got {sentence!r}; split "
            "it with tokenize first"
        )
    words = list(sentence)
    for word in words:
        if not isinstance(word, str):
            raise TypeError(
                f"every word must be a string: got {demand.shown(word)}; pass "
                "lists of words"
            )
    return words


def _ids(ids: Sequence[int], n_types: int) -> np.ndarray:
    array = demand.whole_numbers("ids", ids)
    if array.ndim != 1:
        raise ValueError(
            f"ids must be one row of numbers, (L,): got {array.shape}; pass "
            "one sentence at a time"
        )
    outside = (array < 0) | (array >= n_types)
    if outside.any():
        raise ValueError(
            f"ids must lie between 0 and {n_types - 1}: got "
            f"{array[outside][0]}; count from 0, or raise n_types"
        )
    return array


def _matrix(name: str, value: np.ndarray) -> None:
    demand.float_array(name, value)
    if value.ndim != 2:
        raise ValueError(
            f"{name} must be a matrix: got {value.shape}; give it two axes"
        )
    shapes.vectors(name, value.shape)
    demand.finite(name, value)
