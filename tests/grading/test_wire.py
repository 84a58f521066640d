"""What a child sends back is read as plain data, whoever made it."""

from __future__ import annotations

import json
import pickle
import time

import numpy as np
import pytest
from sample_exercises import cases

from selfattn.grading import plain, wire
from selfattn.grading.run import Failure, Outcome

CASES = cases(np.random.default_rng(0))[:1]


def sent(value):
    return Outcome([plain.encode(value)])


@pytest.mark.parametrize(
    "value",
    [
        1,
        1.5,
        True,
        1 + 2j,
        10**30,
        "word",
        None,
        [1, 2],
        [[1, 2], [3]],
        (1, "a", None),
        {"a": 1, 2: [3.0]},
        {1, 2},
        np.arange(6).reshape(2, 3),
        np.float32(2),
        np.array(["a", "bc"]),
        range(4),
        [],
        (),
        np.empty((0, 3)),
        np.array([True, False]),
        float("nan"),
        "\ud800",
        10**400,
        np.arange(3, dtype=">i2"),
        np.array([], dtype=str),
        {True: 1},
    ],
    ids=repr,
)
def test_data_crosses_the_pipe_unchanged(value):
    outcome = sent(value)
    back = wire.loads(wire.dumps(outcome), CASES)
    assert repr(back) == repr(outcome)


def test_a_failure_crosses_the_pipe_unchanged():
    outcome = Outcome(
        [],
        Failure("exception", "E: no", "line 3", 0, "E"),
        plain.encode(1),
        (0, 1),
        "printed",
        ("W: careful",),
    )
    assert wire.loads(wire.dumps(outcome), CASES) == outcome


GOOD = {
    "outputs": [["text", "a"]],
    "again": None,
    "failure": None,
    "changed": None,
    "printed": "",
    "warned": [],
}


def packed(blob=b"", **changes):
    head = json.dumps({**GOOD, **changes}).encode()
    return len(head).to_bytes(8, "big") + head + blob


def nested(depth):
    tree = ["text", "a"]
    for _ in range(depth):
        tree = ["group", "list", [tree], []]
    return tree


def array(dtype, shape, origin="array", name="x"):
    return [["array", dtype, shape, origin, name]]


MADE_UP = {
    "nothing": b"",
    "a pickle": pickle.dumps(print),
    "no JSON": (3).to_bytes(8, "big") + b"{{{",
    "a length too long": (2**40).to_bytes(8, "big") + b"{}",
    "a list": (2).to_bytes(8, "big") + b"[]",
    "no outputs": (2).to_bytes(8, "big") + b"{}",
    "too few outputs": packed(outputs=[]),
    "too many outputs": packed(outputs=[["text", "a"]] * 2),
    "a number for an output": packed(outputs=[7]),
    "an unknown kind": packed(outputs=[["lambda", "x"]]),
    "nested too deeply": packed(outputs=[nested(100)]),
    "nested beyond recursion": packed().replace(
        b'["text", "a"]', b"[" * 50_000 + b"]" * 50_000
    ),
    "a keyless dict": packed(outputs=[["group", "dict", [["text", ""]], []]]),
    "a dict's keys in a list": packed(outputs=[["group", "list", [], [1]]]),
    "a key that is a list": packed(
        outputs=[["group", "dict", [["text", ""]], [[1]]]]
    ),
    "objects": packed(outputs=array("|O", [1]), blob=b"12345678"),
    "a structured type": packed(outputs=array("i4,i4", [1]), blob=b"12345678"),
    "fewer numbers than said": packed(outputs=array("<f8", [2]), blob=b"1"),
    "more numbers than said": packed(blob=b"12345678"),
    "a shape of 2**70": packed(outputs=array("<f8", [2**70])),
    "a negative shape": packed(outputs=array("<f8", [-1]), blob=b"12345678"),
    "a true shape": packed(outputs=array("<f8", [True]), blob=b"12345678"),
    "letters beyond Unicode": packed(
        outputs=array("<U1", [1]), blob=b"\xff\xff\xff\x7f"
    ),
    "an unknown origin": packed(outputs=array("<f8", [0], "moon")),
    "an unknown failure": packed(outputs=[], failure=["x", "", "", 0, ""]),
    "a failure of numbers": packed(outputs=[], failure=["time", 1, 2, 0, 3]),
    "a case that is not": packed(outputs=[], failure=["time", "", "", 9, ""]),
    "an argument that is not": packed(changed=[0, 7]),
    "a changed name that is not": packed(changed=[0, "p"]),
    "a changed word": packed(changed="ab"),
    "printed numbers": packed(printed=3),
    "a warning too many": packed(warned=["w"] * 4),
}


@pytest.mark.parametrize("name", MADE_UP)
def test_what_is_made_up_is_a_value_error(name):
    with pytest.raises(ValueError):
        wire.loads(MADE_UP[name], CASES)


def test_the_made_up_ones_differ_from_good_ones_in_one_thing():
    wire.loads(packed(), CASES)
    wire.loads(packed(outputs=array("<f8", [1]), blob=b"12345678"), CASES)
    wire.loads(packed(outputs=[], failure=["time", "", "", 0, ""]), CASES)
    wire.loads(packed(changed=[0, 1]), CASES)
    wire.loads(packed(outputs=[nested(5)]), CASES)


def test_random_damage_is_a_value_error_or_data():
    good = wire.dumps(sent({"a": np.eye(3), "b": ["x", (1, None)]}))
    rng = np.random.default_rng(0)
    for _ in range(2000):
        data = bytearray(good)
        for at in rng.integers(0, len(data), rng.integers(1, 6)):
            data[at] = rng.integers(0, 256)
        try:
            assert type(wire.loads(bytes(data), CASES)) is Outcome
        except ValueError:
            pass


def laughs(depth, wide):
    value = ["ha"] * wide
    for _ in range(depth):
        value = [value] * wide
    return value


@pytest.mark.parametrize(
    "value",
    [
        laughs(9, 10),
        tuple(laughs(30, 3)),
        {"a": laughs(11, 9)},
        [0.0] * 10**6,
        [np.zeros(2**20)] * 40,
    ],
    ids=["lists", "a tuple", "a dict", "a long list", "one array often"],
)
def test_what_is_shared_is_counted_each_time(value):
    start = time.monotonic()
    output = plain.encode(value)
    data = wire.dumps(Outcome([output]))
    assert time.monotonic() - start < 5 and len(data) < 2**22
    assert type(output) is plain.Other and output.why == "too large"


def test_a_list_that_contains_itself_ends():
    loop = [1]
    loop.append(loop)
    assert wire.loads(wire.dumps(sent(loop)), CASES)


def test_foreign_text_is_cut_before_it_is_sent():
    long = type("N" * 10**6, (), {})
    assert len(plain.encode(long()).type) < 100
    assert len(plain.encode("a" * 10**7).value) <= plain.MAX_TEXT
    assert len(plain.encode({long(): 1}).keys[0]) < 1000
