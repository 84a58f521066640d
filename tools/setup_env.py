"""Make the book's environment: a virtual one, filled from the lock.

    python3 tools/setup_env.py [--env .venv] site|test|oldest

`site` holds what building the site needs, without torch. `test` adds the
rest of the lock, and torch where a CPU build of it can be had, with triton
where there is a build of that (Linux, x86-64). `oldest` is
the lower bounds of pyproject.toml. A stamp remembers what was installed, so
that a second run does nothing. Only the standard library is used, and nothing
newer than Python 3.6, so that an old Python gets a message.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from setup_pip import explain, last_line, pip, run_logged, say

ROOT = Path(__file__).resolve().parents[1]
OLDEST, NEWEST = (3, 10), (3, 13)
FILES = {
    "site": ["requirements-site.in", "requirements.txt"],
    "test": ["requirements.txt", "requirements-torch.txt"],
    "oldest": ["requirements-oldest.txt"],
}


class SetupError(Exception):
    """What went wrong, in words for the person at the keyboard."""


def check_python():
    """Refuse a Python on which the book is not tested."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    span = "%d.%d to %d.%d" % (OLDEST + NEWEST)
    names = [f"python3.{n}" for n in range(NEWEST[1], OLDEST[1] - 1, -1)]
    found = [name for name in names if runs(shutil.which(name))]
    fix = (
        f"run make again with PYTHON={found[0]}"
        if found
        else f"install one of {', '.join(reversed(names))} and run make again "
        "with PYTHON=python3.…"
    )
    got = "%d.%d" % sys.version_info[:2]
    raise SetupError(f"the book needs Python {span}: got {got}; {fix}")


