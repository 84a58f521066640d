"""Chapter 13's studies: tasks, forms, what is kept, the kernel's file."""

import subprocess
import sys

import numpy as np
import pytest
from checkout import STUDIES

torch = pytest.importorskip("torch")

from selfattn import attention, data, masks  # noqa: E402

pytestmark = pytest.mark.usefixtures("studies")


def drawn(task, batch=5):
    import cheap_attention as study

    rng = torch.Generator().manual_seed(0)
    tokens, answers = getattr(study, task)(batch, rng)
    return tokens.numpy(), answers.numpy()


def test_each_key_is_told_once_and_asked_once():
    tokens, answers = drawn("look_up")
    for row, wanted in zip(tokens, answers, strict=True):
        told = {key: value for key, value in row.tolist() if value < 8}
        asked = [key for key, value in row.tolist() if value == 8]
        assert len(told) == len(asked) == len(set(asked)) == 64
        for (key, value), answer in zip(row.tolist(), wanted, strict=True):
            assert answer == (told[key] if value == 8 else -100)


def test_the_majority_is_that_of_the_group():
    tokens, answers = drawn("majority")
    for row, wanted in zip(tokens, answers, strict=True):
        for group in range(4):
            mine = row[:, 0] == group
            lead = (2 * row[mine, 1] - 1).sum()
            right = -100 if lead == 0 else int(lead > 0)
            assert (wanted[mine] == right).all()


@pytest.mark.parametrize("form", ["full", "local", "strided"])
def test_a_form_is_attention_with_its_mask(form):
    import cheap_attention as study

    rng = torch.Generator().manual_seed(0)
    q, k, v = torch.randn(3, 2, study.HEADS, 32, 16, generator=rng)
    near = masks.window(32, study.RADIUS)
    far = masks.strided(32, study.STRIDE)
    everything = np.ones((32, 32), dtype=bool)
    heads = {"full": [everything] * 4, "local": [near] * 4}
    heads["strided"] = [near, near, far, far]
    mask = np.stack(heads[form])[None]  # (1, H, L, L)
    want, _ = attention.attention(q, k, v, mask=np.repeat(mask, 2, axis=0))
    with torch.no_grad():
        have = study.Mixer(form).mix(q, k, v)
    torch.testing.assert_close(have, want, rtol=0, atol=2e-6)


def test_the_kernels_with_features_are_linear_attention():
    import cheap_attention as study

    rng = torch.Generator().manual_seed(0)
    q, k, v = torch.randn(3, 2, study.HEADS, 32, 16, generator=rng).double()
    have = study.Mixer("linear").mix(q, k, v)
    want, _ = attention.linear_attention(q, k, v, causal=False)
    torch.testing.assert_close(have, want)
    mixer = study.Mixer("random").double()
    have = mixer.mix(q, k, v)
    want, _ = attention.linear_attention(
        q, k, v, causal=False,
        features=lambda x: attention.positive_features(x, mixer.w),
    )  # fmt: skip
    torch.testing.assert_close(have, want, rtol=0, atol=1e-2)


def test_what_is_kept_is_counted_once():
    import cheap_cost as study

    q, k, v = study.inputs(64)
    bare = study.kept(lambda q, k, v: (q * k).sum() + (q * v).sum(), [q, k, v])
    assert bare == 3 * q.numel() * 4
    full = study.kept(study.mixer("unfused", 64), [q, k, v])
    assert full >= bare + 4 * study.HEADS * 64 * 64  # the weights too


@pytest.mark.parametrize("name", ["cheap_attention", "cheap_cost"])
def test_a_stored_study_says_how_it_was_made(name):
    stored = data.result(name)
    assert stored["command"] == f"python data/studies/{name}.py"
    assert stored["hardware"] and stored["versions"]["torch"]


def test_every_form_was_trained_with_three_seeds():
    stored = data.result("cheap_attention")
    for task, chance in stored["chance"].items():
        for form in stored["forms"]:
            runs = stored["accuracy"][task][form]
            assert sorted(runs) == ["0", "1", "2"]
            assert all(chance - 0.05 < x <= 1 for x in runs.values())


def a_row(**changes):
    row = {"length": 1024, "width": 64, "heads": 32, "batch": 16}
    row |= {"causal": False, "ours_ms": 0.5, "torch_ms": 0.25}
    return row | {"ours": 274.9, "torch": 549.8, "off": 0.001} | changes


def a_file(**changes):
    stored = {"command": "python data/studies/fused_speed.py"}
    stored |= {"hardware": "made up", "versions": {}, "limit": None}
    return (
        stored
        | {"rows": [a_row(), a_row(causal=True, ours=137.4, torch=274.9)]}
        | changes
    )


def test_the_form_of_the_kernels_file_is_checked():
    import fused_speed as study

    assert study.checked(a_file())
    for wrong, words in [
        (a_file(rows=[]), "empty"),
        (a_file(rows=[a_row(length=1.5)]), "look at length"),
        (a_file(rows=[a_row(more=1)]), "too much"),
        (a_file(rows=[a_row(ours=999.0)]), "must fit the milliseconds"),
        ({"rows": [a_row()]}, "must have command"),
    ]:
        with pytest.raises(ValueError, match=words):
            study.checked(wrong)


def test_the_kernels_file_has_that_form_where_it_was_measured():
    import fused_speed as study

    try:
        stored = data.result("fused_speed")
    except FileNotFoundError:
        pytest.skip("not yet measured: no GPU was at hand")
    study.checked(stored)


def test_without_a_gpu_nothing_is_written():
    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    done = subprocess.run(
        [sys.executable, str(STUDIES / "fused_speed.py")],
        capture_output=True, text=True, env=None,
    )  # fmt: skip
    assert done.returncode == 1 and "no GPU here" in done.stderr
