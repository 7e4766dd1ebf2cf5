"""Estimates of ratios that were measured in blocks, for the scripts here: what versus itself does, in Python."""

import math
import statistics


def estimate(ratios):
    """The Hodges-Lehmann estimate of ratios, with Wilcoxon's exact 95 % interval: point, low, high."""
    logs = [math.log(ratio) for ratio in ratios]
    n = len(logs)
    walsh = sorted((logs[i] + logs[j]) / 2 for i in range(n) for j in range(i, n))
    ways = [1]  # how many subsets of the ranks 1..k have each sum
    for rank in range(1, n + 1):
        longer = ways + [0] * rank
        for total, count in enumerate(ways):
            longer[total + rank] += count
        ways = longer
    below, skip = 0, 0
    while (below + ways[skip]) / 2**n <= 0.025:
        below += ways[skip]
        skip += 1
    cut = max(skip - 1, 0)
    return tuple(math.exp(value) for value in (statistics.median(walsh), walsh[cut], walsh[-1 - cut]))
