"""Live figures compute and say in JavaScript what Python does."""

from __future__ import annotations

import json

import numpy as np
import pytest
from figure_engine import Engine

from selfattn import reference, speech, widgets


@pytest.fixture(scope="module")
def playground():
    return Engine("attention_playground")


@pytest.fixture(scope="module")
def slider():
    return Engine("frame_slider")


@pytest.fixture(scope="module")
def stepper():
    return Engine("matrix_stepper")


# ------------------------------------------------- what JavaScript computes


def draw_state(rng, size):
    q, k, v = (rng.normal(scale=size, size=(4, 2)).tolist() for _ in "qkv")
    return {"words": ["I", "saw", "a", "saw"], "q": q, "k": k, "v": v}


@pytest.mark.parametrize("size", [1.0, 30.0])
@pytest.mark.parametrize("score", ["dot", "additive"])
@pytest.mark.parametrize("weight", ["softmax", "relu"])
@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("own", [False, True])
def test_the_playground_computes_what_the_reference_does(
    playground, size, score, weight, scaled, own
):
    rng = np.random.default_rng(5)
    for asks in (0, 1, 2, 3, 0, 2):
        state = draw_state(rng, size)
        mask = np.ones((1, 4), dtype=bool)
        mask[0, asks] = own
        out, weights = reference.attention(
            *(np.array(state[name]) for name in "qkv"),
            mask=mask,
            score=score,
            weight=weight,
            w=np.ones(2) if score == "additive" else None,
            scale=None if score == "dot" and scaled else 1.0,
        )
        got = playground(
            "attend",
            {
                **state,
                "asks": asks,
                "score": score,
                "weight": weight,
                "scaled": scaled,
                "own": own,
            },
        )
        assert got["weights"] == pytest.approx(weights[asks], abs=1e-6)
        assert got["out"] == pytest.approx(out[asks], abs=1e-6, rel=1e-6)


@pytest.mark.parametrize("name", ["q", "k", "v", "asks"])
def test_python_and_javascript_agree_after_playing(playground, name):
    start = widgets.AttentionPlayground(scaled=True, own=False)
    moved = {"asks": 2}.get(name, [[0.5, 2], [-1, 1], [2, 2], [0, -2.5]])
    setattr(start, name, moved)
    weights, out = start.attend()
    got = playground("attend", start.state())
    assert got["weights"] == pytest.approx(weights, abs=1e-6)
    assert got["out"] == pytest.approx(out, abs=1e-6)


def test_scores_too_large_for_an_exponential_do_not_overflow(playground):
    got = playground("softmax", [1000.0, 999.0, -1000.0])
    assert got == pytest.approx([0.7310586, 0.2689414, 0.0], abs=1e-6)


def test_the_stepper_computes_what_the_reference_does(stepper):
    rng = np.random.default_rng(7)
    for _ in range(20):
        live = widgets.MatrixStepper(
            inputs=rng.normal(size=(4, 2)).tolist(),
            w_q=rng.normal(size=(2, 2)).tolist(),
            w_k=rng.normal(size=(2, 2)).tolist(),
            w_v=rng.normal(size=(2, 2)).tolist(),
        )
        got = stepper("matrices", live.state())
        for name, matrix in live.matrices().items():
            np.testing.assert_allclose(got[name], matrix, atol=1e-6)


@pytest.mark.parametrize("convention", ["rows", "columns"])
def test_the_factors_of_every_step_give_its_result(stepper, convention):
    rng = np.random.default_rng(11)
    state = widgets.MatrixStepper(
        inputs=rng.normal(size=(4, 2)).tolist(), convention=convention
    ).state()
    turned = {**state, "convention": "rows"}
    kinds = ["input", *4 * ["product"], "softmax", "product"]
    for n, kind in enumerate(kinds):
        step = stepper("stepOf", state, n)
        assert step["kind"] == kind
        out = np.array(step["out"]["m"])
        rows = np.array(stepper("stepOf", turned, n)["out"]["m"])
        expected = rows if convention == "rows" else rows.T
        np.testing.assert_allclose(out, expected, atol=1e-12)
        if kind == "product":
            factors = (np.array(step[side]["m"]) for side in ("left", "top"))
            np.testing.assert_allclose(np.matmul(*factors), out, atol=1e-6)
        elif kind == "softmax":
            axis, side = (1, "left") if convention == "rows" else (0, "top")
            scores = np.array(step[side]["m"])
            np.testing.assert_allclose(
                reference.softmax(scores, axis=axis), out, atol=1e-6
            )


