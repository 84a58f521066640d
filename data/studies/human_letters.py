"""Do nets that were trained on synthetic voices hear people? Chapter 08.

    python data/studies/human_letters.py [FOLDER]

FOLDER (by default Debian's, /usr/share/klettres) is that of the package
klettres-data, in which people say the letters of the alphabet: en/alpha and
en_GB/alpha, 26 clips each. The clips are under the GNU General Public
License and are not shipped here; reading them needs the package soundfile.
A letter's name has one vowel, or one diphthong, that lasts longest; a clip
counts as heard where the net gives this vowel more frames than any other.
Beside them the same letters in the book's unheard voices, which needs
espeak-ng. Writes results/human_letters.json.
"""

from __future__ import annotations

import string
import sys
from pathlib import Path

import numpy as np
import torch
from phoneme_nets import Attending, accuracy, train
from recording import conditions, one_thread, save

from selfattn import phonemes, speech

SEEDS = range(3)
RADIUS = 10
FOLDER = "/usr/share/klettres"
VOWELS = {  # of the letters' English names; Z is "zed" or "zee"
    **dict.fromkeys("bcdegptv", "iː"),
    **dict.fromkeys("flmnsx", "ɛ"),
    **dict.fromkeys("quw", "uː"),
    **{"a": "eɪ", "h": "eɪ", "j": "eɪ", "k": "eɪ"},
    **{"i": "aɪ", "y": "aɪ", "o": "əʊ", "r": "ɑː"},
}
RATE_HZ = 16_000


def trimmed(x):
    """Features (L, 40) of a clip, 50 ms before its sound to 50 ms after.

    As in training its peak is 1, and noise is added, 20 dB below it.
    """
    x = x / np.abs(x).max()
    first, last = np.flatnonzero(np.abs(x) > 0.02)[[0, -1]]
    x = x[max(0, first - 800) : last + 800]
    noise = np.random.default_rng(len(x)).standard_normal(len(x))
    noise *= np.sqrt(np.mean(x**2)) * 10 ** (-20 / 20)
    return speech.log_mel(x + noise, RATE_HZ)


def people(folder):
    """country -> [(letter, features)] of every clip."""
    import soundfile
    from espeak import resample

    found = {}
    for country in ("en", "en_GB"):
        for path in sorted((Path(folder) / country / "alpha").glob("*.ogg")):
            x, rate_hz = soundfile.read(path, always_2d=True)
            x = resample(x.mean(axis=1), rate_hz, RATE_HZ)
            clip = (path.stem.lower(), trimmed(x))
            found.setdefault(country, []).append(clip)
    return found


def machines():
    """The same letters in the book's unheard voices, one list for each."""
    from espeak import resample, speak
    from make_voices import UNHEARD

    found = {}
    for voice in UNHEARD.split():
        for letter in string.ascii_lowercase:
            x, rate_hz, *_ = speak(letter.upper(), f"gmw/en+{voice}", 160)
            x = resample(x, rate_hz, RATE_HZ)
            found.setdefault(voice, []).append((letter, trimmed(x)))
    return found


@torch.no_grad()
def share(net, speakers, classes):
    """The share of letters whose vowel gets the most frames of all vowels.

    Bands are standardised over all letters of a speaker: over one letter the
    vowel itself would be taken away.
    """
    vowels, right = classes[1:20], []
    for speaker, clips in speakers.items():
        everything = np.concatenate([x for _, x in clips])
        mean, spread = everything.mean(axis=0), everything.std(axis=0) + 1e-3
        for letter, x in clips:
            x = torch.from_numpy(((x - mean) / spread).astype(np.float32))
            said = net(x[None], [len(x)])[0].argmax(dim=-1).tolist()
            counts = [said.count(classes.index(v)) for v in vowels]
            heard = vowels[int(np.argmax(counts))] if max(counts) else None
            z = "iː" if speaker == "en" else "ɛ"
            right.append(heard == VOWELS.get(letter, z))
    return round(float(np.mean(right)), 4)


def main():
    one_thread()
    folder = sys.argv[1] if len(sys.argv) > 1 else FOLDER
    human, machine = people(folder), machines()
    _, classes = phonemes.voices("train")
    runs = []
    for seed in SEEDS:
        torch.manual_seed(seed)
        net = train(Attending(RADIUS), seed)
        runs.append(
            {
                "seed": seed,
                "people": share(net, human, classes),
                "machines": share(net, machine, classes),
                "unheard": accuracy(net, "unheard"),
            }
        )
        print(runs[-1], flush=True)
    stored = conditions(__file__) | {
        "recordings": "Debian's klettres-data, en/alpha and en_GB/alpha",
        "settings": {
            "radius": RADIUS,
            "people": sum(map(len, human.values())),
            "machines": sum(map(len, machine.values())),
        },
        # "iː" in B, C, D, E, G, P, T, V, and in the American Z.
        "commonest": round((8 + 9) / 52, 4),
        "vowels": 19,
        "runs": runs,
    }
    save("human_letters", stored)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
