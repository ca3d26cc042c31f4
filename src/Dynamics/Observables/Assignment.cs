namespace FlatBias.Dynamics.Observables;

/// <summary>The linear assignment problem on small square matrices, by shortest augmenting paths (Jonker and Volgenant 1987), O(n^3).</summary>
internal static class Assignment
{
    /// <summary>Assigns each row a column of its own such that the sum of the chosen entries is largest.</summary>
    /// <param name="weight">A square matrix of finite numbers.</param>
    /// <returns>For each row its column.</returns>
    public static int[] Maximise(double[,] weight)
    {
        var n = weight.GetLength(0);
        double[] rowPotential = new double[n + 1],
            columnPotential = new double[n + 1];
        int[] rowOf = new int[n + 1],
            from = new int[n + 1]; // index 0 is the virtual column that each new row starts from
        for (var row = 1; row <= n; row++)
        {
            rowOf[0] = row;
            var column = 0;
            var distance = new double[n + 1];
            Array.Fill(distance, double.PositiveInfinity);
            var visited = new bool[n + 1];
            do
            {
                visited[column] = true;
                var (current, next, delta) = (rowOf[column], 0, double.PositiveInfinity);
                for (var j = 1; j <= n; j++)
                {
                    if (visited[j])
                        continue;
                    var reduced = -weight[current - 1, j - 1] - rowPotential[current] - columnPotential[j];
                    if (reduced < distance[j])
                        (distance[j], from[j]) = (reduced, column);
                    if (distance[j] < delta)
                        (delta, next) = (distance[j], j);
                }

                for (var j = 0; j <= n; j++)
                {
                    if (visited[j])
                    {
                        rowPotential[rowOf[j]] += delta;
                        columnPotential[j] -= delta;
                    }
                    else
                    {
                        distance[j] -= delta;
                    }
                }

                column = next;
            } while (rowOf[column] != 0);
            for (; column != 0; column = from[column])
                rowOf[column] = rowOf[from[column]];
        }

        var result = new int[n];
        for (var j = 1; j <= n; j++)
            result[rowOf[j] - 1] = j - 1;
        return result;
    }
}
