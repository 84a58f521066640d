"""Which sound is spoken in each frame: labels, and recordings that have them.

An utterance is one recording as a set of vectors, with a class for each. The
book's own voices and both data sets of the course's homework 2 come as lists
of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from selfattn import data, demand

SPLICED = 11  # frames side by side in a row of the 2021 files
MFCCS = 39  # numbers per frame, in the files of both years
N_TIMIT, N_LIBRIPHONE = 39, 41  # classes


class Utterance(NamedTuple):
    """One recording: a vector and, unless it is hidden, a class per frame.

    name : where it comes from
    speaker : who speaks, "" where the files do not tell
    x : (L, d) float32
    y : (L,) int64, or None
    """

    name: str
    speaker: str
    x: np.ndarray
    y: np.ndarray | None


def frame_middles(n_frames: int, window: int, hop: int) -> np.ndarray:
    """The sample in the middle of each frame, for frames without padding.

    window and hop are in samples. Returns whole numbers (n_frames,):
    i * hop + window // 2.

    >>> frame_middles(3, window=400, hop=160).tolist()
    [200, 360, 520]
    """
    n_frames = demand.integer("n_frames", n_frames, least=0)
    window = demand.integer("window", window)
    hop = demand.integer("hop", hop)
    return np.arange(n_frames) * hop + window // 2  # (L,)


def frame_labels(
    intervals: Sequence[tuple[str, int, int]],
    n_frames: int,
    window: int,
    hop: int,
    classes: Sequence[str],
) -> np.ndarray:
    """The class of each frame: that of the interval its middle lies in.

    intervals : (label, start, stop) in samples, one after the other; a
        middle at `start` is inside, one at `stop` is not.
    classes : the labels in order; the first one is for frames in no interval.

    Returns int64 (n_frames,). Raises a ValueError for a label that is not
    among the classes, or intervals that overlap or are empty.

    >>> spans = [("s", 160, 300), ("aw", 300, 560)]
    >>> frame_labels(spans, 3, window=400, hop=160, classes=["-", "s", "aw"])
    array([1, 2, 2])
    """
    middles = frame_middles(n_frames, window, hop)  # (L,)
    number = {label: c for c, label in enumerate(classes)}
    labels = np.zeros(len(middles), dtype=np.int64)  # (L,)
    last = 0
    for label, start, stop in intervals:
        if label not in number:
            raise ValueError(
                f"every label must be one of the classes: got {label!r}; "
                "add it to them, or rename it"
            )
        if not last <= start < stop:
            raise ValueError(
                "intervals must follow one another, each with start < stop: "
                f"got {label!r} from {start} to {stop} after {last}; sort "
                "them, and leave empty ones out"
            )
        labels[(middles >= start) & (middles < stop)] = number[label]
        last = stop
    return labels


def runs(labels: Sequence[int] | np.ndarray) -> list[tuple[int, int, int]]:
    """Equal labels in a row as one: (label, first frame, frame after last).

    >>> runs([4, 4, 7, 4])
    [(4, 0, 2), (7, 2, 3), (4, 3, 4)]
    """
    labels = demand.whole_numbers("labels", labels)  # (L,)
    if not len(labels):
        return []
    starts = np.flatnonzero(np.diff(labels, prepend=labels[0] - 1))
    stops = [*starts[1:].tolist(), len(labels)]
    return [
        (int(labels[start]), int(start), stop)
        for start, stop in zip(starts, stops, strict=True)
    ]


def voices(part: str | None = None) -> tuple[list[Utterance], list[str]]:
    """The book's own utterances, and the names of their classes.

    part : "train"; "heard", new sentences in voices that training has; or
        "unheard", new sentences in four voices that it lacks; None for all.

    Returns utterances of log-mel energies (L, 40), and 44 phonemes in IPA,
    the first of which, "-", is silence.

    >>> spoken, classes = voices("unheard")
    >>> len(spoken), spoken[0].x.shape[1], len(classes)
    (40, 40, 44)
    """
    stored = data.load("voices")
    parts = ("train", "heard", "unheard")
    if part is not None:
        demand.one_of("part", part, parts)
    ends = np.cumsum(stored["lengths"])[:-1]
    x = stored["lowest"] + stored["step"] * stored["features"]  # (all, 40)
    each = zip(
        stored["part"].tolist(),
        stored["text"].tolist(),
        stored["voice"].tolist(),
        np.split(x.astype(np.float32), ends),
        np.split(stored["labels"].astype(np.int64), ends),
        strict=True,
    )
    found = [
        Utterance(text, voice, x, y)
        for of, text, voice, x, y in each
        if part in (None, of)
    ]
    return found, stored["phonemes"].tolist()


def load_timit(folder: str | Path, part: str = "train") -> list[Utterance]:
    """The homework of 2021: TIMIT, eleven frames of 39 MFCCs in each row.

    folder holds `train_11.npy` and `test_11.npy`, floats (frames, 429), and
    `train_label_11.npy`, one of 39 classes per row, stored as text. A row is
    a frame with its five neighbours on either side, so its middle 39 numbers
    are the frame itself. The files do not say where an utterance ends: a new
    one begins where a row is not the last one moved on by a frame.

    part : "train", or "test", whose labels are hidden (None).

    Returns utterances of (L, 39). Raises a FileNotFoundError for a missing
    file, a ValueError for one of another shape.

    Source: the course's sample code, "ML2021Spring - HW2-1", which reads
    (1229932, 429) and (451552, 429).
    """
    demand.one_of("part", part, ("train", "test"))
    folder = Path(folder)
    rows = np.load(_there(folder / f"{part}_11.npy"), mmap_mode="r")
    if rows.ndim != 2 or rows.shape[1] != SPLICED * MFCCS:
        raise ValueError(
            f"{part}_11.npy must hold (frames, {SPLICED * MFCCS}): got "
            f"{rows.shape}; take the file of the homework of 2021"
        )
    classes = None
    if part == "train":
        path = _there(folder / "train_label_11.npy")
        classes = _classes(path.name, np.load(path), len(rows), N_TIMIT)
    starts = utterance_starts(rows)
    middle = SPLICED // 2 * MFCCS
    made = []
    for start, stop in zip(starts, [*starts[1:], len(rows)], strict=True):
        x = np.array(rows[start:stop, middle : middle + MFCCS], np.float32)
        y = None if classes is None else classes[start:stop]
        made.append(Utterance(f"{part} row {start}", "", x, y))
    return made


def utterance_starts(rows: np.ndarray, n_spliced: int = SPLICED) -> list[int]:
    """The rows with which utterances begin, where each row holds neighbours.

    rows (n, n_spliced * d): within an utterance, the first n_spliced - 1
    frames of a row are the last ones of the row before it.

    >>> utterance_starts(np.array([[0, 1.], [1, 2], [7, 8]]), n_spliced=2)
    [0, 2]
    """
    n, width = rows.shape
    d = width // n_spliced
    follows = np.zeros(n, dtype=bool)  # (n,)
    for first in range(1, n, 4096):  # in pieces: the file may be large
        stop = min(n, first + 4096)
        before = rows[first - 1 : stop - 1, d:]  # (piece, width - d)
        follows[first:stop] = (rows[first:stop, :-d] == before).all(axis=1)
    return np.flatnonzero(~follows).tolist()


def load_libriphone(
    folder: str | Path, part: str = "train"
) -> list[Utterance]:
    """The homework of 2022: LibriPhone, one tensor of MFCCs per utterance.

    folder holds `train_split.txt` and `test_split.txt`, one name per line;
    `train_labels.txt`, lines of a name and one of 41 classes per frame; and
    `feat/train/NAME.pt`, `feat/test/NAME.pt`, float tensors (L, 39). Needs
    torch, which reads them; no code in them is run.

    part : "train", or "test", whose labels are hidden (None).

    Returns utterances of (L, 39); the speaker is the first number of the
    name, as in LibriSpeech. Raises a FileNotFoundError for a missing file,
    a ValueError where labels and frames differ.

    Source: the course's sample code, "ML2022Spring - HW2" (4268 utterances,
    2,644,158 frames to train on).
    """
    import torch

    demand.one_of("part", part, ("train", "test"))
    folder = Path(folder)
    listed = _there(folder / f"{part}_split.txt").read_text().split()
    classes = {}
    if part == "train":
        lines = _there(folder / "train_labels.txt").read_text().splitlines()
        for name, *numbers in map(str.split, filter(str.strip, lines)):
            classes[name] = np.array(numbers)  # (L,) as text
        for name in listed:
            if name not in classes:
                raise ValueError(
                    "train_labels.txt must have a line for every name in "
                    f"train_split.txt: got none for {name}; unpack both anew"
                )
    made = []
    for name in listed:
        path = _there(folder / "feat" / part / f"{name}.pt")
        loaded = torch.load(path, map_location="cpu", weights_only=True)
        x = np.asarray(loaded, dtype=np.float32)
        if x.ndim != 2 or x.shape[1] != MFCCS:
            raise ValueError(
                f"{path.name} must hold (frames, {MFCCS}): got {x.shape}; "
                "take the file of the homework of 2022"
            )
        y = classes.get(name)
        if y is not None:
            y = _classes(f"{name}'s labels", y, len(x), N_LIBRIPHONE)
        made.append(Utterance(name, name.split("-")[0], x, y))
    return made


def _there(path: Path) -> Path:
    """A file of the homework's; a sentence where it is not."""
    if not path.is_file():
        raise FileNotFoundError(
            f"the homework's folder must hold {path.name}: got none in "
            f"{path.parent}; unpack the homework's data there"
        )
    return path


def _classes(
    name: str, stored: np.ndarray, n_frames: int, n_classes: int
) -> np.ndarray:
    """Labels, stored as numbers or as text, as int64 (L,)."""
    rule = f"{name} must be {n_frames} whole numbers below {n_classes}"
    try:
        y = stored.astype(np.int64)  # (L,)
    except ValueError:
        raise ValueError(
            f"{rule}: got {stored.dtype} that are no numbers; take the file "
            "of the homework"
        ) from None
    if y.shape != (n_frames,):
        raise ValueError(
            f"{rule}: got {y.shape}; labels and frames belong together, so "
            "unpack both anew"
        )
    if len(y) and not 0 <= y.min() <= y.max() < n_classes:
        worst = y.max() if y.min() >= 0 else y.min()
        raise ValueError(f"{rule}: got {worst}; count the classes from 0")
    return y
