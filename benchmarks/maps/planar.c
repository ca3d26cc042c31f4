/* Where gradient descent on z = Theta^2 ends, over the grid of MapSweeps.cs: the algorithm of PlanarSweep written by
 * hand with AVX2 intrinsics. Prints seconds of the fastest turn, the steps of all points, and
 * the exclusive or of the bits of all ends.
 * cc -O3 -march=native -DREGISTERS=6 planar.c -lm; run with the number of turns. */
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIDE = 1000, POINTS = SIDE * SIDE, STEPS = 2000, EVERY = 16, CHUNK = 16384, LANES = 4 * REGISTERS };

static const double TOLERANCE = 1e-10, BOUND = 1e6;
static double eta[POINTS], first[POINTS], second[POINTS];
static int steps[POINTS];
static _Alignas(32) double x[LANES], y[LANES];
static int point[LANES];
static long born[LANES], now, deadline;
static int next, live, length, base;

static void refill(int lane)
{
    point[lane] = -1;
    born[lane] = now;
    if (next == length)
        return;
    x[lane] = first[base + next];
    y[lane] = second[base + next];
    point[lane] = next++;
    live++;
}

static void end(int lane)
{
    if (point[lane] >= 0) {
        int p = base + point[lane];
        first[p] = x[lane];
        second[p] = y[lane];
        steps[p] = (int)(now - born[lane]);
        live--;
    }
    refill(lane);
}

/* Lanes that are left without a point follow one that has its own. */
static void occupy(void)
{
    int alive = 0;
    if (live == 0)
        return;
    while (point[alive] < 0)
        alive++;
    for (int lane = 0; lane < LANES; lane++)
        if (point[lane] < 0) {
            x[lane] = x[alive];
            y[lane] = y[alive];
        }
}

static inline __m256d size_of(__m256d v) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), v); }

/* Bits of the lanes that have converged, diverged or are no numbers. */
static inline int outside(__m256d least, __m256d sum)
{
    __m256d low = _mm256_cmp_pd(least, _mm256_set1_pd(TOLERANCE), _CMP_LE_OQ);
    __m256d high = _mm256_cmp_pd(sum, _mm256_set1_pd(BOUND), _CMP_NLE_UQ);
    return _mm256_movemask_pd(_mm256_or_pd(low, high));
}

static void iterate(void)
{
    __m256d a[REGISTERS], b[REGISTERS];
    int ended;
    for (int r = 0; r < REGISTERS; r++) {
        a[r] = _mm256_load_pd(x + 4 * r);
        b[r] = _mm256_load_pd(y + 4 * r);
    }
    do {
        for (int t = 0; t < EVERY; t++)
            for (int r = 0; r < REGISTERS; r++) {
                __m256d q = _mm256_mul_pd(a[r], b[r]);
                __m256d moved = _mm256_fnmadd_pd(q, b[r], a[r]);
                b[r] = _mm256_fnmadd_pd(q, a[r], b[r]);
                a[r] = moved;
            }
        now += EVERY;
        __m256d least = size_of(_mm256_mul_pd(a[0], b[0])), sum = least;
        for (int r = 1; r < REGISTERS; r++) {
            __m256d drive = size_of(_mm256_mul_pd(a[r], b[r]));
            least = _mm256_min_pd(least, drive);
            sum = _mm256_add_pd(sum, drive);
        }
        ended = outside(least, sum);
    } while (!ended && now < deadline);
    for (int r = 0; r < REGISTERS; r++) {
        _mm256_store_pd(x + 4 * r, a[r]);
        _mm256_store_pd(y + 4 * r, b[r]);
    }
}

static void retire(void)
{
    for (int r = 0; r < REGISTERS; r++) {
        __m256d drive = size_of(_mm256_mul_pd(_mm256_load_pd(x + 4 * r), _mm256_load_pd(y + 4 * r)));
        for (int ended = outside(drive, drive); ended; ended &= ended - 1)
            end(4 * r + __builtin_ctz(ended));
    }
    if (now >= deadline) {
        deadline = INT64_MAX;
        for (int lane = 0; lane < LANES; lane++) {
            if (now - born[lane] >= STEPS)
                end(lane);
            if (born[lane] + STEPS < deadline)
                deadline = born[lane] + STEPS;
        }
    }
    if (next == length)
        occupy();
}

/* Into x = sqrt(2 eta) theta, in which a step is three operations, or out of it. */
static void scale(int leave)
{
    for (int i = base; i < base + length; i++) {
        double s = sqrt(2 * eta[i]);
        s = leave ? 1 / s : s;
        first[i] *= s;
        second[i] *= s;
    }
}

static void run(void)
{
    for (base = 0; base < POINTS; base += CHUNK) {
        length = POINTS - base < CHUNK ? POINTS - base : CHUNK;
        scale(0);
        next = live = 0;
        now = 0;
        deadline = STEPS;
        for (int lane = 0; lane < LANES; lane++)
            refill(lane);
        occupy();
        while (live > 0) {
            iterate();
            retire();
        }
        scale(1);
    }
}

int main(int argc, char **argv)
{
    int turns = argc > 1 ? atoi(argv[1]) : 1;
    double least = INFINITY;
    for (int turn = 0; turn < turns; turn++) {
        struct timespec begin, stop;
        for (int i = 0; i < POINTS; i++) {
            eta[i] = 0.0002 + (0.0198 * (i % SIDE) / (SIDE - 1));
            first[i] = -0.1;
            second[i] = 1 + (11.0 * (i / SIDE) / (SIDE - 1));
        }
        clock_gettime(CLOCK_MONOTONIC, &begin);
        run();
        clock_gettime(CLOCK_MONOTONIC, &stop);
        double seconds = (double)(stop.tv_sec - begin.tv_sec) + 1e-9 * (double)(stop.tv_nsec - begin.tv_nsec);
        least = seconds < least ? seconds : least;
    }
    uint64_t bits = 0, all = 0;
    for (int i = 0; i < POINTS; i++) {
        uint64_t u, v;
        memcpy(&u, first + i, 8);
        memcpy(&v, second + i, 8);
        bits ^= u ^ v;
        all += (uint64_t)steps[i];
    }
    printf("%.9g %llu %016llx\n", least, (unsigned long long)all, (unsigned long long)bits);
    return 0;
}
