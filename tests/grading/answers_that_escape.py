"""Answers that copy their process or forge a result. Run them caged only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from sample_exercises import weights

LOG = os.environ.get("ESCAPE_LOG", os.devnull)


def note(*words):
    with open(LOG, "a") as file:
        file.write(" ".join(map(str, words)) + "\n")


def lines():
    try:
        with open(LOG) as file:
            return file.read().split("\n")[:-1]
    except FileNotFoundError:
        return []


def forks_and_returns_in_both(q, k, mask=None):
    note("call")
    os.fork()
    return weights(q, k, mask)


def forks_and_raises_in_both(q, k, mask=None):
    note("call")
    os.fork()
    raise ValueError("in both")


def forks_ten_times(q, k, mask=None):
    for _ in range(10):  # 1024 processes, if nobody stops them
        os.fork()
    time.sleep(20)
    return weights(q, k, mask)


def forks_one_after_the_other(q, k, mask=None):
    for _ in range(2000):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    return weights(q, k, mask)


def leaves_a_sleeper_in_a_session_of_its_own(q, k, mask=None):
    pid = os.fork()
    if pid == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            note(os.getpid())
            time.sleep(600)
        os._exit(0)
    os.waitpid(pid, 0)
    while not lines():
        time.sleep(0.01)
    return weights(q, k, mask)


def leaves_a_program_running(q, k, mask=None):
    program = subprocess.Popen(["sleep", "600"], start_new_session=True)
    note(program.pid)
    return weights(q, k, mask)


def kills_its_keeper(q, k, mask=None):
    os.kill(os.getppid(), 9)
    return weights(q, k, mask)


def _frame_of_the_child():
    frame = sys._getframe()
    while frame is not None:
        if "nonce" in frame.f_locals:
            return frame.f_locals
        frame = frame.f_back
    raise LookupError("the sandbox is built otherwise")


def forged(text):
    """An answer that sends a failure with this text, and leaves."""

    def answer(q, k, mask=None):
        if os.getpid() == SESSION:
            os._exit(0)  # it made its way into the session
        child = _frame_of_the_child()
        head = json.dumps(
            {
                "outputs": [],
                "again": None,
                "changed": None,
                "printed": "",
                "warned": [],
                "failure": ["exception", text, "", 0, "E"],
            }
        ).encode()
        body = len(head).to_bytes(8, "big") + head
        os.write(
            child["writing"],
            child["nonce"] + len(body).to_bytes(8, "big") + body,
        )
        os._exit(0)

    return answer


def forged_junk(junk):
    """An answer that sends these bytes as its result, and leaves."""

    def answer(q, k, mask=None):
        child = _frame_of_the_child()
        data = child["nonce"] + len(junk).to_bytes(8, "big") + junk
        while data:
            data = data[os.write(child["writing"], data) :]
        os._exit(0)

    return answer


SESSION = os.getpid()
