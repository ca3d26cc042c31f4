using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>What the commands say of a collocation jet, and of the check of any jet along its path.</summary>
internal static class CollocationLines
{
    /// <summary>What the jet cost, where it looked, and how far it can be believed.</summary>
    public static void Print(SeriesTable series, bool besideTaylor)
    {
        Console.WriteLine(
            string.Create(
                Printed.Numbers,
                $"The {(besideTaylor ? "collocation " : "")}jet cost {series[Columns.CollocationCost][0]:F0} gradient-equivalents."
            )
        );
        Console.WriteLine(Swing(series));
        if (series.Names.Contains(Columns.CollocationPath))
            Console.WriteLine(Path(series[Columns.CollocationPath][0], series[Columns.CollocationPathCost][0]));
    }

    /// <summary>What (4.16) said before the run.</summary>
    public static string Path(double error, double cost) =>
        double.IsFinite(error)
            ? string.Create(
                Printed.Numbers,
                $"Along the path that it forecasts the sharpness is off by up to {error:P1} ({cost:F0} gradient-equivalents): its forecast {Trusted(error)}."
            )
            : $"The path that it forecasts leaves the finite numbers: its forecast {Trusted(error)}.";

    /// <summary>What e_S says of a forecast.</summary>
    public static string Trusted(double error) =>
        error <= PathTrust.Believed ? "may be believed"
        : error <= PathTrust.Refused ? "is in doubt"
        : "is not to be believed";

    /// <summary>Over which u a collocation jet looked, and whether v_1 is a direction of its own there.</summary>
    private static string Swing(SeriesTable series)
    {
        var swing = new Dynamics.Jets.Swing(
            series[Columns.SwingLow][0],
            series[Columns.SwingHigh][0],
            series[Columns.SwingTurning][0]
        );
        return string.Create(
            Printed.Numbers,
            $"It looked at the surface from u = {swing.Low:G3} to {swing.High:G3}{(swing.IsClustered ? $"; over that swing v_1 is in a cluster: the Hessian couples it to the rest by {swing.Turning:G3} of the gap, and no single direction leads" : "")}."
        );
    }
}
