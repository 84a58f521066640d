"""Right answers to 01.frame_signal, in other styles."""

import numpy as np


def frame_signal_loop(signal, window, hop):
    frames = []
    for start in range(0, len(signal) - window + 1, hop):
        frames.append(signal[start : start + window])
    return np.stack(frames)


def frame_signal_view(signal, window, hop):
    view = np.lib.stride_tricks.sliding_window_view(signal, window)
    return view[::hop]


def frame_signal_lists(signal, window, hop):
    values = list(signal)
    frames = []
    while len(values) >= window:
        frames.append([float(x) for x in values[:window]])
        values = values[hop:]
    return frames


def frame_signal_torch(signal, window, hop):
    import torch

    return torch.as_tensor(signal).unfold(0, window, hop)
