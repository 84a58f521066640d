"""Labels per frame, the book's voices, and the homework's two formats."""

from __future__ import annotations

import numpy as np
import pytest
from bad_input import refused

from selfattn import phonemes, speech

CLASSES = ["-", "s", "aw"]


def test_a_frame_has_the_label_at_its_middle():
    signal = np.zeros(1999)
    n = speech.n_frames(len(signal), 400, 160)
    middles = phonemes.frame_middles(n, 400, 160)
    assert middles.tolist() == [160 * i + 200 for i in range(n)]
    spans = [("s", 200, 361), ("aw", 361, 840)]
    labels = phonemes.frame_labels(spans, n, 400, 160, CLASSES)
    want = [1 if m < 361 else 2 if m < 840 else 0 for m in middles]
    assert labels.tolist() == want and labels.dtype == np.int64


def test_no_frame_and_no_interval_are_fine():
    assert phonemes.frame_labels([], 3, 5, 2, CLASSES).tolist() == [0, 0, 0]
    assert phonemes.frame_labels([("s", 0, 9)], 0, 5, 2, CLASSES).size == 0


def test_runs_put_equal_labels_together_and_lose_nothing():
    labels = np.array([0, 0, 2, 1, 1, 1, 2])
    found = phonemes.runs(labels)
    assert found == [(0, 0, 2), (2, 2, 3), (1, 3, 6), (2, 6, 7)]
    again = np.concatenate([[c] * (stop - start) for c, start, stop in found])
    assert again.tolist() == labels.tolist()
    assert phonemes.runs([]) == []


def test_the_voices_are_whole_and_kept_apart():
    parts = {p: phonemes.voices(p)[0] for p in ("train", "heard", "unheard")}
    everything, classes = phonemes.voices()
    assert [len(parts[p]) for p in parts] == [160, 32, 40]
    assert len(everything) == 232 and len(classes) == 44
    assert len({u.name for u in everything}) == 232  # no sentence twice
    speakers = {p: {u.speaker for u in parts[p]} for p in parts}
    assert speakers["heard"] == speakers["train"]
    assert not speakers["unheard"] & speakers["train"]
    assert len(speakers["train"]) == 16 and len(speakers["unheard"]) == 4
    for u in everything:
        assert u.x.shape == (len(u.y), 40) and u.x.dtype == np.float32
        assert 0 <= u.y.min() and u.y.max() < 44
    counts = np.bincount(np.concatenate([u.y for u in parts["train"]]))
    assert counts.max() / counts.sum() < 0.15  # what always-schwa gets


def test_phonemes_follow_the_text():
    spoken, classes = phonemes.voices()
    for u in spoken:
        said = [classes[c] for c, _, _ in phonemes.runs(u.y)]
        words = u.name.split()
        if words[0] == "the":
            assert said[said.index("ð") + 1] in ("ə", "ɪ", "iː")
        assert ("ʃ" in said) or "sh" not in u.name


# --- the homework of 2021 ----------


def timit(folder, lengths=(7, 3, 5), part="train"):
    """A folder as the homework's, from utterances of random frames."""
    rng = np.random.default_rng(0)
    spoken = [rng.normal(size=(n, 39)).astype("f4") for n in lengths]
    rows = []
    for x in spoken:
        padded = np.pad(x, ((5, 5), (0, 0)), mode="edge")
        rows += [padded[i : i + 11].ravel() for i in range(len(x))]
    labels = rng.integers(39, size=sum(lengths))
    np.save(folder / f"{part}_11.npy", np.array(rows))
    if part == "train":
        np.save(folder / "train_label_11.npy", labels.astype(str))
    return spoken, labels


def test_timit_comes_back_as_utterances(tmp_path):
    spoken, labels = timit(tmp_path)
    timit(tmp_path, (4, 6), "test")
    found = phonemes.load_timit(tmp_path)
    assert [len(u.x) for u in found] == [7, 3, 5]
    for u, x in zip(found, spoken, strict=True):
        np.testing.assert_array_equal(u.x, x)
        assert u.x.dtype == np.float32 and u.y.dtype == np.int64
    assert np.concatenate([u.y for u in found]).tolist() == labels.tolist()
    hidden = phonemes.load_timit(tmp_path, "test")
    assert [len(u.x) for u in hidden] == [4, 6]
    assert all(u.y is None for u in hidden)


def test_long_files_are_read_in_pieces_without_a_seam(tmp_path):
    timit(tmp_path, (5000, 4000))
    found = phonemes.load_timit(tmp_path)
    assert [len(u.x) for u in found] == [5000, 4000]


# --- the homework of 2022 ----------


