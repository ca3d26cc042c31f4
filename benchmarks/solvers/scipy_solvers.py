"""The flows of benchmarks/Flows.cs by SciPy, with the same method: RK45 is Dormand-Prince 5(4).

Each line: flow, tolerance, seconds of one solution (the least of several turns), the state at the end.
The lines of tolerance 0 are by DOP853 at the smallest tolerance that SciPy takes: what errors are measured against.
"""
import sys
import time

import numpy
from scipy.integrate import solve_ivp


def cycle(t, x):
    return [0.3 * x[0] * x[1], 0.3 * (1.3 - 0.35 * x[0] * x[0])]


def lorenz(t, x):
    return [10 * (x[1] - x[0]), x[0] * (28 - x[2]) - x[1], x[0] * x[1] - 8 / 3 * x[2]]


def ring(t, x):
    return (numpy.roll(x, -1) - numpy.roll(x, 2)) * numpy.roll(x, 1) - x + 8


FLOWS = {"cycle": (cycle, [0.2, 0.5], 200), "lorenz": (lorenz, [1, 1, 1], 10), "ring": (ring, [2] + 99 * [1], 2)}
SMALLEST = 2.3e-14


def solve(name, tolerance):
    flow, start, end = FLOWS[name]
    method, limit = ("DOP853", SMALLEST) if tolerance == 0 else ("RK45", tolerance)
    begun, least = time.process_time(), float("inf")
    while True:
        started = time.process_time()
        solution = solve_ivp(flow, (0, end), start, method, t_eval=[end], rtol=limit, atol=limit)
        least = min(least, time.process_time() - started)
        if time.process_time() - begun > 0.3:
            break
    if not solution.success:
        sys.exit(solution.message)
    print(name, tolerance, least, *(f"{value:.17g}" for value in solution.y[:, -1]))


for word in ["0"] + sys.argv[1:]:
    for name in FLOWS:
        solve(name, float(word))
