"""Right answers to 09.iou, in other styles."""

import numpy as np


def iou_loops(a, b):
    out = np.zeros((len(a), len(b)))
    for i, (l1, t1, r1, b1) in enumerate(a):
        for j, (l2, t2, r2, b2) in enumerate(b):
            w = min(r1, r2) - max(l1, l2)
            h = min(b1, b2) - max(t1, t2)
            if w > 0 and h > 0:
                shared = w * h
                whole = (r1 - l1) * (b1 - t1) + (r2 - l2) * (b2 - t2)
                out[i, j] = shared / (whole - shared)
    return out


def iou_columns(a, b):
    l1, t1, r1, b1 = (c[:, None] for c in a.T)
    l2, t2, r2, b2 = b.T
    w = np.clip(np.minimum(r1, r2) - np.maximum(l1, l2), 0, None)
    h = np.clip(np.minimum(b1, b2) - np.maximum(t1, t2), 0, None)
    union = (r1 - l1) * (b1 - t1) + (r2 - l2) * (b2 - t2) - w * h
    return w * h / union
