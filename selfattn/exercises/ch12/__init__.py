"""Chapter 12, RNNs: forget gates, causal masks, linear attention's forms."""

ORDER = (
    "causal_mask",
    "cell_gradient",
    "linear_parallel",
    "running_state",
    "linear_chunks",
    "layer_costs",
    "open_forget_gate",
    "chunks_at_once",
)
NEED_TORCH = (
    "open_forget_gate",
    "chunks_at_once",
)
FOR_GPU = ("chunks_at_once",)
