"""Chapter 03, sequence labelling: windows, ceilings, fair tests."""

ORDER = (
    "window_features",
    "count_parameters",
    "majority_ceiling",
    "accuracy_by_distance",
    "separates",
    "expected_accuracy",
    "leaks",
)
NEED_TORCH = ()
