using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Jets;

/// <content>Points without a swing, swings that end, wrong input, and the price.</content>
public partial class CollocationJetTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(2, 0)]
    public void Along_FlatOrRestingPoint_HasNoSwingAndStaysThere(double curvature, double slope)
    {
        // Constant, linear, and the bottom of a bowl at the origin, where no number has a unit of length.
        var jet = RandomJets.Draw(new Random(1), 6, 2, 0);
        jet.Moments[1] = curvature;
        jet = jet with { Krylov = new KrylovJet(new double[2, 2], jet.Krylov!.Gradients, [0, 0]) };
        jet.Moments[0] = slope;
        var (found, _) = Jets.Along(
            new ModelSurface(LocalModel.Whole(jet)),
            new double[3],
            [1, 0, 0],
            0.5,
            10,
            new CollocationOptions(),
            gap: 1
        );
        var forecast = new MemoryTheory(6, cubic: true).Predict(found, 0.5, 10);
        Assert.Equal(Enumerable.Range(0, 11).Select(t => -0.5 * slope * t), forecast.Displacement);
        Assert.All(forecast.Sharpness, s => Assert.Equal(curvature, s));
        if (slope == 0)
            Assert.Equal((0.0, 0.0), (found.Swing!.Low, found.Swing.High));
    }

    [Fact]
    public void Along_DirectionInACluster_SaysSo()
    {
        var valley = Valley(new Random(5), 4, knots: false);
        var surface = new ModelSurface(valley);
        Jet At(double gap) => Jets.Along(surface, new double[4], Axis(4), StepSize(valley), Steps, Line, gap: gap).Jet;
        var turning = At(1).Swing!.Turning;
        Assert.InRange(turning, 1e-6, 1);
        Assert.False(At(1).Swing!.IsClustered);
        // The same coupling over a smaller gap, over none, and over one that nobody knows.
        Assert.True(At(turning / 2).Swing!.IsClustered);
        Assert.True(At(0).Swing!.IsClustered);
        Assert.True(At(double.NaN).Swing!.IsClustered);
        Assert.Contains(
            "v_1 is not defined",
            new MemoryTheory(6, cubic: true).Predict(At(0), 0.5, 4).Declined,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Along_SurfaceThatEndsWithinTheSwing_StaysInsideIt()
    {
        var valley = Valley(new Random(5), 4, knots: false);
        var (free, _) = Jets.Along(new ModelSurface(valley), new double[4], Axis(4), StepSize(valley), Steps, Line);
        var limit = Math.Max(-free.Swing!.Low, free.Swing.High) / 2;
        var surface = new ModelSurface(valley) { Limit = limit };
        var (jet, _) = Jets.Along(surface, new double[4], Axis(4), StepSize(valley), Steps, Line);
        Assert.InRange(jet.Swing!.Low, -limit, -limit / 1000);
        Assert.InRange(jet.Swing.High, limit / 1000, limit);
        for (var k = 1; k <= 6; k++)
            Near.Equal(valley.MomentAt(k, new double[4]), jet.Moments[k - 1], OfMoment(k, Reach(jet, 1)), $"m_{k}");
    }

    [Fact]
    public void Along_DirectionThatCeasesToLead_GrowsNoFurther()
    {
        // v . H v = 3 all along the line and P_perp H v = 2 u^2, so that v leads up to |u| = sqrt(3/2); u grows by half a
        // step beyond any bound, and a swing of ten times the size would carry it further.
        var jet = RandomJets.Draw(new Random(5), 6, 1, 0);
        jet.Moments[0] = 0.02;
        jet.Krylov!.Gradients[2][0] = 4;
        jet = jet with
        {
            Krylov = jet.Krylov with
            {
                Hessian = new double[,]
                {
                    { 1 },
                },
            },
        };
        var surface = new ModelSurface(LocalModel.Whole(jet));
        var (found, _) = Jets.Along(surface, [0, 0], [1, 0], 2.5 / 3, 40, Line, gap: 2);
        Assert.InRange(found.Swing!.High, 0.3, Math.Sqrt(1.5));
        Assert.InRange(found.Swing.Low, -Math.Sqrt(1.5), -0.3);
    }

    [Fact]
    public void Along_SeveralRuns_HoldsForAllOfThem()
    {
        // Of one swing for all, at least that of each alone; the jet is the valley all the same.
        var valley = Valley(new Random(5), 4, knots: false);
        var (theta, eta) = (new double[4], StepSize(valley));
        double[] stepSizes = [eta, 1.01 * eta, 1.02 * eta];
        var surface = new ModelSurface(valley);
        using var basis = Jet.Basis(surface.Space, 4)!;
        using var point = surface.At(theta);
        var jet = CollocationJet.Along(
            surface,
            theta,
            point,
            Axis(4),
            basis,
            new JetRuns(stepSizes, Steps, 0.01),
            Line
        );
        for (var k = 1; k <= 6; k++)
            Near.Equal(valley.MomentAt(k, theta), jet.Moments[k - 1], OfMoment(k, Reach(jet, 1)), $"m_{k}");
        foreach (var stepSize in stepSizes)
        {
            // Within the tenth that it is wider than the forecasts, as far as the pass before told them apart.
            var path = ModelPath.Descend(valley, stepSize, Steps, start: 0.01);
            Assert.Equal(0.01, path[0][0]);
            Assert.All(path, y => Assert.InRange(y[0], jet.Swing!.Low, jet.Swing.High));
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5000)]
    public void Along_StartBeyondWhereTheSurfaceEnds_ForecastsNoStep(int beyond)
    {
        var surface = new ModelSurface(Valley(new Random(5), 4, knots: false)) { Limit = 0.1 / beyond };
        var theta = new double[4];
        using var basis = Jet.Basis(surface.Space, 4)!;
        using var point = surface.At(theta);
        var runs = new JetRuns([0.7], Steps, 0.1);
        var jet = CollocationJet.Along(surface, theta, point, Axis(4), basis, runs, new CollocationOptions());
        // Ten swings are as far as a forecast counts.
        var trusted = 10 * Math.Max(-jet.Swing!.Low, jet.Swing.High);
        Assert.Single(ModelPath.Descend(LocalModel.Whole(jet), 0.7, Steps, trusted, 0.1));
    }

    [Theory]
    [InlineData("number of step sizes is 0")]
    [InlineData("stepSize is NaN", double.NaN)]
    [InlineData("stepSize is -1", 0.5, -1.0)]
    public void Validate_WrongRuns_SaysSo(string words, params double[] stepSizes) =>
        Assert.Contains(
            words,
            Assert.ThrowsAny<ArgumentException>(() => new JetRuns(stepSizes, 3).Validate()).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Along_PointThatIsNoNumber_ForecastsNone()
    {
        var valley = Valley(new Random(5), 4, knots: true);
        var surface = new ModelSurface(valley) { Limit = -1 };
        var (jet, _) = Jets.Along(surface, new double[4], Axis(4), 0.5, Steps, new CollocationOptions());
        Assert.True(double.IsNaN(jet.Moments[0]));
        Assert.All(
            new MemoryTheory(6, cubic: true).Predict(jet, 0.5, Steps).Displacement[1..],
            u => Assert.True(double.IsNaN(u))
        );
    }

    [Theory]
    [InlineData(3, 1, true)]
    [InlineData(3, 2, false)]
    [InlineData(20, 1, true)]
    public void Along_AnyOptions_CostsWhatIsCounted(int columns, int refinements, bool knots)
    {
        var valley = Valley(new Random(7), 8, knots: true);
        var surface = new ModelSurface(valley);
        var options = new CollocationOptions(columns, refinements, knots);
        var (jet, _) = Jets.Along(surface, new double[8], Axis(8), StepSize(valley), Steps, options);
        var (first, last, places) = (Math.Min(Math.Min(8, columns), 7), Math.Min(columns, 7), knots ? 2 : 0);
        // The reference point by the caller; at each end a gradient, H v and the columns, in one block; two knots.
        var passes = refinements + 1;
        Assert.Equal(1 + (2 * passes) + places, surface.Cost.Gradients);
        Assert.Equal((2 * passes) + places, surface.Blocks);
        Assert.Equal(
            1 + 7 + (2 * passes) + (2 * refinements * first) + ((2 + places) * last),
            surface.Cost.HessianVectorProducts
        );
        Assert.Equal(knots, jet.Krylov!.Cubic is not null);
    }

    [Fact]
    public void Along_BadInput_NamesIt()
    {
        var valley = Valley(new Random(7), 3, knots: true);
        var surface = new ModelSurface(valley);
        void Says(string words, double stepSize = 0.5, int steps = 5, int columns = 1, int refinements = 1) =>
            Assert.Contains(
                words,
                Assert
                    .Throws<ArgumentOutOfRangeException>(() =>
                        Jets.Along(
                            surface,
                            new double[3],
                            Axis(3),
                            stepSize,
                            steps,
                            new CollocationOptions(columns, refinements)
                        )
                    )
                    .Message,
                StringComparison.Ordinal
            );
        Says("stepSize is 0", stepSize: 0);
        Says("steps is 0", steps: 0);
        Says("columns is 0", columns: 0);
        Says("refinements is 0", refinements: 0);
        Says("refinements is 11", refinements: 11);
    }
}
