"""The data sets: whole, licensed, documented, reproducible, and as said."""

from __future__ import annotations

import ctypes.util
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from checkout import ROOT
from pages import swept

from selfattn import data

DATA = ROOT / "data"
VALENCE = {"H": 1, "C": 4, "N": 3, "O": 2}
ENTRIES = [(n, f) for n, e in data.manifest().items() for f in e["files"]]
SCRIPTS = sorted({e["script"] for e in data.manifest().values()})


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the data that a test may damage."""
    place = tmp_path / "data"
    shutil.copytree(DATA, place, ignore=shutil.ignore_patterns("*.py"))
    monkeypatch.setattr(data, "folder", lambda: place)
    return place


def test_the_digits_are_those_of_the_data_set():
    found = data.load("digits")
    images, labels = found["images"], found["labels"]
    assert images.shape == (1797, 8, 8) and labels.shape == (1797,)
    assert (images.min(), images.max()) == (0, 16)
    assert np.bincount(labels).tolist() == [
        178, 182, 177, 183, 181, 182, 181, 179, 174, 180,
    ]  # fmt: skip


# --- reading ---------------------------------------------------------------


@pytest.mark.parametrize("name", data.names())
def test_every_named_set_loads_anew_each_time(name):
    first, second = data.load(name), data.load(name)
    assert first is not second
    assert len(first) > 0


def test_what_a_reader_changes_is_not_seen_by_the_next_load():
    data.load("social")["vectors"][0][0] = -1
    data.load("i_saw_a_saw").signal[0] = 9.0
    assert data.load("social")["vectors"][0][0] > 0
    assert abs(data.load("i_saw_a_saw").signal[0]) < 1


def test_one_changed_byte_is_noticed(copy):
    path = copy / "numbers.jsonl"
    raw = bytearray(path.read_bytes())
    raw[1234] ^= 1
    path.write_bytes(raw)
    with pytest.raises(ValueError, match="must be the file that was shipped"):
        data.load("numbers")
    data.load("social")


def test_a_missing_file_is_named(copy):
    (copy / "i_saw_a_saw.json").unlink()
    with pytest.raises(FileNotFoundError, match="i_saw_a_saw.json"):
        data.load("i_saw_a_saw")


def test_no_data_at_all_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "_PACKAGE", tmp_path / "selfattn")
    with pytest.raises(FileNotFoundError, match="install selfattn again"):
        data.load("numbers")


def test_a_wheel_reads_the_data_inside_the_package(tmp_path, monkeypatch):
    package = tmp_path / "selfattn"
    shutil.copytree(DATA, package / "_data")
    monkeypatch.setattr(data, "_PACKAGE", package)
    assert data.folder() == package / "_data"
    assert len(data.load("social")["names"]) == 12


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("numers", ValueError, "did you mean 'numbers'"),
        ("zzz", ValueError, "choose from .*'sentiment'"),
        ("../data/numbers", ValueError, "must be one of names"),
        (None, TypeError, "must be a string"),
        (3, TypeError, "must be a string"),
    ],
)
def test_a_wrong_name_is_explained(name, error, words):
    with pytest.raises(error, match=words):
        data.load(name)


def test_json_lines_without_splits_come_back_as_a_list():
    assert data._read_jsonl(b'{"a": 1}\n{"a": 2}\n') == [{"a": 1}, {"a": 2}]


def test_npz_files_come_back_as_a_dict_of_arrays(tmp_path):
    np.savez(tmp_path / "x.npz", a=np.arange(3), b=np.ones((2, 5)))
    read = data._read_npz((tmp_path / "x.npz").read_bytes())
    assert read["a"].tolist() == [0, 1, 2]
    assert read["b"].shape == (2, 5)


def test_a_result_is_read_and_a_missing_one_says_how_to_measure_it(copy):
    (copy / "results").mkdir(exist_ok=True)
    (copy / "results" / "reach.json").write_text('{"seeds": [0, 1]}')
    assert data.result("reach") == {"seeds": [0, 1]}
    with pytest.raises(FileNotFoundError, match=r"choose from.* reach"):
        data.result("reaches")
    with pytest.raises(TypeError, match="must be a string"):
        data.result(None)


# --- the shelf -------------------------------------------------------------


@pytest.mark.parametrize(("name", "file"), ENTRIES)
def test_the_readme_states_hash_licence_and_origin(name, file):
    entry = data.manifest()[name]
    raw = (DATA / file["file"]).read_bytes()
    assert file["bytes"] == len(raw)
    assert file["sha256"] == hashlib.sha256(raw).hexdigest()
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    rows = [r for r in readme.splitlines() if f"`{file['file']}`" in r]
    row = next(r for r in rows if file["sha256"] in r)
    for fact in ("licence", "origin", "script"):
        assert entry[fact] and entry[fact] in row
    assert f"**`{name}`**" in readme


def test_manifest_and_readme_are_what_the_script_writes():
    command = [sys.executable, "make_manifest.py", "--check"]
    done = subprocess.run(command, cwd=DATA, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_book_ships_less_than_ten_megabytes():
    files = [p for p in DATA.rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) < 10_000_000


def _synthesiser() -> str:
    if ctypes.util.find_library("espeak-ng") is None:
        return "no espeak-ng here"
    code = "import espeak; print(espeak.version())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=DATA, capture_output=True, text=True
    )
    return done.stdout.strip() or "unknown"


@pytest.mark.parametrize(
    "script", swept(SCRIPTS, [s for s in SCRIPTS if s != "make_voices.py"])
)
def test_the_script_writes_the_same_bytes_again(script, tmp_path):
    if script in ("make_i_saw_a_saw.py", "make_voices.py"):
        beside = json.loads((DATA / "i_saw_a_saw.json").read_text())
        version = _synthesiser()
        if f"espeak-ng {version}" != beside["synthesiser"]:
            pytest.skip(f"made with {beside['synthesiser']}; here: {version}")
    if script == "make_digits.py":
        pytest.importorskip("sklearn")
    command = [sys.executable, script, str(tmp_path)]
    subprocess.run(command, cwd=DATA, check=True, capture_output=True)
    files = [
        f["file"]
        for e in data.manifest().values()
        if e["script"] == script
        for f in e["files"]
    ]
    for file in files:
        new, old = (tmp_path / file).read_bytes(), (DATA / file).read_bytes()
        if file.endswith(".gz"):  # another zlib packs the same otherwise
            new, old = gzip.decompress(new), gzip.decompress(old)
        if file.endswith(".npz"):
            _same_arrays(data._read_npz(new), data._read_npz(old))
            continue
        assert new == old


def _same_arrays(new, old):
    """Equal, but a rounded feature may tip over on another processor."""
    assert set(new) == set(old)
    for name, was in old.items():
        assert new[name].shape == was.shape and new[name].dtype == was.dtype
        if name == "features":
            off = np.abs(new[name].astype(int) - was)
            assert off.max() <= 1 and off.mean() < 1e-4
        else:
            assert (new[name] == was).all()


# --- the spoken sentence ---------------------------------------------------


@pytest.fixture(scope="module")
def spoken():
    return data.load("i_saw_a_saw")


def test_the_spoken_sentence_is_16_khz_mono_16_bit(spoken):
    with wave.open(str(DATA / "i_saw_a_saw.wav")) as w:
        assert w.getparams()[:4] == (1, 2, 16_000, 18_852)
    assert spoken.rate_hz == 16_000
    assert spoken.signal.shape == (18_852,)
    assert spoken.signal.dtype == np.float32
    assert 0.75 < np.abs(spoken.signal).max() < 0.85


def test_its_words_and_phonemes_follow_one_another(spoken):
    assert [w.label for w in spoken.words] == spoken.text.split()
    assert len(spoken.phonemes) == 6
    for spans in (spoken.words, spoken.phonemes):
        assert spans[0].start == 0
        assert spans[-1].stop <= len(spoken.signal)
        for a, b in zip(spans, spans[1:], strict=False):
            assert a.start < a.stop == b.start


def test_its_phoneme_times_fit_what_is_heard(spoken):
    """s is a hiss: its signal changes sign far more often than a vowel's."""
    rates = {"s": [], "vowel": []}
    for label, start, stop in spoken.phonemes:
        middle = spoken.signal[start + 400 : stop - 400]
        changes = np.mean(np.diff(np.sign(middle)) != 0)
        rates["s" if label == "s" else "vowel"].append(changes)
    assert len(rates["s"]) == 2
    assert min(rates["s"]) > 3 * max(rates["vowel"])


