using FlatBias.Testing;

namespace FlatBias.Dynamics.Tests.Descent;

/// <summary>The surface x^2 / 2, on which most runs of these tests are.</summary>
internal static class OnAParabola
{
    public static readonly QuarticSurface Parabola = new(
        new double[,]
        {
            { 1 },
        },
        [0],
        [0]
    );

    public static CancellationToken Token => TestContext.Current.CancellationToken;
}