def libriphone(folder, lengths=(7, 4)):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(1)
    (folder / "feat" / "train").mkdir(parents=True)
    (folder / "feat" / "test").mkdir()
    names = [f"19-198-{i:04d}" for i in range(len(lengths))]
    x = [torch.tensor(rng.normal(size=(n, 39)).astype("f4")) for n in lengths]
    y = [rng.integers(41, size=n) for n in lengths]
    for name, frames in zip(names, x, strict=True):
        torch.save(frames, folder / "feat" / "train" / f"{name}.pt")
    torch.save(x[0], folder / "feat" / "test" / "26-1.pt")
    (folder / "train_split.txt").write_text("\n".join(names[::-1]) + "\n")
    (folder / "test_split.txt").write_text("26-1\n")
    lines = [
        " ".join([name, *map(str, labels)])
        for name, labels in zip(names, y, strict=True)
    ]
    (folder / "train_labels.txt").write_text("\n".join(lines) + "\n")
    return x, y


def test_libriphone_comes_back_in_the_order_of_its_list(tmp_path):
    x, y = libriphone(tmp_path)
    found = phonemes.load_libriphone(tmp_path)
    assert [u.name for u in found] == ["19-198-0001", "19-198-0000"]
    assert {u.speaker for u in found} == {"19"}
    for u, frames, labels in zip(found, x[::-1], y[::-1], strict=True):
        np.testing.assert_array_equal(u.x, frames.numpy())
        assert u.y.tolist() == labels.tolist()
    [hidden] = phonemes.load_libriphone(tmp_path, "test")
    assert hidden.y is None and hidden.x.shape == (7, 39)


# --- wrong input ----------


def label(spans):
    return phonemes.frame_labels(spans, 3, 5, 2, CLASSES)


REFUSED = {
    "an unknown label": (
        lambda: label([("z", 0, 3)]),
        ValueError,
        ["got 'z'", "one of the classes"],
    ),
    "intervals out of order": (
        lambda: label([("s", 4, 6), ("aw", 1, 3)]),
        ValueError,
        ["'aw' from 1 to 3 after 6", "follow one another"],
    ),
    "an empty interval": (
        lambda: label([("s", 4, 4)]),
        ValueError,
        ["from 4 to 4", "start < stop"],
    ),
    "a window of 0": (
        lambda: phonemes.frame_middles(3, 0, 160),
        ValueError,
        ["got 0", "window must be at least 1"],
    ),
    "fewer frames than none": (
        lambda: phonemes.frame_middles(-1, 400, 160),
        ValueError,
        ["got -1", "n_frames must be at least 0"],
    ),
    "runs of probabilities": (
        lambda: phonemes.runs([0.5, 0.5]),
        TypeError,
        ["labels must be whole numbers"],
    ),
    "a part that is not there": (
        lambda: phonemes.voices("test"),
        ValueError,
        ["'test'", "'unheard'"],
    ),
}


@pytest.mark.parametrize(
    ("call", "error", "words"), REFUSED.values(), ids=REFUSED
)
def test_it_refuses(call, error, words):
    refused(call, error, words)


def damaged(folder, how):
    """A folder of 2021 with one fault."""
    timit(folder)
    if how == "no labels":
        (folder / "train_label_11.npy").unlink()
    if how == "single frames":
        np.save(folder / "train_11.npy", np.zeros((15, 39), "f4"))
    if how == "a class too many":
        np.save(folder / "train_label_11.npy", np.full(15, "39"))
    if how == "too few labels":
        np.save(folder / "train_label_11.npy", np.full(14, "3"))
    if how == "words":
        np.save(folder / "train_label_11.npy", np.full(15, "aw"))


@pytest.mark.parametrize(
    ("how", "error", "words"),
    [
        ("no labels", FileNotFoundError, ["train_label_11.npy", "got none"]),
        ("single frames", ValueError, ["(15, 39)", "429"]),
        ("a class too many", ValueError, ["got 39", "below 39"]),
        ("too few labels", ValueError, ["got (14,)", "15 whole numbers"]),
        ("words", ValueError, ["no numbers"]),
    ],
)
def test_a_damaged_folder_of_2021_is_explained(tmp_path, how, error, words):
    damaged(tmp_path, how)
    refused(lambda: phonemes.load_timit(tmp_path), error, words)


def test_a_damaged_folder_of_2022_is_explained(tmp_path):
    libriphone(tmp_path)
    labels = tmp_path / "train_labels.txt"
    first = labels.read_text().splitlines()[0]
    labels.write_text(first + "\n")
    refused(
        lambda: phonemes.load_libriphone(tmp_path),
        ValueError,
        ["got none for 19-198-0001", "train_labels.txt"],
    )
    labels.write_text(first + " 3\n19-198-0001 1 2 3 4\n")
    refused(
        lambda: phonemes.load_libriphone(tmp_path),
        ValueError,
        ["got (8,)", "7 whole numbers below 41"],
    )
    (tmp_path / "feat" / "train" / "19-198-0001.pt").unlink()
    refused(
        lambda: phonemes.load_libriphone(tmp_path),
        FileNotFoundError,
        ["19-198-0001.pt"],
    )
