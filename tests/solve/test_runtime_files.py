"""Python's files: whole or not at all, and no network but one question."""

from __future__ import annotations

import hashlib
import io
import re
import urllib.error
from types import SimpleNamespace

import pytest
from checkout import ROOT
from selfattn_theme import runtime, runtime_files
from selfattn_theme.runtime_files import Pin

CONTENT = {"one.js": b"first", "two.wasm": b"second"}


@pytest.fixture
def release(tmp_path, monkeypatch):
    """Two small files to have; `asked` are the addresses tried."""
    pins = tuple(
        Pin(name, name, hashlib.sha256(data).hexdigest())
        for name, data in CONTENT.items()
    )
    monkeypatch.setattr(runtime_files, "PINS", pins)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(runtime_files.VARIABLE, raising=False)
    made = SimpleNamespace(asked=[], answers=dict(CONTENT))

    def urlopen(address, timeout):
        made.asked.append(address)
        assert timeout <= 10
        answer = made.answers[address.removeprefix(runtime_files.RELEASE)]
        if isinstance(answer, Exception):
            raise answer
        return io.BytesIO(answer)

    monkeypatch.setattr(runtime_files.urllib.request, "urlopen", urlopen)
    return made


def kept() -> list[str]:
    return sorted(path.name for path in runtime_files.cache().glob("*"))


def test_the_release_is_asked_once_and_then_the_cache(release):
    assert not runtime_files.at_hand().paths
    assert not release.asked
    first = runtime_files.fetched()
    assert [p.read_bytes() for p in first.paths.values()] == [
        b"first",
        b"second",
    ]
    assert len(release.asked) == 2
    assert runtime_files.fetched() == first == runtime_files.at_hand()
    assert len(release.asked) == 2
    assert kept() == sorted(CONTENT)


def test_without_a_network_one_try_and_one_line(release):
    release.answers = dict.fromkeys(CONTENT, urllib.error.URLError("no route"))
    found = runtime_files.fetched()
    assert found.paths == {} and found.digest() == ""
    assert len(release.asked) == 1
    assert "no route" in found.told and "\n" not in found.told
    assert "offer Colab" in found.told


def test_another_file_under_the_name_is_refused(release):
    release.answers["two.wasm"] = b"somebody else's"
    found = runtime_files.fetched()
    assert not found.paths
    assert "another SHA-256" in found.told
    assert kept() == ["one.js"]


def test_half_a_file_in_the_cache_is_fetched_anew(release):
    runtime_files.fetched()
    (runtime_files.cache() / "two.wasm").write_bytes(b"sec")
    assert not runtime_files.at_hand().paths
    assert runtime_files.fetched().paths["two.wasm"].read_bytes() == b"second"
    assert len(release.asked) == 3


def test_a_full_disk_leaves_no_half_file(release, monkeypatch):
    def full(self, data):
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(runtime_files.Path, "write_bytes", full)
    assert "No space left" in runtime_files.fetched().told
    assert kept() == []


def test_the_named_folder_is_used_as_it_is(release, monkeypatch, tmp_path):
    folder = tmp_path / "own"
    (folder / runtime_files.VERSION).mkdir(parents=True)
    (folder / "one.js").write_bytes(b"first")
    (folder / runtime_files.VERSION / "two.wasm").write_bytes(b"rebuilt")
    monkeypatch.setenv(runtime_files.VARIABLE, str(folder))
    found = runtime_files.fetched()
    assert found.paths["two.wasm"].read_bytes() == b"rebuilt"
    assert found.told.endswith("not the release's own: two.wasm.")
    assert not release.asked


def test_a_named_folder_that_lacks_a_file_is_not_filled(
    release, monkeypatch, tmp_path
):
    monkeypatch.setenv(runtime_files.VARIABLE, str(tmp_path))
    found = runtime_files.fetched()
    assert not found.paths and "has no one.js" in found.told
    assert not release.asked


def test_other_bytes_have_another_hash(release, monkeypatch, tmp_path):
    before = runtime_files.fetched().digest()
    (tmp_path / "one.js").write_bytes(b"first")
    (tmp_path / "two.wasm").write_bytes(b"rebuilt")
    monkeypatch.setenv(runtime_files.VARIABLE, str(tmp_path))
    after = runtime_files.fetched().digest()
    assert len(before) == len(after) == 64 and before != after


def test_every_pin_is_a_hash_of_its_own():
    pins = runtime_files.PINS
    assert all(re.fullmatch("[0-9a-f]{64}", pin.sha256) for pin in pins)
    assert len({pin.sha256 for pin in pins}) == len(pins)
    assert len({pin.name for pin in pins}) == len(pins)


def test_the_worker_loads_the_pinned_version():
    script = (ROOT / "theme/static/python_worker.js").read_text("utf8")
    assert f'version: "{runtime_files.VERSION}"' in script


# ------------------------------------------------------------ in the site


def book(folder):
    return SimpleNamespace(outdir=folder, builder=SimpleNamespace(name="html"))


def test_the_site_has_one_folder_of_them_and_none_without(
    release, tmp_path, monkeypatch
):
    site = tmp_path / "site"
    site.mkdir()
    runtime_files.fetched()
    for text in (b"one wheel", b"the next"):
        monkeypatch.setattr(
            runtime.page_wheel, "wheel", lambda _, text=text: text
        )
        runtime.find(app := book(site))
        runtime.write(app, None)
        [folder] = site.glob("python-*")
        data = runtime.page_data(app)
        assert data["folder"] == f"{folder.name}/"
        assert data["files"] == {
            path.name: path.stat().st_size for path in folder.iterdir()
        }
        assert (folder / "selfattn.whl").read_bytes() == text
    (runtime_files.cache() / "one.js").unlink()
    runtime.find(app := book(site))
    assert runtime.page_data(app) is None
    runtime.write(app, None)
    assert not list(site.glob("python-*"))


def test_a_page_knows_what_to_say(release, tmp_path):
    runtime_files.fetched()
    runtime.find(app := book(tmp_path))
    data = runtime.page_data(app)
    assert data["time_up"].startswith("Your code was still running after 10 s")
    for said in ("time_up", "stopped", "ended", "not_started"):
        assert data[said].strip().endswith((".", "?")), data[said]
