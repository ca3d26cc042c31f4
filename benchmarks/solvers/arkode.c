/* The flows of benchmarks/Flows.cs by SUNDIALS' ARKODE, with the same method, Dormand-Prince 5(4):
 * cc -O3 -march=native arkode.c -lsundials_arkode -lsundials_nvecserial -lsundials_generic -lm
 * Each line: flow, tolerance, seconds of one solution (the least of several turns), the state at the end. */
#include <arkode/arkode_erkstep.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int cycle(realtype t, N_Vector state, N_Vector derivative, void *data)
{
    const double *x = N_VGetArrayPointer(state);
    double *d = N_VGetArrayPointer(derivative);
    d[0] = 0.3 * x[0] * x[1];
    d[1] = 0.3 * (1.3 - 0.35 * x[0] * x[0]);
    return 0;
}

static int lorenz(realtype t, N_Vector state, N_Vector derivative, void *data)
{
    const double *x = N_VGetArrayPointer(state);
    double *d = N_VGetArrayPointer(derivative);
    d[0] = 10 * (x[1] - x[0]);
    d[1] = x[0] * (28 - x[2]) - x[1];
    d[2] = x[0] * x[1] - 8.0 / 3 * x[2];
    return 0;
}

static int ring(realtype t, N_Vector state, N_Vector derivative, void *data)
{
    const double *x = N_VGetArrayPointer(state);
    double *d = N_VGetArrayPointer(derivative);
    for (int i = 2; i < 99; i++)
        d[i] = (x[i + 1] - x[i - 2]) * x[i - 1] - x[i] + 8;
    d[0] = (x[1] - x[98]) * x[99] - x[0] + 8;
    d[1] = (x[2] - x[99]) * x[0] - x[1] + 8;
    d[99] = (x[0] - x[97]) * x[98] - x[99] + 8;
    return 0;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void check(int flag)
{
    if (flag < 0)
        exit(1);
}

static void solve(const char *name, ARKRhsFn flow, int n, double first, double second, double end, double tolerance,
                  SUNContext context)
{
    N_Vector x = N_VNew_Serial(n, context);
    double *values = N_VGetArrayPointer(x), least = 1e300;
    double begun = now();
    do {
        for (int i = 0; i < n; i++)
            values[i] = i == 0 ? first : second;
        double started = now(), t;
        void *memory = ERKStepCreate(flow, 0, x, context);
        check(ERKStepSetTableNum(memory, ARKODE_DORMAND_PRINCE_7_4_5));
        check(ERKStepSStolerances(memory, tolerance, tolerance));
        check(ERKStepSetMaxNumSteps(memory, 100000000));
        check(ERKStepSetStopTime(memory, end));
        check(ERKStepEvolve(memory, end, x, &t, ARK_NORMAL));
        double seconds = now() - started;
        if (seconds < least)
            least = seconds;
        ERKStepFree(&memory);
    } while (now() - begun < 0.3);
    printf("%s %.17g %.17g", name, tolerance, least);
    for (int i = 0; i < n; i++)
        printf(" %.17g", values[i]);
    printf("\n");
    N_VDestroy(x);
}

int main(int count, char **tolerances)
{
    SUNContext context;
    check(SUNContext_Create(NULL, &context));
    for (int i = 1; i < count; i++) {
        double tolerance = atof(tolerances[i]);
        solve("cycle", cycle, 2, 0.2, 0.5, 200, tolerance, context);
        solve("lorenz", lorenz, 3, 1, 1, 10, tolerance, context);
        solve("ring", ring, 100, 2, 1, 2, tolerance, context);
    }
    SUNContext_Free(&context);
    return 0;
}
