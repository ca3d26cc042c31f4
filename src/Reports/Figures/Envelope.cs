using OxyPlot;

namespace FlatBias.Reports.Figures;

/// <summary>
/// Finds where a curve swings so fast that its strokes run into each other, and the band that it fills there: upper and
/// lower outline go through its turning points, so that they hold all of it and nothing else. A single rise and fall,
/// however steep, is no oscillation and stays a line.
/// </summary>
internal static class Envelope
{
    // What has fewer is told from its strokes.
    private const int FewestSwings = 3;

    /// <summary>Cuts a curve into lines and bands.</summary>
    /// <param name="points">The curve on the page.</param>
    /// <param name="narrow">The distance from one crest to the next below which they are not told apart.</param>
    /// <returns>The stretches in order, each from its first to its last point; the last point of one is the first of the
    /// next. One line where the curve turns back: it has no upper and no lower side.</returns>
    internal static IEnumerable<(int First, int Last, bool Band)> Split(
        IReadOnlyList<ScreenPoint> points,
        double narrow
    )
    {
        var at = 0;
        foreach (var (first, last) in Dense(points, narrow))
        {
            if (first > at)
                yield return (at, first, false);
            yield return (first, last, true);
            at = last;
        }

        if (at < points.Count - 1 || at == 0)
            yield return (at, points.Count - 1, false);
    }

    /// <summary>The outlines of a stretch, from left to right.</summary>
    /// <param name="points">The curve on the page, where y grows downwards.</param>
    /// <param name="first">The first point of the stretch.</param>
    /// <param name="last">Its last.</param>
    internal static (List<ScreenPoint> Upper, List<ScreenPoint> Lower) Outlines(
        IReadOnlyList<ScreenPoint> points,
        int first,
        int last
    )
    {
        var turns = Turns(points, first, last);
        return (Outline(points, first, last, turns, -1), Outline(points, first, last, turns, 1));
    }

    private static IEnumerable<(int First, int Last)> Dense(IReadOnlyList<ScreenPoint> points, double narrow)
    {
        for (var i = 1; i < points.Count; i++)
            if (points[i].X < points[i - 1].X)
                yield break;
        var turns = Turns(points, 0, points.Count - 1);
        for (var i = 0; i + 2 < turns.Count; i++)
        {
            var end = i + 2;
            while (end < turns.Count && points[turns[end].At].X - points[turns[end - 2].At].X < narrow)
                end++;
            var (from, to) = (i, end - 1);
            i = Math.Max(i, end - 2);
            // From a crest to the next are two turns.
            if (to - from < 2 * FewestSwings)
                continue;
            // The half swings at the ends of the curve belong to those beside them.
            var (first, last) = (turns[from].At, turns[to].At);
            yield return (
                from == 0 && points[first].X - points[0].X < narrow ? 0 : first,
                to == turns.Count - 1 && points[^1].X - points[last].X < narrow ? points.Count - 1 : last
            );
        }
    }

    /// <summary>The turning points, and which way each bulges: 1 down the page, -1 up.</summary>
    private static List<(int At, int Side)> Turns(IReadOnlyList<ScreenPoint> points, int first, int last)
    {
        List<(int, int)> turns = [];
        var direction = 0;
        for (var i = first + 1; i <= last; i++)
        {
            var next = Math.Sign(points[i].Y - points[i - 1].Y);
            if (next == 0)
                continue;
            if (direction == -next)
                turns.Add((i - 1, direction));
            direction = next;
        }

        return turns;
    }

    /// <summary>
    /// The turning points of one side, and between two of them the hull of what lies beyond the straight line from one to
    /// the other.
    /// </summary>
    private static List<ScreenPoint> Outline(
        IReadOnlyList<ScreenPoint> points,
        int first,
        int last,
        List<(int At, int Side)> turns,
        int side
    )
    {
        List<ScreenPoint> outline = [];
        var (kept, turn) = (0, 0);
        for (var i = first; i <= last; i++)
        {
            while (outline.Count > Math.Max(kept, 1) && !Bulges(outline[^2], outline[^1], points[i], side))
                outline.RemoveAt(outline.Count - 1);
            outline.Add(points[i]);
            while (turn < turns.Count && turns[turn].At < i)
                turn++;
            if (turn < turns.Count && turns[turn].At == i && turns[turn].Side == side)
                kept = outline.Count;
        }

        return outline;
    }

    /// <summary>Whether the middle of three points lies on the side of the line through the others.</summary>
    private static bool Bulges(ScreenPoint left, ScreenPoint middle, ScreenPoint right, int side) =>
        side * (((right.X - left.X) * (middle.Y - left.Y)) - ((right.Y - left.Y) * (middle.X - left.X))) > 0;
}
