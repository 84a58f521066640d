"""Write i_saw_a_saw.wav and .json: the running sentence, spoken.

espeak-ng (package `espeak-ng` of Debian and Ubuntu) speaks at 22,050 Hz and
reports the sample at which each word and each phoneme begins. The signal is
then resampled to 16,000 Hz. Other versions of espeak-ng give other bytes; the
one that was used is named in the JSON file. Needs NumPy.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
import wave
from math import gcd

import numpy as np
from writing import target, write_json

TEXT = "I saw a saw"
VOICE, WORDS_A_MINUTE = "en-gb", 120
RATE_HZ = 16_000
PEAK = 0.8

# From espeak-ng's speak_lib.h.
SYNCHRONOUS, PHONEME_EVENTS, PHONEMES_IPA = 2, 1, 2
RATE, UTF8 = 1, 1
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


def library() -> ctypes.CDLL:
    name = ctypes.util.find_library("espeak-ng")
    if name is None:
        sys.exit(
            "this script needs espeak-ng: found no such library; install it "
            "with apt-get install espeak-ng"
        )
    return ctypes.CDLL(name)


def version() -> str:
    """espeak-ng's own version, such as "1.51"."""
    info = library().espeak_Info
    info.restype = ctypes.c_char_p
    return info(None).decode().split()[0]


def speak(text: str) -> tuple[np.ndarray, int, list, list]:
    """The samples as int16, their rate, word starts, phoneme starts."""
    lib = library()
    rate = lib.espeak_Initialize(
        SYNCHRONOUS, 0, None, PHONEME_EVENTS | PHONEMES_IPA
    )
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
    lib.espeak_SetVoiceByName(VOICE.encode())
    lib.espeak_SetParameter(RATE, WORDS_A_MINUTE, 0)
    raw = text.encode()
    lib.espeak_Synth(raw, len(raw) + 1, 0, 1, 0, UTF8, None, None)
    lib.espeak_Synchronize()
    return np.array(samples, dtype=np.int16), rate, words, phonemes


def resample(x: np.ndarray, old_hz: int, new_hz: int) -> np.ndarray:
    """Band-limited interpolation with a Hann-windowed sinc, 32 zeros a side.

    The cut-off is a little under half of the lower rate.
    """
    g = gcd(old_hz, new_hz)
    n_new = len(x) * (new_hz // g) // (old_hz // g)
    cut = 0.95 * min(1.0, new_hz / old_hz)
    half = int(np.ceil(32 / cut))
    padded = np.pad(x.astype(np.float64), half)
    y = np.empty(n_new)
    for i in range(n_new):
        at = i * old_hz / new_hz
        first = int(np.floor(at)) - half + 1
        t = np.arange(first, first + 2 * half) - at
        kernel = cut * np.sinc(cut * t)
        kernel *= np.cos(np.pi * t / (2 * half)) ** 2
        y[i] = kernel @ padded[first + half : first + 3 * half]
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


def main() -> None:
    place = target()
    x, old_hz, words, phonemes = speak(TEXT)
    y = resample(x, old_hz, RATE_HZ)
    y = np.rint(y * (PEAK * 32767 / np.abs(y).max())).astype("<i2")
    with wave.open(str(place / "i_saw_a_saw.wav"), "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(RATE_HZ)
        w.writeframes(y.tobytes())
    scale = RATE_HZ / old_hz
    # The last, unlabelled phoneme event is where the speech ends.
    end = round(max(s for label, s in phonemes if not label) * scale)
    spoken = min(s for label, s in phonemes[1:] if not label)
    beside = {
        "text": TEXT,
        "rate_hz": RATE_HZ,
        "n_samples": len(y),
        "synthesiser": f"espeak-ng {version()}",
        "voice": VOICE,
        "words_a_minute": WORDS_A_MINUTE,
        "words": intervals(words, min(round(spoken * scale), end), scale),
        "phonemes": intervals(phonemes, end, scale),
    }
    write_json(place / "i_saw_a_saw.json", beside)
    print(f"i_saw_a_saw.wav: {len(y)} samples, {len(y) / RATE_HZ:.3f} s")


if __name__ == "__main__":
    main()
