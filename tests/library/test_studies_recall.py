"""Chapter 12's studies: their tasks, their nets, and what they measure."""

import numpy as np
import pytest
import torch
from checkout import ROOT

from selfattn import data

pytestmark = pytest.mark.usefixtures("studies")


def test_the_first_token_alone_is_a_letter():
    import recall

    tokens, letter = recall.batch(50, 7)
    assert tokens.shape == (50, 8)
    assert (tokens[:, 0] == letter).all() and letter.max() < recall.LETTERS
    assert tokens[:, 1:].min() >= recall.LETTERS


def test_an_open_gate_opens_the_forget_gate_alone():
    import recall

    torch.manual_seed(0)
    lstm = torch.nn.LSTM(3, 5)
    before = [p.detach().clone() for p in lstm.parameters()]
    recall.set_gate(lstm, "forget", 2.0)
    total = (lstm.bias_ih_l0 + lstm.bias_hh_l0).detach().chunk(4)
    assert (total[1] == 2.0).all()
    was = (before[2] + before[3]).chunk(4)
    for part in (0, 2, 3):
        assert torch.equal(total[part], was[part])
    # With weights of 0 the cell keeps sigmoid(2) of itself.
    with torch.no_grad():
        for p in (lstm.weight_ih_l0, lstm.weight_hh_l0):
            p.zero_()
        lstm.bias_ih_l0.chunk(4)[2].zero_()
        lstm.bias_hh_l0.chunk(4)[2].zero_()
        state = torch.zeros(1, 5), torch.ones(1, 5)
        _, (_, cell) = lstm(torch.zeros(1, 3), state)
    np.testing.assert_allclose(cell, 1 / (1 + np.exp(-2.0)), rtol=1e-6)


def test_both_gates_are_set_and_no_other():
    import recall

    torch.manual_seed(0)
    was = recall.Net("lstm").lstm
    torch.manual_seed(0)
    lstm = recall.Net("lstm_both").lstm
    total, before = (
        (x.bias_ih_l0 + x.bias_hh_l0).detach().chunk(4) for x in (lstm, was)
    )
    assert (total[0] == -5.0).all() and (total[1] == 5.0).all()
    for part in (2, 3):
        assert torch.equal(total[part], before[part])


@pytest.mark.parametrize("kind", ["lstm", "attention", "linear"])
def test_the_gradient_by_distance_is_of_the_last_output(kind):
    import recall

    torch.manual_seed(0)
    net = recall.Net(kind)
    found = recall.gradients(net, 9, n=4)
    assert found.shape == (9,) and (found > 0).all()
    if kind == "lstm":
        assert found[0] < found[-1] / 5


def test_a_pair_that_is_asked_for_is_there_once():
    import many_pairs

    keys, values, asked, wanted = many_pairs.batch(40, 6)
    assert keys.shape == values.shape == (40, 6)
    here = keys == asked[:, None]
    assert (here.sum(dim=1) == 1).all()
    assert torch.equal(values[here], wanted)
    assert all(len(set(row.tolist())) == 6 for row in keys)


def test_times_are_taken_of_every_form_and_length():
    import step_times

    rows = step_times.measured("cpu", rounds=1, lengths=(8, 130))
    made = {(row["form"], row["length"], row["pass"]) for row in rows}
    assert len(made) == len(rows) == 3 * 2 * 2
    assert all(row["ms"] > 0 for row in rows)


def test_no_time_of_a_gpu_is_stored_without_its_name():
    path = ROOT / "data" / "results" / "step_times_cuda.json"
    if path.exists():
        stored = data.result("step_times_cuda")
        assert stored["command"].endswith("cuda")
        assert "CPU" not in stored["hardware"]


@pytest.mark.parametrize("name", ["recall", "many_pairs", "step_times"])
def test_a_result_says_how_it_was_made(name):
    stored = data.result(name)
    assert stored["command"] == f"python data/studies/{name}.py"
    assert stored["hardware"] and stored["versions"]["torch"]
    for runs in stored.get("accuracy", {}).values():
        seeds = {len(by_seed) for by_seed in runs.values()}
        assert seeds == {len(stored["settings"]["seeds"])}
