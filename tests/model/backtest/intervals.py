"""The interval of whole clusters, from observations one by one."""

from fractions import Fraction

import numpy as np

from reporting.model.backtest.clustered import CoverageInterval, by_cluster, interval_of_clusters


def coverage_interval(
    breached: np.ndarray,
    cluster: np.ndarray,
    seed: int,
    trials: int,
    confidence: Fraction | float = 0.95,
) -> CoverageInterval:
    return interval_of_clusters(*by_cluster(breached, cluster), seed, trials, confidence)
