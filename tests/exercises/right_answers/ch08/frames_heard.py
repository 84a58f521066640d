"""Right answers to 08.frames_heard, in other styles."""


def frames_heard_layer_by_layer(i, n, radii, splice=0):
    first, after = i, i + 1
    for r in [*reversed(radii), splice]:
        r = n if r is None else r
        first, after = max(0, first - r), min(n, after + r)
    return first, after


def frames_heard_sets(i, n, radii, splice=0):
    heard = {i}
    for r in [splice, *radii]:
        r = n if r is None else r
        heard = {j for h in heard for j in range(h - r, h + r + 1)}
        heard &= set(range(n))
    return min(heard), max(heard) + 1
