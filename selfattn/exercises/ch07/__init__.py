"""Chapter 07, positions: what order is, written as numbers."""

ORDER = (
    "sinusoidal",
    "shift_matrix",
    "order_gap",
    "rotary",
    "linear_bias",
    "positioned_attention",
    "learned_positions",
    "rotary_scores",
)
NEED_TORCH = (
    "learned_positions",
    "rotary_scores",
)
