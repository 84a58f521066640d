"""Right answers to 08.count_pairs, in other styles."""


def count_pairs_offsets(n, radius):
    total = n
    for step in range(1, min(radius, n - 1) + 1):
        total += 2 * (n - step)
    return total


def count_pairs_frames(n, radius):
    return sum(
        min(n - 1, i + radius) - max(0, i - radius) + 1 for i in range(n)
    )
