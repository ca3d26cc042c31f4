using BenchmarkDotNet.Running;
using FlatBias.Benchmarks;

// dotnet run -c Release --project benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(LandscapeSteps).Assembly).Run(args);
