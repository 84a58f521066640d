"""Chapter 04, attention for one output: scores, weights, weighted sum."""

ORDER = (
    "dot_scores",
    "additive_scores",
    "softmax",
    "relu_weights",
    "scaled_scores",
    "attend",
    "lead_for_share",
    "coincide",
    "attend_padded",
    "query_gradient",
)
NEED_TORCH = (
    "attend_padded",
    "query_gradient",
)
