"""Speech as a set of vectors: a short window moves along the signal.

25 ms wide, 10 ms further each time: that is the lecture's choice and the
defaults here. `window` and `hop` count samples, `window_ms` and `hop_ms`
milliseconds.
"""

from __future__ import annotations

import numpy as np

from selfattn import demand

PADDINGS = ("none", "end", "centre")


def n_frames(
    n_samples: int, window: int, hop: int, padding: str = "none"
) -> int:
    """How many frames a signal of n_samples is cut into.

    padding : "none", only frames that lie wholly inside the signal;
        "end", one frame for each hop that starts inside the signal, with
        zeros after its end; "centre", half a window of zeros (rounded down)
        on either side, and then as "none" (`torch.stft` by default).

    Returns a whole number, which is 0 where the signal is too short. Raises
    a TypeError or ValueError for sizes that are not whole numbers above 0.

    >>> [n_frames(16_000, 400, 160, p) for p in ("none", "end", "centre")]
    [98, 100, 101]
    """
    n_samples = demand.integer("n_samples", n_samples, least=0)
    window = demand.integer("window", window)
    hop = demand.integer("hop", hop)
    demand.one_of("padding", padding, PADDINGS)
    if padding == "end":
        return -(-n_samples // hop)  # rounded up
    if padding == "centre" and n_samples:
        n_samples += 2 * (window // 2)
    return 0 if n_samples < window else 1 + (n_samples - window) // hop


def frame_signal(
    signal: np.ndarray, window: int, hop: int, padding: str = "none"
) -> np.ndarray:
    """Cut a signal into overlapping frames.

    signal (n_samples,) is float; window and hop are in samples; padding is
    as in `n_frames`. Returns (n_frames, window), a copy, in the signal's
    dtype: frame i starts i * hop samples into the (padded) signal. Raises a
    ValueError for an empty signal, or one too short for a single frame.

    >>> frame_signal(np.arange(6.0), window=4, hop=2)
    array([[0., 1., 2., 3.],
           [2., 3., 4., 5.]])
    """
    _signal(signal)
    count = n_frames(len(signal), window, hop, padding)
    if count == 0:
        raise ValueError(
            "the signal must be at least one window long: got "
            f"{len(signal)} samples for a window of {window}; choose a "
            'shorter window, or padding="end"'
        )
    left = window // 2 if padding == "centre" else 0
    right = max(0, (count - 1) * hop + window - left - len(signal))
    padded = np.pad(signal, (left, right))  # (n_padded,)
    starts = hop * np.arange(count)  # (n_frames,)
    return padded[starts[:, None] + np.arange(window)]  # (n_frames, window)


def to_samples(ms: float, rate_hz: float) -> int:
    """How many samples last so many milliseconds, to the nearest one.

    Raises a ValueError where that is less than one sample.

    >>> to_samples(25, 16_000)
    400
    """
    samples = round(demand.positive("ms", ms) * _rate(rate_hz) / 1000)
    if samples < 1:
        raise ValueError(
            f"a span must last at least one sample: got {ms} ms at "
            f"{rate_hz} Hz; choose a longer one"
        )
    return samples


def hann(window: int) -> np.ndarray:
    """A weight for each sample of a frame, fading out towards both ends.

    Returns sin²(πn / window) for n = 0 … window - 1, floats (window,): the
    periodic form, as `torch.hann_window` gives it by default.

    >>> hann(4).round(3)
    array([0. , 0.5, 1. , 0.5])
    """
    window = demand.integer("window", window)
    return np.sin(np.pi * np.arange(window) / window) ** 2  # (window,)


def power_spectrum(frames: np.ndarray, n_fft: int | None = None) -> np.ndarray:
    """How much energy each frame has at each frequency.

    frames (n_frames, window) are filled up with zeros to n_fft samples, by
    default to none. Returns |FFT|², (n_frames, n_fft // 2 + 1); column j
    belongs to the frequency j * rate_hz / n_fft. Raises a ValueError if
    n_fft would cut the frames.

    >>> power_spectrum(np.array([[1.0, -1.0, 1.0, -1.0]]))
    array([[ 0.,  0., 16.]])
    """
    demand.inputs(frames=frames)
    if frames.ndim != 2:
        raise ValueError(
            "frames must be a matrix (n_frames, window): got "
            f"{frames.shape}; pass one recording at a time"
        )
    window = frames.shape[1]
    n_fft = window if n_fft is None else demand.integer("n_fft", n_fft)
    if n_fft < window:
        raise ValueError(
            f"n_fft must be at least the window, {window}: got {n_fft}; "
            "choose a larger one"
        )
    with np.errstate(over="ignore"):  # said better below
        power = np.abs(np.fft.rfft(frames, n=n_fft)) ** 2  # (n_frames, bins)
    demand.not_overflown("the power", power)
    return power


def hz_to_mel(hz: float | np.ndarray) -> np.ndarray:
    """Frequency on the mel scale, on which equal steps sound equal.

    2595 log10(1 + f / 700): O'Shaughnessy, "Speech Communication: Human and
    Machine", 1987; the formula of the HTK toolkit.

    >>> hz_to_mel(1000.0).round(1)
    np.float64(1000.0)
    """
    hz = _at_least_zero("hz", hz)
    return 2595.0 * np.log10(1.0 + hz / 700.0)


def mel_to_hz(mel: float | np.ndarray) -> np.ndarray:
    """The frequency with this place on the mel scale; undoes `hz_to_mel`.

    >>> mel_to_hz(hz_to_mel(440.0)).round(6)
    np.float64(440.0)
    """
    mel = _at_least_zero("mel", mel)
    return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)


def mel_filterbank(
    n_mels: int, n_fft: int, rate_hz: float, low_hz: float = 0.0
) -> np.ndarray:
    """Overlapping triangles that pool an FFT's bins into mel bands.

    Their corners lie at equal steps of the mel scale from low_hz to half of
    rate_hz; each triangle peaks at 1 and ends where its neighbours peak.
    Returns floats (n_mels, n_fft // 2 + 1). Raises a ValueError where a
    triangle would lie between two bins and see nothing.

    >>> mel_filterbank(40, 512, 16_000).shape
    (40, 257)
    """
    n_mels = demand.integer("n_mels", n_mels)
    n_fft = demand.integer("n_fft", n_fft)
    rate_hz = _rate(rate_hz)
    if _at_least_zero("low_hz", low_hz) >= rate_hz / 2:
        raise ValueError(
            f"low_hz must lie below half the rate, {rate_hz / 2}: "
            f"got {low_hz}; choose a lower one"
        )
    bins = np.arange(n_fft // 2 + 1) * rate_hz / n_fft  # (bins,)
    low, high = hz_to_mel(np.array([low_hz, rate_hz / 2]))
    corners = mel_to_hz(np.linspace(low, high, n_mels + 2))  # (n_mels + 2,)
    left, peak, right = (
        corners[i : n_mels + i, None] for i in range(3)
    )  # (n_mels, 1) each
    rising = (bins - left) / (peak - left)  # (n_mels, bins)
    falling = (right - bins) / (right - peak)  # (n_mels, bins)
    bank = np.maximum(0.0, np.minimum(rising, falling))  # (n_mels, bins)
    blind = np.flatnonzero(bank.sum(axis=1) == 0)
    if len(blind):
        raise ValueError(
            "every mel band must hold a bin of the FFT: got none for band "
            f"{blind[0]} of {n_mels} with n_fft {n_fft}; choose fewer bands "
            "or a larger n_fft"
        )
    return bank


def log_mel(
    signal: np.ndarray,
    rate_hz: float,
    *,
    window_ms: float = 25.0,
    hop_ms: float = 10.0,
    n_mels: int = 40,
    padding: str = "none",
) -> np.ndarray:
    """One vector per frame: the logarithm of its energy in each mel band.

    signal (n_samples,) is float. Each frame is weighted by `hann`, filled up
    to the next power of two, and its power pooled by `mel_filterbank`;
    energies under 1e-10 count as 1e-10. Returns floats (n_frames, n_mels).
    Raises a ValueError for an empty or too short signal. Lecture slide
    "Vector set as input".

    >>> second = np.sin(np.arange(16_000.0))
    >>> log_mel(second, 16_000).shape
    (98, 40)
    """
    window = to_samples(window_ms, rate_hz)
    hop = to_samples(hop_ms, rate_hz)
    frames = frame_signal(signal, window, hop, padding)  # (L, window)
    n_fft = 1 << (window - 1).bit_length()
    power = power_spectrum(frames * hann(window), n_fft)  # (L, bins)
    bank = mel_filterbank(n_mels, n_fft, rate_hz)  # (n_mels, bins)
    return np.log(np.maximum(power @ bank.T, 1e-10))  # (L, n_mels)


def _signal(signal: object) -> None:
    array = demand.float_array("signal", signal)
    if array.ndim != 1:
        raise ValueError(
            f"signal must have one axis, (n_samples,): got {array.shape}; "
            "pass one channel of one recording"
        )
    if not len(array):
        raise ValueError(
            "signal must have at least one sample: got an empty array; leave "
            "empty recordings out"
        )
    demand.finite("signal", array)


def _rate(rate_hz: float) -> float:
    return demand.positive("rate_hz", rate_hz)


def _at_least_zero(name: str, value: object) -> np.ndarray:
    array = np.asarray(value)
    if array.dtype.kind not in "iuf":
        raise TypeError(
            f"{name} must be a number or an array of them: got "
            f"{demand.shown(value)}; pass floats"
        )
    if not (np.isfinite(array) & (array >= 0)).all():
        raise ValueError(
            f"{name} must be finite and at least 0: got "
            f"{demand.shown(value)}; leave other values out"
        )
    return array.astype(float)
