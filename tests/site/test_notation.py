"""The notation table: every name is where it says, every row holds."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re

import numpy as np
import pytest
import yaml
from checkout import ROOT

from selfattn import positions, reference

TABLE = ROOT / "chapters" / "notation.yml"
ROWS = {
    row["meaning"]: row
    for section in yaml.safe_load(TABLE.read_text("utf-8"))
    for row in section["rows"]
}
NAMES = [
    (meaning, name, place)
    for meaning, row in ROWS.items()
    for key in ("names", "torch_names")
    for name, place in row.get(key, {}).items()
]
WORDS = {"True", "False", "scale"}  # Python's own; a keyword that is shown
HAS_TORCH = importlib.util.find_spec("torch") is not None


def find(path: str):
    """The object at a dotted path; attributes of a class on an instance."""
    parts = path.split(".")
    for n in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:n]))
        except ModuleNotFoundError:
            continue
        for part in parts[n:]:
            if inspect.isclass(found) and not hasattr(found, part):
                found = found(6, 2)  # MultiheadAttention: width, heads
            found = getattr(found, part)
        return found
    raise ModuleNotFoundError(path)


def exists(name: str, place: str) -> bool:
    """Whether the name is where the table says."""
    if match := re.fullmatch(r"(.+)\((\w+)\)", place):
        owner, argument = find(match[1]), match[2]
        try:
            known = set(inspect.signature(owner).parameters)
        except ValueError:  # a function written in C: its first lines
            known = set(re.findall(r"\w+", owner.__doc__.split(")")[0]))
        return argument == name and argument in known
    if match := re.fullmatch(r"(.+): (\w+)", place):
        text = find(match[1]).__doc__
        return match[2] == name and bool(re.search(rf"\b{name}\b", text))
    return place.rpartition(".")[2] == name and find(place) is not None


@pytest.mark.parametrize(("meaning", "name", "place"), NAMES)
def test_every_name_is_where_the_table_says(meaning, name, place):
    if place.startswith("torch") and not HAS_TORCH:
        pytest.skip("no torch here")
    assert exists(name, place)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("n_head", "selfattn.reference.multi_head(n_head)"),
        ("q", "selfattn.reference.multi_head(q)"),
        ("Z", "selfattn: Z"),
        ("dot_scores", "selfattn.reference.softmax"),
    ],
)
def test_a_wrong_place_is_noticed(name, place):
    assert not exists(name, place)


@pytest.mark.parametrize("meaning", ROWS)
def test_every_name_shown_has_a_place(meaning):
    row = ROWS[meaning]
    for column, key in (("here", "names"), ("torch", "torch_names")):
        placed = {**row.get("names", {}), **row.get(key, {})}
        for code in re.findall(r"`([^`]+)`", row.get(column, "")):
            names = set(re.findall(r"[A-Za-z_]\w*", code))
            names -= WORDS | {"i", "j"}
            assert names <= set(placed), f"{column}: {names - set(placed)}"


def _numbers() -> dict:
    """The same attention twice: capitals are columns, small letters rows."""
    rng = np.random.default_rng(0)
    L, d_model, d_k, d_v = 7, 6, 3, 5
    x = rng.standard_normal((L, d_model))
    w_q, w_k = rng.standard_normal((2, d_model, d_k))
    w_v = rng.standard_normal((d_model, d_v))
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    heads = rng.standard_normal((2, L, d_v))  # (H, L, d_v)
    w_o = rng.standard_normal((2 * d_v, d_model))
    sinusoidal = positions.sinusoidal
    return {
        **locals(), "S": L, "np": np, "I": x.T, "Wq": w_q.T, "Wk": w_k.T,
        "Wv": w_v.T, "Wo": w_o.T, "Q": q.T, "K": k.T, "V": v.T,
        "E": sinusoidal(L, d_model).T, "softmax": reference.softmax,
        "dot_scores": reference.dot_scores, "sum": sum, "range": range,
        "attention": reference.attention,
        "merge_heads": reference.merge_heads,
    }  # fmt: skip


@pytest.mark.parametrize(
    "meaning", [name for name, row in ROWS.items() if "equal" in row]
)
def test_the_code_is_the_lecture_transposed(meaning):
    row, numbers = ROWS[meaning], _numbers()
    lecture, code = (np.asarray(eval(e, numbers)) for e in row["equal"])
    assert code.shape == tuple(numbers[size] for size in row["shape"])
    np.testing.assert_allclose(lecture.T, code, rtol=0, atol=1e-12)
