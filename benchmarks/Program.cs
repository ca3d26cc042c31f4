using BenchmarkDotNet.Running;
using FlatBias.Benchmarks;

// dotnet run --project benchmarks -- tracking
// dotnet run --project benchmarks -- --filter '*'
if (args is ["tracking"])
    TrackingCosts.Write(Console.Out);
else
    BenchmarkSwitcher.FromAssembly(typeof(LandscapeSteps).Assembly).Run(args);
