"""Chapter 02, outputs: a label per vector, one in all, or a sequence."""

ORDER = (
    "output_kind",
    "masked_cross_entropy",
    "masked_mean",
    "shift_targets",
    "greedy_decode",
    "accuracies",
)
NEED_TORCH = ()
