"""Chapter 11, against CNN: kernels from heads, and what a head sees."""

ORDER = (
    "kernel_offsets",
    "quadratic_scores",
    "conv_from_heads",
    "receptive_field",
    "parameter_counts",
    "shift_gap",
    "placed_head",
    "large_image",
)
NEED_TORCH = (
    "placed_head",
    "large_image",
)
FOR_GPU = ("large_image",)
