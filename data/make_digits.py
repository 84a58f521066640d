"""Write digits.npz: 1,797 handwritten digits of 8 by 8 pixels.

They are real: scikit-learn ships this part of the UCI data set "Optical
Recognition of Handwritten Digits" (Alpaydin and Kaynak 1998, CC BY 4.0,
https://doi.org/10.24432/C50P49). This script needs scikit-learn, which the
book itself does not; it changes nothing but the form.
"""

from __future__ import annotations

import numpy as np
from sklearn.datasets import load_digits
from writing import target


def make() -> dict:
    found = load_digits()
    return {
        "images": found.images.astype(np.uint8),  # (1797, 8, 8), 0 to 16
        "labels": found.target.astype(np.uint8),  # (1797,)
    }


if __name__ == "__main__":
    path = target() / "digits.npz"
    np.savez_compressed(path, **make())
    print(f"{path.name}: written")
