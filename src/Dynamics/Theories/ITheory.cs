using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>A forecast of named observables for the steps 0 .. T after the reference point, made before those steps are run.</summary>
/// <param name="Theory">The theory's name.</param>
/// <param name="Declined">Null when the theory forecasts; otherwise the reason why it does not.</param>
/// <param name="Displacement">u_t = v . (theta_t - theta_0), or empty.</param>
/// <param name="Sharpness">S_t, or empty.</param>
/// <param name="Loss">L_t, or empty.</param>
/// <param name="Validity">The theory's own diagnostic per step: a dimensionless number, small compared with 1 while the forecast may be believed.</param>
public sealed record Forecast(
    string Theory,
    string? Declined,
    double[] Displacement,
    double[] Sharpness,
    double[] Loss,
    double[] Validity
)
{
    /// <summary>The angle in radians between v_1 of each step and v_1 of the reference point, or empty where the theory says nothing of rotation.</summary>
    public double[] Rotation { get; init; } = [];

    /// <summary>D^k L[v, ..., v] at each step along the v_1 of the reference point, index k - 1 holding order k; or empty.</summary>
    public double[][] Moments { get; init; } = [];

    /// <summary>The size of the oscillation about the displacement at each step, where a theory forecasts a mean path with an envelope; or empty.</summary>
    public double[] Amplitude { get; init; } = [];

    /// <summary>The answer of a theory outside its domain.</summary>
    /// <param name="theory">The theory's name.</param>
    /// <param name="reason">Why it declines.</param>
    /// <returns>A forecast without series.</returns>
    public static Forecast Decline(string theory, string reason) => new(theory, reason, [], [], [], []);
}

/// <summary>A dynamical system with a forecast contract: a jet in, named observables out, or the reason why not.</summary>
public interface ITheory : INamed
{
    /// <summary>What it needs of a jet; without, it declines.</summary>
    JetNeeds Needs { get; }

    /// <summary>The limit in which it is gradient descent.</summary>
    TheoryLimit Limit { get; }

    /// <summary>Where it stands among the others.</summary>
    TheoryStanding Standing { get; }

    /// <summary>Forecasts the run of gradient descent from the jet's reference point.</summary>
    /// <param name="jet">Local data at the reference point.</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    /// <param name="steps">The horizon T, at least 0.</param>
    /// <returns>The forecast for steps 0 .. T.</returns>
    Forecast Predict(Jet jet, double stepSize, int steps);
}
