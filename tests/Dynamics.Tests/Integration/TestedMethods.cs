using FlatBias.Dynamics.Integration;

namespace FlatBias.Dynamics.Tests.Integration;

/// <summary>Every integration method behind one face. A new method is one line in <see cref="All"/>.</summary>
public abstract class TestedMethod
{
    /// <summary>The methods, each with the number of steps from which its order is measured.</summary>
    public static IReadOnlyList<TestedMethod> All { get; } =
    [
        new Explicit(ButcherTableau.BogackiShampine, 40),
        new Explicit(ButcherTableau.DormandPrince, 93),
        new Explicit(ButcherTableau.Tsitouras, 130),
        new Explicit(ButcherTableau.DormandPrince853, 12),
        new Stiff(RosenbrockTableau.Rodas4, 24),
    ];

    public static TheoryData<string> Names => [.. All.Select(m => m.Name)];

    public abstract string Name { get; }

    public abstract int Order { get; }

    public abstract int DenseOrder { get; }

    public abstract bool ForwardOnly { get; }

    /// <summary>The number of steps a unit of time from which on the leading term of the error dominates in <see cref="ConvergenceTests"/>, and twice which stays above round-off.</summary>
    public int CoarseSteps { get; private init; }

    public static TestedMethod Named(string name) => All.Single(m => m.Name == name);

    /// <summary>An integrator of this method.</summary>
    public abstract ITestedIntegrator Create(IntegrationOptions options);

    private sealed class Explicit : TestedMethod
    {
        private readonly ButcherTableau _tableau;

        public Explicit(ButcherTableau tableau, int coarseSteps) => (_tableau, CoarseSteps) = (tableau, coarseSteps);

        public override string Name => _tableau.Name;

        public override int Order => _tableau.Order;

        public override int DenseOrder => _tableau.Dense.Order;

        public override bool ForwardOnly => false;

        public override ITestedIntegrator Create(IntegrationOptions options) =>
            new Integrator(new RungeKutta(_tableau, options));

        private sealed class Integrator(RungeKutta method) : ITestedIntegrator
        {
            public IntegrationCost Cost => method.Cost;

            public IntegrationEnd Integrate<TFlow>(
                TFlow flow,
                ref double time,
                double end,
                Span<double> state,
                params ReadOnlySpan<IStepListener> listeners
            )
                where TFlow : struct, IFlow => method.Integrate(flow, ref time, end, state, listeners);

            public StepInterpolant Step<TFlow>(TFlow flow, double time, double step, Span<double> state)
                where TFlow : struct, IFlow => method.Step(flow, time, step, state);
        }
    }

    private sealed class Stiff : TestedMethod
    {
        private readonly RosenbrockTableau _tableau;

        public Stiff(RosenbrockTableau tableau, int coarseSteps) => (_tableau, CoarseSteps) = (tableau, coarseSteps);

        public override string Name => _tableau.Name;

        public override int Order => 4;

        public override int DenseOrder => 3;

        public override bool ForwardOnly => true;

        public override ITestedIntegrator Create(IntegrationOptions options) =>
            new Integrator(new Rosenbrock(_tableau, options));

        private sealed class Integrator(Rosenbrock method) : ITestedIntegrator
        {
            public IntegrationCost Cost => method.Cost;

            public IntegrationEnd Integrate<TFlow>(
                TFlow flow,
                ref double time,
                double end,
                Span<double> state,
                params ReadOnlySpan<IStepListener> listeners
            )
                where TFlow : struct, IFlow =>
                method.Integrate(new DifferencedFlow<TFlow>(flow), ref time, end, state, listeners);

            public StepInterpolant Step<TFlow>(TFlow flow, double time, double step, Span<double> state)
                where TFlow : struct, IFlow => method.Step(new DifferencedFlow<TFlow>(flow), time, step, state);
        }
    }
}

/// <summary>An integrator of any method, for any flow.</summary>
public interface ITestedIntegrator
{
    IntegrationCost Cost { get; }

    IntegrationEnd Integrate<TFlow>(
        TFlow flow,
        ref double time,
        double end,
        Span<double> state,
        params ReadOnlySpan<IStepListener> listeners
    )
        where TFlow : struct, IFlow;

    StepInterpolant Step<TFlow>(TFlow flow, double time, double step, Span<double> state)
        where TFlow : struct, IFlow;
}

/// <summary>A flow from a delegate.</summary>
public readonly record struct DelegateFlow(int Dimension, DelegateFlow.RightHandSide Function) : IFlow
{
    public delegate void RightHandSide(double time, ReadOnlySpan<double> state, Span<double> derivative);

    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative) =>
        Function(time, state, derivative);
}

/// <summary>Eq. (4.5): x' = eta x y, y' = eta (alpha - beta x^2/2).</summary>
public readonly record struct SelfStabilization(double StepSize, double Alpha, double Beta) : IFlow
{
    public int Dimension => 2;

    /// <summary>The conserved energy of (4.5).</summary>
    public double Energy(ReadOnlySpan<double> s) =>
        (s[1] * s[1] / 2) + (Beta * s[0] * s[0] / 4) - (Alpha * Math.Log(Math.Abs(s[0])));

    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        derivative[0] = StepSize * state[0] * state[1];
        derivative[1] = StepSize * (Alpha - (Beta * state[0] * state[0] / 2));
    }
}
