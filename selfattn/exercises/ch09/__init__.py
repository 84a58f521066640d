"""Chapter 09, images: patches, places, boxes, and sets that are matched."""

ORDER = (
    "to_patches",
    "from_patches",
    "positions_2d",
    "iou",
    "match",
    "gated_attention",
    "set_loss",
    "pixel_attention",
)
NEED_TORCH = (
    "gated_attention",
    "set_loss",
    "pixel_attention",
)
FOR_GPU = ("pixel_attention",)
