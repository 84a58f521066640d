"""Exercise 11.parameter_counts."""

from selfattn.exercises.model import Case, exercise


def parameter_counts(size, channels, n_heads, height, width):
    """How many numbers four layers learn, all from `channels` to `channels`.

    size : side K of a kernel, for the first two layers.
    channels : numbers per pixel, before and after each layer.
    n_heads : heads of the last layer, a divisor of channels.
    height, width : of the image, in pixels.
    Returns a list of four whole numbers:
    - a K by K convolution with a bias for each channel that comes out;
    - the same from K * K placed heads: each has a matrix
      (channels, channels), a centre in rows and columns, and a sharpness;
      one bias per channel for their sum;
    - one matrix from the whole flattened image to the whole flattened image,
      without bias;
    - multi-head attention with W_q, W_k, W_v and W_o and no biases, together
      with one learned position vector for each pixel, as wide as the pixel's.
    """
    kernel = size**2 * channels**2 + channels
    full = (height * width * channels) ** 2
    attention = 4 * channels**2 + height * width * channels
    return [kernel, kernel + 3 * size**2, full, attention]


HINTS = (
    "A convolution uses the same matrix (channels, channels) at every place. "
    "How many such matrices has a kernel of K by K?",
    "Two numbers of the centre and one sharpness make three per head. How "
    "many heads are there?",
    "The matrix over the flattened image has height * width * channels rows "
    "and as many columns. Attention's four matrices do not know the size of "
    "the image; its positions do. The number of heads changes nothing.",
)


def cases(rng):
    made = [
        Case("1 channel, 1 by 1", (1, 1, 1, 1, 1)),
        Case("kernel 3, 1 channel", (3, 1, 1, 2, 5)),
        Case("kernel 1, 6 channels, 2 heads", (1, 6, 2, 3, 5)),
        Case("kernel 3, 6 channels, 3 heads", (3, 6, 3, 5, 7)),
        Case("kernel 5, 16 channels, 4 heads", (5, 16, 4, 8, 8)),
    ]
    channels = int(rng.choice([10, 14, 22]))
    made.append(Case("drawn", (7, channels, 2, 11, 13)))
    return made


MISTAKES = {
    "bias_forgotten": (
        "Your convolution has no bias. It learns one number for each channel "
        "that comes out."
    ),
    "bias_per_entry": (
        "Your bias is counted once for every entry of the kernel. There is "
        "one for each channel that comes out."
    ),
    "one_channel_out": (
        "Your kernel has one number per channel. It has a whole matrix, "
        "channels in by channels out, for each of its entries."
    ),
    "per_pixel": (
        "You counted the kernel once for every pixel. It is the same "
        "everywhere: that is what makes it a convolution."
    ),
    "size_not_squared": (
        "A kernel of K by K has K * K entries; you counted K."
    ),
    "no_centres": (
        "Your placed heads learn no centre and no sharpness: three numbers "
        "for each head."
    ),
    "one_sharpness": (
        "You counted one sharpness for all heads. Each has its own."
    ),
    "times_heads": (
        "You multiplied attention's matrices by the number of heads. The "
        "heads share their columns, so that number changes nothing."
    ),
    "no_w_o": (
        "You counted three matrices for attention. W_o, which mixes the "
        "heads, is the fourth."
    ),
    "no_positions": (
        "Attention's learned positions are missing: one vector for each pixel."
    ),
    "attention_per_pixel": (
        "You counted attention's matrices once for every pixel. All pixels "
        "share them; only the positions are one per pixel."
    ),
    "full_from_channels": (
        "The matrix over the flattened image has a row and a column for each "
        "number of the image, channels included."
    ),
}


def variant(wrong):
    def answer(size, channels, n_heads, height, width):
        c, n = channels, height * width
        entries = size if "size_not_squared" in wrong else size**2
        matrices = entries * c * (1 if "one_channel_out" in wrong else c)
        matrices *= n if "per_pixel" in wrong else 1
        bias = 0 if "bias_forgotten" in wrong else c
        bias *= entries if "bias_per_entry" in wrong else 1
        kernel = matrices + bias
        own = 2 * entries + 1 if "one_sharpness" in wrong else 3 * entries
        own = 0 if "no_centres" in wrong else own
        full = n**2 if "full_from_channels" in wrong else (n * c) ** 2
        four = (3 if "no_w_o" in wrong else 4) * c**2
        four *= n_heads if "times_heads" in wrong else 1
        four *= n if "attention_per_pixel" in wrong else 1
        places = 0 if "no_positions" in wrong else n * c
        return [kernel, kernel + own, full, four + places]

    return answer


EXERCISE = exercise(
    parameter_counts,
    title="How many numbers a layer learns",
    difficulty=1,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