def check_venv():
    """Refuse a Python that cannot make a virtual environment."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            version = "%d.%d" % sys.version_info[:2]
            raise SetupError(
                f"this Python has no module {module}, which makes the "
                "environment: apt install python3-venv "
                f"(or python{version}-venv), then run make again"
            )


def runs(python):
    """Whether there is such a program and it starts."""
    if not python:
        return False
    try:
        done = subprocess.run(
            [str(python), "-c", ""],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return False
    return done.returncode == 0


def wanted(layer):
    """What the stamp of a finished layer must say."""
    digest = hashlib.sha256()
    for name in FILES[layer]:
        digest.update((ROOT / name).read_bytes())
    return {
        "lock": digest.hexdigest(),
        "python": "%d.%d" % sys.version_info[:2],
        "checkout": str(ROOT),
    }


def read_stamp(env, layer):
    try:
        return json.loads((env / f"{layer}.stamp").read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def is_ready(env, layer):
    """Whether the layer stands, or one that holds it."""
    larger = {"site": ["site", "test"]}.get(layer, [layer])
    for name in larger:
        want, have = wanted(name), read_stamp(env, name)
        if all(have.get(key) == value for key, value in want.items()):
            return (env / "bin" / "python").exists()
    return False


def make_env(env):
    """Create the environment, unless a whole one for this Python is there."""
    python = env / "bin" / "python"
    broken_off = (env / "unfinished").exists()
    if python.exists() and not broken_off:
        version = subprocess.run(
            [
                str(python),
                "-c",
                "import sys, pip; print('%d.%d' % sys.version_info[:2])",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
        ).stdout.strip()
        if version == "%d.%d" % sys.version_info[:2]:
            return
        of = f"belongs to Python {version}" if version else "is not whole"
        say(f"{env.name} {of}: making it anew")
    elif broken_off:
        say(f"The last set-up of {env.name} was broken off: making it anew")
    check_venv()
    if (
        env.exists()
        and not (env / "pyvenv.cfg").exists()
        and any(env.iterdir())
    ):
        raise SetupError(
            f"{env} exists and is no virtual environment: move it away, "
            "or choose another name with VENV=…"
        )
    say(f"Making {env.name} with Python {sys.version.split()[0]}")
    command = [sys.executable, "-m", "venv", "--clear", str(env)]
    log = run_logged(command, env.parent / (env.name + ".log"))
    if log is not None:
        raise SetupError(explain(log) or f"venv failed: {last_line(log)}")
    (env.parent / (env.name + ".log")).unlink()


def install(env, layer):
    lock = (ROOT / FILES[layer][-1 if layer == "site" else 0]).read_text()
    total = len(re.findall(r"^[\w.-]+==", lock, re.M))
    if layer == "site":
        # A resolver run on the lock's releases takes the part that is needed.
        arguments = ["-r", "requirements-site.in", "-c", "requirements.txt"]
        say("Installing what the site needs (about 90 packages)")
        total = 0
    else:
        # The lock is complete, so nothing has to be resolved.
        arguments = ["--no-deps", "-r", FILES[layer][0]]
        say(f"Installing the {layer} environment ({total} packages at most)")
    log = pip(env, arguments, total)
    if log is not None:
        raise SetupError(
            (explain(log) or f"pip failed: {last_line(log)}")
            + f" [pip's own words: {env.name}/setup.log]"
        )


def install_torch(env):
    """The version installed, or "" and why there is none."""
    lines = (ROOT / "requirements-torch.txt").read_text("utf-8").splitlines()
    asked = [line for line in lines if line.startswith("torch==")]
    index = [line.split()[1] for line in lines if line.startswith("--index")]
    say("Installing the CPU build of torch (about 200 MB)")
    common = ["--no-deps", "--only-binary=:all:", "--retries=1"]
    common += ["--timeout=30"]
    # A wheel that pip's own configuration knows of spares the download.
    log = pip(env, common + asked)
    if log is not None:
        log = pip(env, common + ["--index-url", index[0]] + asked)
    if log is not None:
        why = explain(log) or last_line(log)
        if "No matching distribution" in log:
            cut_off = "Retrying" in log
            why = (
                "pip's own sources have no CPU build of it for this Python, "
                f"and {index[0]} "
                + ("cannot be reached" if cut_off else "has none either")
            )
        return "", why
    done = subprocess.run(
        [
            str(env / "bin" / "python"),
            "-c",
            "import torch; print(torch.__version__)",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
    )
    if done.returncode:
        return "", "it does not start: " + last_line(done.stderr)
    return done.stdout.strip(), ""


def install_triton(env):
    """The version installed, or "" and why there is none.

    Where the lock's marker asks for none there is no reason to give.
    """
    lines = (ROOT / "requirements-torch.txt").read_text("utf-8").splitlines()
    asked = [line for line in lines if line.startswith("triton==")]
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        return "", ""
    say("Installing triton (about 200 MB, 0.7 GB unpacked)")
    flags = ["--no-deps", "--only-binary=:all:", "--retries=1"]
    log = pip(env, flags + ["--timeout=30"] + asked)
    if log is not None:
        return "", explain(log) or last_line(log)
    return re.search(r"==([^ ]+)", asked[0]).group(1), ""


def link_checkout(env):
    """Let the environment import `selfattn` from this checkout."""
    version = "python%d.%d" % sys.version_info[:2]
    site = env / "lib" / version / "site-packages"
    (site / "selfattn_checkout.pth").write_text(f"{ROOT}\n", "utf-8")


def set_up(env, layer):
    check_python()
    if is_ready(env, layer):
        return
    begun = time.monotonic()
    make_env(env)
    unfinished = env / "unfinished"
    unfinished.touch()
    try:
        install(env, layer)
        stamp = wanted(layer)
        if layer == "test":
            stamp["torch"], why = install_torch(env)
            if why:
                say(f"No torch in {env.name}: {why}.")
                say(
                    "  Its parts of the tests are left out. "
                    "`make setup` tries again."
                )
            else:
                stamp["triton"], why = install_triton(env)
                if why:
                    say(f"No triton in {env.name}: {why}.")
                    say("  Tests of its kernels are left out.")
        link_checkout(env)
    except (SetupError, OSError):
        # pip gave up in order: the next run can go on from here.
        unfinished.unlink()
        raise
    part = env / f"{layer}.part"
    part.write_text(json.dumps(stamp, indent=1) + "\n", "utf-8")
    os.replace(str(part), str(env / f"{layer}.stamp"))
    unfinished.unlink()
    say(f"{env.name} is ready ({time.monotonic() - begun:.0f} s)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layer", choices=sorted(FILES))
    parser.add_argument("--env", default=".venv")
    parser.add_argument(
        "--again", action="store_true", help="check every package once more"
    )
    options = parser.parse_args()
    env = ROOT / options.env
    try:
        if options.again:
            for stamp in env.glob("*.stamp"):
                stamp.unlink()
        set_up(env, options.layer)
    except (SetupError, OSError) as error:
        text = str(error)
        print(f"Set-up: {explain(text) or text}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Set-up: stopped; run it again to finish", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
