"""Write i_saw_a_saw.wav and .json: the running sentence, spoken.

espeak-ng speaks at 22,050 Hz (see espeak.py); the signal is then resampled
to 16,000 Hz. Other versions of espeak-ng give other bytes; the one that was
used is named in the JSON file. Needs NumPy.
"""

from __future__ import annotations

import wave

import numpy as np
from espeak import intervals, resample, speak, version
from writing import target, write_json

TEXT = "I saw a saw"
VOICE, WORDS_A_MINUTE = "en-gb", 120
NAME = "gmw/en"  # what espeak-ng 1.51 calls that voice
RATE_HZ = 16_000
PEAK = 0.8


def main() -> None:
    place = target()
    x, old_hz, words, phonemes = speak(TEXT, NAME, WORDS_A_MINUTE)
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
