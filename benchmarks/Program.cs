using BenchmarkDotNet.Running;
using FlatBias.Benchmarks;

// dotnet run --project benchmarks -- costs
// dotnet run --project benchmarks -- --filter '*'
if (args is ["costs"])
{
    RouteCosts.Write(Console.Out);
    TrackingCosts.Write(Console.Out);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(LandscapeSteps).Assembly).Run(args);
}
