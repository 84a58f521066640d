"""The make targets, the lock and the set-up's messages."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys

import pytest
from checkout import ROOT


def load(name: str):
    path = ROOT / "tools" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"tools_{name}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


setup_env = load("setup_env")
build_site = load("build_site")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(name: str) -> set[str]:
    text = (ROOT / name).read_text("utf-8")
    return {normal(n) for n in re.findall(r"^([\w.-]+)==", text, re.M)}


def asked(name: str) -> set[str]:
    text = (ROOT / name).read_text("utf-8")
    return {normal(n) for n in re.findall(r"^([A-Za-z][\w.-]*)", text, re.M)}


@pytest.mark.parametrize(
    ("source", "lock"),
    [
        ("requirements-site.in", "requirements.txt"),
        ("requirements.in", "requirements.txt"),
        ("requirements-oldest.in", "requirements-oldest.txt"),
    ],
)
def test_lock_pins_everything_that_is_asked_for(source, lock):
    assert asked(source) <= pinned(lock)


@pytest.mark.parametrize("name", ["requirements", "requirements-oldest"])
def test_lock_names_no_host_no_path_and_only_exact_releases(name):
    for line in (ROOT / f"{name}.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            assert re.match(r"[\w.-]+==[\w.]+( ; .+)?$", line), line


def test_lock_pulls_no_cuda_and_torch_is_the_cpu_build():
    names = pinned("requirements.txt")
    assert not [n for n in names if n.startswith(("nvidia", "cuda", "torch"))]
    text = (ROOT / "requirements-torch.txt").read_text("utf-8")
    assert re.search(
        r'^torch==[\d.]+\+cpu ; sys_platform != "darwin"$', text, re.M
    )


def test_triton_is_locked_for_the_system_that_has_a_build(
    monkeypatch, tmp_path
):
    text = (ROOT / "requirements-torch.txt").read_text("utf-8")
    marker = 'sys_platform == "linux" and platform_machine == "x86_64"'
    assert re.search(rf"^triton==[\d.]+ ; {marker}$", text, re.M)
    calls = []
    monkeypatch.setattr(setup_env, "say", lambda text: None)
    monkeypatch.setattr(
        setup_env, "pip", lambda env, arguments: calls.append(arguments)
    )
    for system, machine in (("darwin", "arm64"), ("linux", "aarch64")):
        monkeypatch.setattr(sys, "platform", system)
        monkeypatch.setattr(setup_env.platform, "machine", lambda m=machine: m)
        assert setup_env.install_triton(tmp_path) == ("", "") and not calls
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(setup_env.platform, "machine", lambda: "x86_64")
    version, why = setup_env.install_triton(tmp_path)
    assert f"triton=={version} ; " in text and not why
    assert "--no-deps" in calls[0]
    monkeypatch.setattr(setup_env, "pip", lambda *_: "No space left on device")
    version, why = setup_env.install_triton(tmp_path)
    assert not version and "the disk is full" in why


def test_oldest_environment_is_the_lower_bounds_of_pyproject():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    lock = (ROOT / "requirements-oldest.txt").read_text("utf-8")
    for name in ("numpy", "matplotlib", "ipywidgets", "anywidget"):
        bound = re.search(rf'"{name}>=([\d.]+)"', text)[1]
        assert re.search(rf"^{name}=={re.escape(bound)}(\.0)?$", lock, re.M)


@pytest.mark.skipif(not shutil.which("make"), reason="make is not here")
@pytest.mark.parametrize(
    "target",
    [
        "site",
        "serve",
        "test",
        "test-oldest",
        "notebooks",
        "bench",
        "screenshots",
        "repo",
        "zip",
        "clean",
        "help",
    ],
)
def test_make_knows_the_target_and_help_names_it(target):
    dry = subprocess.run(
        ["make", "-n", target], cwd=ROOT, capture_output=True, text=True
    )
    assert dry.returncode == 0, dry.stderr
    shown = subprocess.run(
        ["make"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    assert f"make {target} " in shown or target == "help"


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        (
            "NewConnectionError: Failed to establish a new connection",
            "check the network",
        ),
        ("Temporary failure in name resolution", "check the network"),
        (
            "error: command 'gcc' failed: No such file or directory",
            "build-essential",
        ),
        ("ERROR: ResolutionImpossible: for help visit", "check the network"),
        ("ERROR: No matching distribution found for numpy==9", "numpy==9"),
    ],
)
def test_trouble_is_told_with_what_to_do(said, advice):
    assert advice in setup_env.explain(f"…\n{said}\n…")


@pytest.mark.parametrize("version", [(3, 9), (3, 14)])
def test_a_python_outside_the_tested_span_is_refused(version, monkeypatch):
    monkeypatch.setattr(setup_env.sys, "version_info", (*version, 0))
    with pytest.raises(setup_env.SetupError, match="3.10 to 3.13: got 3"):
        setup_env.check_python()


def test_a_python_without_ensurepip_is_told_what_to_install(monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        setup_env.importlib.util,
        "find_spec",
        lambda name: None if name == "ensurepip" else find(name),
    )
    with pytest.raises(setup_env.SetupError, match="apt install python3-ve"):
        setup_env.check_venv()


def test_a_broken_off_set_up_is_not_taken_for_a_finished_one(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    (tmp_path / "site.stamp").write_text('{"lock": "an')
    assert not setup_env.is_ready(tmp_path, "site")


def test_set_up_is_done_once_and_again_when_the_lock_changes(
    tmp_path, monkeypatch
):
    import json

    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    stamp = json.dumps(setup_env.wanted("test"))
    (tmp_path / "test.stamp").write_text(stamp)
    assert setup_env.is_ready(tmp_path, "test")
    assert setup_env.is_ready(tmp_path, "site")
    files = {**setup_env.FILES, "test": ["pyproject.toml"]}
    monkeypatch.setattr(setup_env, "FILES", files)
    assert not setup_env.is_ready(tmp_path, "test")


def test_site_is_rebuilt_exactly_when_a_source_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(build_site, "ROOT", tmp_path)
    page = tmp_path / "chapters" / "a.md"
    page.parent.mkdir()
    page.write_text("one")
    first = build_site.fingerprint("none")
    page.touch()
    assert build_site.fingerprint("none") == first
    page.write_text("two")
    second = build_site.fingerprint("none")
    assert second["pages"] != first["pages"]
    assert second["rest"] == first["rest"]
    (tmp_path / "_config.yml").write_text("title: x")
    assert build_site.fingerprint("none")["rest"] != first["rest"]
