"""Exercise 11.large_image."""

import torch

from selfattn.exercises import tensors
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor


def large_image(x, centres, sharpness, entries):
    """Placed heads on a large image, without a matrix of all pairs.

    x : tensor (B, height, width, c_in).
    centres : tensor (H, 2), rows and columns; not always whole.
    sharpness : tensor (H,), positive.
    entries : tensor (H, c_in, c_out), each head's matrix.
    As in 11.quadratic_scores, head h gives each pixel -sharpness[h] times
    its squared distance from the place that the query looks at, its own
    place plus centres[h]; softmax over all pixels; the mixed pixels times
    entries[h]; and the heads are added up.
    Returns a tensor (B, height, width, c_out). Where there is a GPU, one case
    has 640 by 512 pixels, so that nothing of size (n, n) fits, n = height *
    width. A squared distance is a part for rows plus a part for columns.
    """

    def along(n, axis):
        at = torch.arange(n, device=x.device)
        offset = at - at[:, None] - centres[:, axis, None, None]  # (H, n, n)
        return (-sharpness[:, None, None] * offset**2).softmax(dim=-1)

    rows, columns = along(x.shape[1], 0), along(x.shape[2], 1)
    out = 0
    for h in range(len(entries)):
        mixed = torch.einsum("ip,bpqc->biqc", rows[h], x)
        mixed = torch.einsum("jq,biqc->bijc", columns[h], mixed)
        out = out + mixed @ entries[h]  # (B, height, width, c_out)
    return out


HINTS = (
    "e to the power of a sum is a product. Write the weights of a head as "
    "(something with rows) times (something with columns).",
    "So the softmax over all pixels is one softmax over the rows of the "
    "image, (height, height), times one over its columns, (width, width).",
    "Apply one after the other: einsum('ip,bpqc->biqc', rows, x) mixes along "
    "rows, then the same for columns, then @ the head's matrix.",
)


def cases(rng):
    def case(name, shape, n_heads, c_out, dtype=torch.float64):
        return Case(
            name,
            (
                tensor(rng.standard_normal(shape), dtype),
                tensor(rng.uniform(-2, 2, (n_heads, 2)), dtype),
                tensor(rng.uniform(0.3, 2, n_heads), dtype),
                tensor(
                    rng.standard_normal((n_heads, shape[-1], c_out)), dtype
                ),
            ),
        )

    made = [
        case("one pixel, one head", (1, 1, 1, 2), 1, 3),
        case("2 by 3 pixels, one head", (1, 2, 3, 1), 1, 1),
        case("5 by 3 pixels, 7 heads", (2, 5, 3, 2), 7, 3),
        case("as wide as high, 3 heads", (3, 5, 5, 2), 3, 2),
        case("float32", (2, 3, 7, 3), 5, 2, torch.float32),
    ]
    if tensors.large():
        made.append(
            case("640 by 512 pixels", (1, 640, 512, 16), 9, 8, torch.float32)
        )
    return made


MISTAKES = {
    "other_way": (
        "Your heads look to the opposite side. Query p looks at its own "
        "place plus the centre."
    ),
    "columns_first": (
        "Rows and columns of the centres have changed places. The first "
        "number of a centre counts rows."
    ),
    "no_square": (
        "Your scores fall with the distance along rows plus that along "
        "columns. Squares are asked for."
    ),
    "rows_only": (
        "You mixed along rows only. Columns need their own softmax."
    ),
    "columns_only": (
        "You mixed along columns only. Rows need their own softmax."
    ),
    "averaged": ("You took the mean over the heads. They are added up."),
    "over_queries": (
        "Your softmax runs over the queries. The weights of each query, "
        "along the last axis, sum to 1."
    ),
    "one_sharpness": (
        "You used the first head's sharpness for all heads. Each has its own."
    ),
    "added": (
        "You added what rows and what columns give. The weights multiply: "
        "apply one after the other."
    ),
    "last_head": ("Only your last head counts. Add up what all of them give."),
    "not_normalised": (
        "Your weights do not sum to 1: divide by the sum along each axis, or "
        "use softmax."
    ),
}


def variant(wrong):
    def answer(x, centres, sharpness, entries):
        def along(n, axis):
            axis = 1 - axis if "columns_first" in wrong else axis
            at = torch.arange(n, device=x.device)
            middle = centres[:, axis, None, None]
            middle = -middle if "other_way" in wrong else middle
            away = (at - at[:, None] - middle).abs()
            away = away if "no_square" in wrong else away**2
            s = sharpness[:, None, None]
            s = s[:1] if "one_sharpness" in wrong else s
            if "not_normalised" in wrong:
                return (-s * away).exp()
            return (-s * away).softmax(1 if "over_queries" in wrong else 2)

        rows, columns = along(x.shape[1], 0), along(x.shape[2], 1)
        out = 0
        for h in range(len(entries)):
            down = torch.einsum("ip,bpqc->biqc", rows[h], x)
            side = torch.einsum("jq,biqc->bijc", columns[h], x)
            mixed = torch.einsum("jq,biqc->bijc", columns[h], down)
            mixed = down if "rows_only" in wrong else mixed
            mixed = side if "columns_only" in wrong else mixed
            mixed = down + side if "added" in wrong else mixed
            part = mixed @ entries[h]
            out = part if "last_head" in wrong else out + part
        return out / len(entries) if "averaged" in wrong else out

    return answer


EXERCISE = exercise(
    large_image,
    title="Placed heads on a large image",
    difficulty=3,
    minutes=15,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
