namespace FlatBias.Dynamics.Jets;

/// <summary>Gradient descent on a local model from its reference point.</summary>
internal static class ModelPath
{
    /// <summary>The points (u_t, f_t), t = 0 .. T, for as long as they are finite and |u_t| within a reach.</summary>
    public static double[][] Descend(
        LocalModel model,
        double stepSize,
        int steps,
        double reach = double.PositiveInfinity,
        double start = 0
    )
    {
        var path = new List<double[]> { new double[model.Dimension] };
        path[0][0] = start;
        while (path.Count <= steps)
        {
            var next = new double[model.Dimension];
            model.Descend(path[^1], stepSize, next);
            if (!next.All(double.IsFinite) || !(Math.Abs(next[0]) <= reach))
                break;
            path.Add(next);
        }

        return [.. path];
    }

    /// <summary>The step of the largest |u|.</summary>
    public static int Peak(double[][] path) => Enumerable.Range(0, path.Length).MaxBy(t => Math.Abs(path[t][0]));
}
