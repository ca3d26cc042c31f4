namespace FlatBias.Reports;

internal static class Program
{
    private static void Main()
    {
    }
}
