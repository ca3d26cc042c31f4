using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>The runs on z = Theta^2 that several chapters read (3.6), and the states along them.</summary>
internal static class TwoParameterRuns
{
    public const double Below = 0.009,
        Past = 0.011,
        Far = 0.019;

    public static readonly double[] Start = [-0.1, 10];

    public static readonly TwoParameterNetwork<PowerLink> Network = new(new PowerLink(2));

    public static LandscapeChoice Landscape { get; } =
        LandscapeChoice.Of("two-parameter-network", ("link", "power"), ("exponent", "2"));

    /// <summary>The largest step size at which small oscillations of the start are stable: eta s = 1, the ordinary threshold eta S = 2 up to Theta^2/s^2.</summary>
    public static double Threshold => 2 / Network.State(Start).Eigenvalues.Leading;

    /// <summary>The step sizes of the runs that are followed step by step.</summary>
    public static readonly double[] StepSizes = [Below, Past, Far];

    /// <summary>One run of 200 steps, measured at each.</summary>
    public static SimulationSpec Run(double stepSize) => new(Landscape, Start, stepSize) { Steps = 200 };

    /// <summary>End points against the step size from the one start.</summary>
    public static GridSpec Sweep(ReportSettings settings) =>
        new(Landscape, Axes.Linear(0.004, 0.0205, settings.Paper ? 331 : 166), [Start], 20_000, 1e-10);

    /// <summary>The state at each row of a run.</summary>
    public static TwoParameterState[] States(SeriesTable series) =>
        [
            .. Enumerable
                .Range(0, series.Rows)
                .Select(i => Network.State([series[Columns.Coordinate[1]][i], series[Columns.Coordinate[2]][i]])),
        ];
}
