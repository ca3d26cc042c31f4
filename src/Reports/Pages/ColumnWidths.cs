namespace FlatBias.Reports.Pages;

/// <summary>Shares the width of a table among its columns.</summary>
internal static class ColumnWidths
{
    /// <summary>Gives each column its share, or what its longest word needs where that is more and the others can spare it.</summary>
    /// <param name="shares">The shares wanted, relative to each other.</param>
    /// <param name="needed">The width that each column needs.</param>
    /// <param name="total">The width of the table.</param>
    /// <returns>The widths; their sum is <paramref name="total"/>.</returns>
    internal static float[] Fit(IReadOnlyList<float> shares, IReadOnlyList<float> needed, float total)
    {
        // Nothing can save the words when all columns are too narrow: they are broken, in the columns that were asked for.
        var satisfiable = needed.Sum() <= total;
        var pinned = new bool[shares.Count];
        while (true)
        {
            var free = total - needed.Where((_, i) => pinned[i]).Sum();
            var wanted = shares.Where((_, i) => !pinned[i]).Sum();
            float[] widths = [.. shares.Select((share, i) => pinned[i] ? needed[i] : share / wanted * free)];
            var narrow = Enumerable.Range(0, widths.Length).Where(i => !pinned[i] && widths[i] < needed[i]).ToList();
            if (!satisfiable || narrow.Count == 0)
                return widths;
            foreach (var i in narrow)
                pinned[i] = true;
        }
    }
}
