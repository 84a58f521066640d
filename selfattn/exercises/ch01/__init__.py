"""Chapter 01, vector sets: from words, sounds and atoms to rows of numbers."""

ORDER = (
    "one_hot",
    "embed",
    "n_frames",
    "frame_signal",
    "pad_batch",
    "atoms_one_hot",
    "ppmi",
)
NEED_TORCH = ()
