"""Chapter 10, graphs: edges as a mask, a list, and a segment softmax."""

ORDER = (
    "edge_list",
    "segment_softmax",
    "edge_attention",
    "neighbour_mean",
    "relabel",
    "batch_graphs",
    "gat_layer",
    "scatter_attention",
)
NEED_TORCH = (
    "gat_layer",
    "scatter_attention",
)
FOR_GPU = ("scatter_attention",)
