"""Chapter 08, speech: frames and labels, and attention in a band."""

ORDER = (
    "frames_within",
    "frame_labels",
    "utterance_starts",
    "window_mask",
    "count_pairs",
    "banded_scores",
    "frames_heard",
    "local_attention",
    "banded_attention",
)
NEED_TORCH = (
    "local_attention",
    "banded_attention",
)
FOR_GPU = ("banded_attention",)
