"""Timing several ways of doing one thing, turn by turn, so that they share whatever the machine is doing."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Way = Callable[[], object]


@dataclass(frozen=True)
class Figure:
    name: str
    median: float
    ratio: float


def compare(ways: Mapping[str, Way], *, rounds: int, warm: bool = True) -> list[Figure]:
    """Median seconds of each way over `rounds` interleaved rounds, and its ratio to the first one's median."""
    if warm:
        for way in ways.values():
            way()  # caches, compiled expressions, long-lived children
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(values) for name, values in times.items()}
    first = next(iter(medians.values()))
    return [Figure(name, median, median / first) for name, median in medians.items()]


def print_table(title: str, figures: list[Figure]) -> None:
    print(f"\n{title}\n")
    print(f"{'':<58}{'median':>12}{'ratio':>9}")
    for figure in figures:
        print(f"{figure.name:<58}{figure.median * 1000:>9.2f} ms{figure.ratio:>8.2f}")
