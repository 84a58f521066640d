"""Chapter 06, multi-head: split, attend, merge, project, and take apart."""

ORDER = (
    "split_heads",
    "merge_heads",
    "multi_head",
    "count_parameters",
    "knock_out",
    "from_torch",
    "copy_error",
    "multi_head_layer",
    "torch_mha",
)
NEED_TORCH = (
    "multi_head_layer",
    "torch_mha",
)
