using BenchmarkDotNet.Running;
using FlatBias.Benchmarks;

// dotnet run --project benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(LandscapeSteps).Assembly).Run(args);
