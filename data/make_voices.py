"""Write voices.npz: sentences in twenty voices, a phoneme for every frame.

espeak-ng speaks plain sentences of the tagged corpus in variants of its
British voice; white noise is added, 10 to 30 dB below the speech. What is
stored are log-mel energies (25 ms windows every 10 ms, 40 bands, as
`selfattn.speech.log_mel` makes them) in steps of 0.2, and for each frame the
phoneme at its middle. Needs NumPy, espeak-ng 1.51 and data/tagged.jsonl.gz;
another NumPy may round a value here and there to the other step.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
from espeak import intervals, resample, speak
from writing import target

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from selfattn import data, phonemes, speech

RATE_HZ, STEP = 16_000, 0.2
LOWEST = -12.0  # log energies below it are stored as it
HEARD = "m1 m2 m3 m4 m7 m8 f1 f2 f3 f5 Alicia steph robert Michael Lee paul"
UNHEARD = "m6 f4 Annie david"
SILENCE = "-"
VOWELS = "ɪ iː ɛ a ɒ ʌ ʊ uː ɔː ɑː ɜː ə eɪ aɪ ɔɪ əʊ aʊ iə eə"
CONSONANTS = "p b t d k ɡ tʃ dʒ f v θ ð s z ʃ ʒ h m n ŋ l ɹ w j"
PHONEMES = [SILENCE, *VOWELS.split(), *CONSONANTS.split()]
SAME = {"ɐ": "ə", "i": "iː", "əl": "l", "aɪə": "aɪ", "ʊə": "uː"}


def spoken(text, voice, rng):
    """The signal at 16 kHz, with noise, and its phonemes in samples."""
    name = f"gmw/en+{voice}"
    x, old_hz, _, starts = speak(text, name, rng.randint(130, 190))
    y = resample(x, old_hz, RATE_HZ)
    y /= np.abs(y).max()
    db = rng.uniform(10, 30)
    noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(len(y))
    y += noise * np.sqrt(np.mean(y**2)) * 10 ** (-db / 20)
    scale = RATE_HZ / old_hz
    end = round(starts[-1][1] * scale)
    return y, intervals(starts, end, scale)


def utterance(text, voice, rng):
    """Features in steps (L, 40) uint8 and labels (L,) uint8."""
    y, spans = spoken(text, voice, rng)
    x = speech.log_mel(y, RATE_HZ)  # (L, 40)
    spans = [(SAME.get(label, label), *ends) for label, *ends in spans]
    y = phonemes.frame_labels(spans, len(x), 400, 160, PHONEMES)  # (L,)
    steps = np.rint((x - LOWEST) / STEP).clip(0, 255)
    return steps.astype(np.uint8), y.astype(np.uint8)


def plan():
    """(part, voice, text) of every utterance; no sentence is spoken twice."""
    rng = random.Random(8)
    tagged = data.load("tagged")
    texts = {
        part: sorted(
            {
                r["words"].rstrip(" .")
                for r in tagged[part]
                if r["pattern"] == "plain"
            }
        )
        for part in ("train", "test")
    }
    for part in texts.values():
        rng.shuffle(part)
    for part, split, voices, each in (
        ("train", "train", HEARD, 10),
        ("heard", "test", HEARD, 2),
        ("unheard", "test", UNHEARD, 10),
    ):
        for voice in voices.split():
            for _ in range(each):
                yield part, voice, texts[split].pop()


def main() -> None:
    rng = random.Random(80)
    rows = list(plan())
    made = [utterance(text, voice, rng) for _, voice, text in rows]
    arrays = {
        "features": np.concatenate([x for x, _ in made]),
        "labels": np.concatenate([y for _, y in made]),
        "lengths": np.array([len(x) for x, _ in made], dtype=np.int32),
        "part": np.array([part for part, _, _ in rows]),
        "voice": np.array([voice for _, voice, _ in rows]),
        "text": np.array([text for _, _, text in rows]),
        "phonemes": np.array(PHONEMES),
        "step": np.array(STEP),
        "lowest": np.array(LOWEST),
    }
    path = target() / "voices.npz"
    np.savez_compressed(path, **arrays)
    print(
        f"{path.name}: {len(rows)} utterances, {len(arrays['labels'])} "
        f"frames, {path.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
