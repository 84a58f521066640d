"""Chapter 13, faster attention: tiles, features, low rank, and kernels."""

ORDER = (
    "online_softmax",
    "tiled_attention",
    "count_pairs",
    "low_rank",
    "random_features",
    "row_softmax",
    "fused_attention",
)
NEED_TORCH = (
    "row_softmax",
    "fused_attention",
)
FOR_GPU = NEED_TORCH
NEED_TRITON = NEED_TORCH
