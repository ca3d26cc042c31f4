namespace FlatBias.Reports.Records;

/// <summary>
/// What making a run is expected to take, in counts, which no machine changes. They are rough: what eigenpairs cost depends
/// on the spectrum, and where a run reaches its loss on the run. The rates below are those of the records of the quick
/// profile, whose runs of each kind lie within a factor of two of them.
/// </summary>
/// <param name="Steps">Gradients of the step, of a minibatch where there are any.</param>
/// <param name="Products">Measurements on all samples, in Hessian products.</param>
internal readonly record struct RunCost(double Steps, double Products)
{
    /// <summary>The part of its steps that a run which ends at a loss takes: between a fifth and all, two fifths in the mean.</summary>
    public const double ReachedAt = 0.4;

    /// <summary>Products of a row of a training run: 22 to 54, for two leading pairs or four, whatever the network.</summary>
    public const double Row = 32;

    /// <summary>Products of the layers' own sharpness, each time: 160 to 540 by the number of layers.</summary>
    public const double Layers = 200;

    /// <summary>Products of a whole spectrum: 800 of the density's probes, the rest of the pairs at both ends.</summary>
    public const double Spectrum = 900;

    /// <summary>Products of a step of a forecast's horizon, jets and their checks included: 17 to 37.</summary>
    public const double ForecastStep = 27;

    /// <summary>What the limit of the jet's span adds to that: 23 to 47.</summary>
    public const double SpanStep = 35;

    /// <summary>Products that follow one leading eigenvalue from step to step.</summary>
    public const double Tracking = 4;

    /// <summary>Gradients of a point of a grid on a landscape: most converge at once, some never.</summary>
    public const double GridPoint = 100;

    /// <summary>Gradients of a row of a run on a landscape, where all is measured.</summary>
    public const double LandscapeRow = 20;
}