# ------------------------------------------------------------------ studies


def test_studies_tell_how_they_were_made_and_of_which_corpus():
    corpus = data.manifest()["tagged"]["files"][0]["sha256"]
    results = sorted((DATA / "results").glob("*.json"))
    assert results
    for path in results:
        found = json.loads(path.read_text("utf-8"))
        script = Path(found["command"].split()[1])
        assert (DATA.parent / script).is_file(), path.name
        assert found["hardware"] and found["versions"], path.name
        # A new corpus asks for the study to be run again.
        if uses_the_tagged_corpus(DATA.parent / script):
            assert found.get("data_sha256") == corpus, path.name


def uses_the_tagged_corpus(script):
    """Whether a study loads it, itself or by a module beside it."""
    text = script.read_text("utf-8")
    beside = [
        script.with_name(f"{name}.py")
        for name in re.findall(r"^(?:from|import) (\w+)", text, re.M)
    ]
    return 'load("tagged")' in text or any(
        uses_the_tagged_corpus(path) for path in beside if path.is_file()
    )


def test_studies_that_share_the_tagged_arrays_are_known_to_use_them():
    found = {
        path.stem
        for path in sorted((DATA / "studies").glob("*.py"))
        if uses_the_tagged_corpus(path)
    }
    assert found >= {
        "tagged_arrays",
        "head_frequencies",  # by head_knockout.py
        "head_knockout",
        "softmax_or_relu",
        "window_vs_attention",
    }
    assert not found & {"copy_two", "extrapolation", "look_up", "two_things"}