@pytest.mark.parametrize("padding", ["none", "end", "centre"])
def test_the_slider_counts_and_places_frames_as_the_package_does(
    slider, padding
):
    rng = np.random.default_rng(13)
    for _ in range(40):
        samples, window, hop = (int(n) for n in rng.integers(1, 900, 3))
        got = slider("countFrames", samples, window, hop, padding)
        assert got == speech.n_frames(samples, window, hop, padding)
    live = widgets.FrameSlider(np.ones(997), 1000, padding=padding)
    got = slider("framing", {**live.state(), "window_ms": 30})
    frames = speech.frame_signal(np.arange(1.0, 998), 30, 10, padding)
    assert got["count"] == len(frames)
    for i in (3, 40):  # samples counted from 1, so that padding is 0
        assert frames[i, 0] == got["first"] + i * got["hop"] + 1
    with pytest.raises(ValueError, match="one row of 20 samples"):
        widgets.FrameSlider(np.ones((2, 997)), 1000)


def test_the_slider_says_how_much_neighbours_share(slider):
    state = widgets.FrameSlider.example().state()
    said = slider("describe", state).replace("\u00a0", " ")
    assert said == (
        "4 frames of 25 ms, one every 10 ms. Neighbours share 15 ms, 60 % of"
        " a frame. One second of sound gives 98 frames, one minute 5998."
    )
    gap = slider("describe", {**state, "hop_ms": 40})
    assert "15 ms between frames are seen by none" in gap
    assert slider("counting", state) == (
        "1 + (997 − 400) / 160, rounded down = 4"
    )


# ------------------------------------------------------- what figures say


def test_the_playground_says_what_it_shows(playground):
    state = widgets.AttentionPlayground().state()
    said = playground("describe", state).replace("\u00a0", " ")
    assert said == (
        "“saw” (2) and “saw” (4) lead with 40 % each. b¹ = (1.35, 2.84),"
        " nearest to the value of “saw” (2) and “saw” (4)."
    )
    assert playground("arithmetic", state, 2) == [
        "α₁,₃ = q¹·k³ = 1·1 + (−1)·1 = 0",
        "e to the 0 is 1.00",
        "α′₁,₃ = 1.00 / (0.37 + 2.72 + 1.00 + 2.72) = 0.15",
    ]
    relu = playground("describe", {**state, "weight": "relu"})
    assert "add up to 2, not to 1" in relu and "(2.00, 6.00)" in relu
    none = {**state, "weight": "relu", "q": [[-1, -1]] * 4}
    assert "No key has a score above 0" in playground("describe", none)
    alone = playground("describe", {**state, "own": False})
    assert "“I” (1) may not look at itself" in alone


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("sentence", "“saw” (2) and “saw” (4) lead"),
        ("equal", "“I” (1) and “saw” (2) lead"),
        ("dominates", "“a” (3) dominates"),
        ("nobody", "All 4 keys count alike"),
    ],
)
def test_every_setting_shows_what_it_promises(playground, preset, expected):
    state = widgets.AttentionPlayground().state()
    setting = json.loads(
        playground.context.eval(f"JSON.stringify(PRESETS.{preset})")
    )
    assert expected in playground("describe", {**state, **setting})


def test_the_stepper_says_which_sum_a_cell_is(stepper):
    state = widgets.MatrixStepper(convention="columns").state()
    said = stepper("describe", state, 4, 2, 1)
    assert said == (
        "Step 5 of 7, A = Kᵀ Q. Row 3, column 2, “saw” (2) asks, “a” (3) is"
        " asked: 1·1 + 1·2 = 3."
    )
    rows = {**state, "convention": "rows"}
    said = stepper("describe", rows, 4, 1, 2)
    assert "A = Q Kᵀ. Row 2, column 3" in said and "1·1 + 2·1 = 3" in said
    mixed = stepper("describe", rows, 6, 0, 1)
    assert mixed.endswith("0.05·0 + 0.40·3 + 0.15·3 + 0.40·3 = 2.84.")


@pytest.mark.parametrize(
    ("x", "shown"),
    [(-0.001, "0"), (-1, "−1"), (0.5, "0.5"), (10, "10"), (1.005, "1")],
)
def test_numbers_are_short_and_have_a_minus_sign(playground, x, shown):
    assert playground("number", x) == shown
