"""Frames, spectra and mel bands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfattn import data
from selfattn.speech import (
    PADDINGS,
    frame_signal,
    hann,
    hz_to_mel,
    log_mel,
    mel_filterbank,
    mel_to_hz,
    n_frames,
    power_spectrum,
    to_samples,
)

SIZES = st.integers(1, 60)


# --- frames ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "none", "end", "centre"),
    [(1, 98, 100, 101), (60, 5998, 6000, 6001)],
)
def test_a_second_and_a_minute_have_the_frames_that_the_book_counts(
    seconds, none, end, centre
):
    n_samples = seconds * 16_000
    counts = [n_frames(n_samples, 400, 160, p) for p in PADDINGS]
    assert counts == [none, end, centre]
    signal = np.zeros(n_samples, dtype=np.float32)
    for padding, count in zip(PADDINGS, counts, strict=True):
        assert frame_signal(signal, 400, 160, padding).shape == (count, 400)


@given(SIZES, SIZES, SIZES)
def test_without_padding_frames_are_counted_as_a_loop_counts(n, window, hop):
    starts = [s for s in range(0, n, hop) if s + window <= n]
    assert n_frames(n, window, hop) == len(starts)
    assert n_frames(n, window, hop, "end") == len(range(0, n, hop))


@given(SIZES, SIZES, SIZES, st.sampled_from(PADDINGS))
def test_every_frame_is_a_slice_of_the_padded_signal(n, window, hop, padding):
    signal = np.arange(1.0, n + 1)
    count = n_frames(n, window, hop, padding)
    if count == 0:
        with pytest.raises(ValueError, match="at least one window"):
            frame_signal(signal, window, hop, padding)
        return
    frames = frame_signal(signal, window, hop, padding)
    assert frames.shape == (count, window)
    first = -(window // 2) if padding == "centre" else 0
    for i, frame in enumerate(frames):
        for j, value in enumerate(frame):
            at = first + i * hop + j
            assert value == (signal[at] if 0 <= at < n else 0)


@pytest.mark.parametrize(
    ("n", "window", "hop"),
    [
        (997, 101, 37),
        (999, 101, 37),
        (1000, 100, 30),
        (64, 64, 7),
        (13, 11, 5),
        (401, 400, 1),
    ],
)
def test_centred_frames_are_as_many_as_torch_counts(n, window, hop):
    torch = pytest.importorskip("torch")
    for centre in (True, False):
        spectrum = torch.stft(
            torch.zeros(n),
            window,
            hop,
            window=torch.ones(window),
            center=centre,
            return_complex=True,
        )
        padding = "centre" if centre else "none"
        assert n_frames(n, window, hop, padding) == spectrum.shape[-1]


def test_the_power_is_that_of_torch():
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).normal(size=997)
    theirs = torch.stft(
        torch.from_numpy(x),
        102,
        37,
        window=torch.hann_window(102, dtype=torch.float64),
        pad_mode="constant",
        return_complex=True,
    )
    frames = frame_signal(x, 102, 37, "centre")
    ours = power_spectrum(frames * hann(102))
    assert np.allclose(ours, theirs.abs().numpy().T ** 2, atol=1e-9)


def test_frames_are_a_copy_in_the_dtype_of_the_signal():
    signal = np.ones(7, dtype=np.float32)
    frames = frame_signal(signal, 3, 2)
    frames[:] = 0
    assert frames.dtype == np.float32
    assert (signal == 1).all()


def test_a_signal_of_one_window_is_one_frame():
    assert n_frames(400, 400, 160) == 1
    assert n_frames(399, 400, 160) == 0
    assert n_frames(0, 400, 160) == n_frames(0, 400, 160, "end") == 0
    assert n_frames(0, 400, 160, "centre") == 0


# --- spectra ---------------------------------------------------------------


@given(st.integers(1, 50))
def test_hann_is_symmetric_about_its_middle(window):
    w = hann(window)
    assert np.allclose(w[1:], w[1:][::-1])
    assert w[0] == 0
    if window > 1:
        assert w.sum() == pytest.approx(window / 2)


def test_hann_is_torchs():
    torch = pytest.importorskip("torch")
    theirs = torch.hann_window(401, dtype=torch.float64).numpy()
    assert np.allclose(hann(401), theirs)


def test_a_tone_has_its_energy_in_its_bin():
    n = np.arange(100)
    power = power_spectrum(np.cos(2 * np.pi * 7 * n / 100)[None])
    assert power.shape == (1, 51)
    assert power[0, 7] == pytest.approx(2500)
    assert np.delete(power[0], 7).max() < 1e-15


def test_power_keeps_the_energy_of_the_frame():
    x = np.random.default_rng(1).normal(size=(3, 101))
    power = power_spectrum(x, 128)
    both_sides = 2 * power.sum(axis=1) - power[:, 0] - power[:, -1]
    assert np.allclose(both_sides / 128, (x**2).sum(axis=1))


@given(st.floats(0, 20_000))
def test_mel_and_hertz_undo_each_other(hz):
    assert mel_to_hz(hz_to_mel(hz)) == pytest.approx(hz, abs=1e-6)


def test_mel_bands_peak_in_order_and_share_out_every_bin_between():
    bank = mel_filterbank(40, 512, 16_000)
    assert bank.shape == (40, 257)
    assert bank.min() == 0
    assert bank.max() <= 1
    peaks = bank.argmax(axis=1)
    assert (np.diff(peaks) > 0).all()
    # Between the first and the last peak, neighbours sum to one.
    corners = mel_to_hz(np.linspace(0, hz_to_mel(8000), 42))
    bins = np.arange(257) * 16_000 / 512
    inner = (bins >= corners[1]) & (bins <= corners[-2])
    assert inner.sum() > 200
    assert np.allclose(bank[:, inner].sum(axis=0), 1)


def test_a_tone_lights_up_its_mel_band():
    n = np.arange(16_000)
    for hz in (440.0, 1000.0, 3000.0):
        frames = log_mel(np.sin(2 * np.pi * hz * n / 16_000), 16_000)
        band = frames.mean(axis=0).argmax()
        centre = mel_to_hz((band + 1) * hz_to_mel(8000) / 41)
        assert hz / 1.1 < centre < hz * 1.1


@pytest.mark.parametrize(
    ("rate_hz", "n", "padding", "shape"),
    [
        (16_000, 16_000, "none", (98, 40)),
        (16_000, 16_000, "end", (100, 40)),
        (16_000, 16_000, "centre", (101, 40)),
        (22_050, 22_050, "end", (101, 40)),  # a hop of 220.5 is cut to 220
        (8_000, 200, "none", (1, 40)),
    ],
)
def test_log_mel_has_a_row_per_frame(rate_hz, n, padding, shape):
    signal = np.random.default_rng(2).normal(size=n)
    frames = log_mel(signal, rate_hz, padding=padding)
    assert frames.shape == shape
    assert np.isfinite(frames).all()


def test_silence_has_a_floor_and_twice_as_loud_adds_log_4():
    assert (log_mel(np.zeros(400), 16_000) == np.log(1e-10)).all()
    x = np.random.default_rng(3).normal(size=1600)
    louder = log_mel(2 * x, 16_000) - log_mel(x, 16_000)
    assert np.allclose(louder, np.log(4))


def test_the_hiss_of_the_spoken_s_lies_higher_than_its_vowels():
    spoken = data.load("i_saw_a_saw")
    frames = log_mel(spoken.signal, spoken.rate_hz)
    centres = np.arange(len(frames)) * 160 + 200
    high = np.exp(frames[:, 25:]).sum(axis=1)
    share = high / np.exp(frames).sum(axis=1)
    means = {
        label: share[(centres >= start) & (centres < stop)].mean()
        for label, start, stop in spoken.phonemes
    }
    assert means["s"] > 0.7
    assert max(v for k, v in means.items() if k != "s") < 0.3


def test_milliseconds_become_the_nearest_number_of_samples():
    assert to_samples(25, 16_000) == 400
    assert to_samples(25, 22_050) == 551
    assert to_samples(10, 44_100) == 441


ONE = np.ones(1000)
FRAMES = np.ones((3, 7))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: n_frames(-1, 4, 2), ValueError, "at least 0"),
        (lambda: n_frames(9.0, 4, 2), TypeError, "whole number"),
        (lambda: n_frames(9, 0, 2), ValueError, "at least 1"),
        (lambda: n_frames(9, 4, 0), ValueError, "at least 1"),
        (lambda: n_frames(9, 4, 2, "center"), ValueError, "'centre'"),
        (lambda: n_frames(9, 4, 2, None), TypeError, "padding"),
        (lambda: frame_signal(np.ones(0), 4, 2), ValueError, "one sample"),
        (lambda: frame_signal(ONE[:3], 4, 2), ValueError, "one window"),
        (lambda: frame_signal([1.0, 2.0], 1, 1), TypeError, "NumPy array"),
        (lambda: frame_signal(np.arange(9), 4, 2), TypeError, "float"),
        (lambda: frame_signal(np.ones((2, 9)), 4, 2), ValueError, "one axis"),
        (lambda: frame_signal(ONE * np.nan, 4, 2), ValueError, "finite"),
        (lambda: hann(0), ValueError, "at least 1"),
        (lambda: to_samples(0.01, 16_000), ValueError, "one sample"),
        (lambda: to_samples(-5, 16_000), ValueError, "positive"),
        (lambda: to_samples("5", 16_000), TypeError, "number"),
        (lambda: power_spectrum(ONE), ValueError, "row vectors"),
        (lambda: power_spectrum(np.ones((2, 3, 5))), ValueError, "matrix"),
        (lambda: power_spectrum(FRAMES, 5), ValueError, "at least the wind"),
        (lambda: power_spectrum(FRAMES * 1e300), ValueError, "fit into"),
        (lambda: hz_to_mel(-1.0), ValueError, "at least 0"),
        (lambda: hz_to_mel("440"), TypeError, "number"),
        (lambda: mel_to_hz(np.inf), ValueError, "finite"),
        (lambda: mel_filterbank(128, 256, 16_000), ValueError, "hold a bin"),
        (lambda: mel_filterbank(0, 256, 16_000), ValueError, "at least 1"),
        (lambda: mel_filterbank(9, 256, 0), ValueError, "positive"),
        (
            lambda: mel_filterbank(9, 256, 16_000, low_hz=8000),
            ValueError,
            "below half",
        ),
        (lambda: log_mel(ONE[:399], 16_000), ValueError, "one window"),
        (lambda: log_mel(ONE, 16_000, padding="all"), ValueError, "padding"),
    ],
)
def test_bad_input_is_explained(call, error, words):
    with pytest.raises(error, match=words):
        call()
