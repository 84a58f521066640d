"""Chapter 05, matrix form: the whole layer in a handful of products."""

ORDER = (
    "project_qkv",
    "attention_columns",
    "attention_rows",
    "masked_attention",
    "attention_gradient",
    "layer_cost",
    "scores_from_product",
    "broken_lines",
    "one_head",
    "train_step",
)
NEED_TORCH = (
    "one_head",
    "train_step",
)
