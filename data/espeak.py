"""What the scripts that need a voice share: espeak-ng, and a new rate.

espeak-ng (package `espeak-ng` of Debian and Ubuntu) speaks at 22,050 Hz and
reports the sample at which each word and each phoneme begins. Other versions
than 1.51 give other sounds. Needs NumPy.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import sys
from math import gcd

import numpy as np

# From espeak-ng's speak_lib.h.
SYNCHRONOUS, PHONEME_EVENTS, PHONEMES_IPA = 2, 1, 2
RATE, PITCH, UTF8 = 1, 3, 1
LIST_END, WORD, PHONEME = 0, 1, 7


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("string", ctypes.c_char * 8)]


class _IdWide(ctypes.Union):
    # The third member of the C union is a pointer: it sets the size.
    _fields_ = [*_Id._fields_, ("name", ctypes.c_void_p)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _IdWide),
    ]


@functools.cache
def library() -> tuple[ctypes.CDLL, int]:
    """espeak-ng, ready to speak, and its samples per second."""
    name = ctypes.util.find_library("espeak-ng")
    if name is None:
        sys.exit(
            "this script needs espeak-ng: found no such library; install it "
            "with apt-get install espeak-ng"
        )
    lib = ctypes.CDLL(name)
    rate_hz = lib.espeak_Initialize(
        SYNCHRONOUS, 0, None, PHONEME_EVENTS | PHONEMES_IPA
    )
    return lib, rate_hz


def version() -> str:
    """espeak-ng's own version, such as "1.51"."""
    info = library()[0].espeak_Info
    info.restype = ctypes.c_char_p
    return info(None).decode().split()[0]


def speak(
    text: str, voice: str, words_a_minute: int, pitch: int | None = None
) -> tuple[np.ndarray, int, list, list]:
    """The samples as int16, their rate, word starts, phoneme starts.

    pitch runs from 0 to 100; None leaves it as the voice has it.
    """
    lib, rate_hz = library()
    samples: list[int] = []
    words: list[tuple[str, int]] = []
    phonemes: list[tuple[str, int]] = []

    def collect(wav, n, events):
        if wav and n > 0:
            samples.extend(wav[:n])
        i = 0
        while events[i].type != LIST_END:
            event = events[i]
            if event.type == WORD:
                first = event.text_position - 1
                word = text[first : first + event.length]
                words.append((word, event.sample))
            elif event.type == PHONEME:
                label = event.id.string.decode("utf-8")
                phonemes.append((label, event.sample))
            i += 1
        return 0

    kind = ctypes.CFUNCTYPE(
        ctypes.c_int,
        ctypes.POINTER(ctypes.c_short),
        ctypes.c_int,
        ctypes.POINTER(_Event),
    )
    callback = kind(collect)
    lib.espeak_SetSynthCallback(callback)
    if lib.espeak_SetVoiceByName(voice.encode()):
        sys.exit(f"espeak-ng must know the voice: got {voice!r}; see --voices")
    lib.espeak_SetParameter(RATE, words_a_minute, 0)
    if pitch is not None:
        lib.espeak_SetParameter(PITCH, pitch, 0)
    raw = text.encode()
    lib.espeak_Synth(raw, len(raw) + 1, 0, 1, 0, UTF8, None, None)
    lib.espeak_Synchronize()
    return np.array(samples, dtype=np.int16), rate_hz, words, phonemes


def resample(x: np.ndarray, old_hz: int, new_hz: int) -> np.ndarray:
    """Band-limited interpolation with a Hann-windowed sinc, 32 zeros a side.

    The cut-off is a little under half of the lower rate.
    """
    g = gcd(old_hz, new_hz)
    up, down = new_hz // g, old_hz // g
    n_new = len(x) * up // down
    cut = 0.95 * min(1.0, new_hz / old_hz)
    half = int(np.ceil(32 / cut))
    padded = np.pad(x.astype(np.float64), (half, half + down))
    y = np.empty(n_new)
    for phase in range(min(up, n_new)):  # the kernel repeats after `up`
        at = phase * old_hz / new_hz
        first = int(np.floor(at)) - half + 1
        t = np.arange(first, first + 2 * half) - at
        kernel = cut * np.sinc(cut * t)
        kernel *= np.cos(np.pi * t / (2 * half)) ** 2
        count = len(y[phase::up])
        starts = first + half + down * np.arange(count)  # (count,)
        y[phase::up] = padded[starts[:, None] + np.arange(2 * half)] @ kernel
    return y


def intervals(starts: list, end: int, scale: float) -> list[list]:
    """Each label lasts until the next one starts; unlabelled ones go."""
    marks = [round(s * scale) for _, s in starts] + [end]
    spans = [
        [label, marks[i], marks[i + 1]]
        for i, (label, _) in enumerate(starts)
        if label and marks[i] < marks[i + 1]
    ]
    return spans
