using BenchmarkDotNet.Running;
using FlatBias.Benchmarks;

// dotnet run --project benchmarks -- costs
// dotnet run --project benchmarks -- row-space
// dotnet run --project benchmarks -- allocations
// dotnet run --project benchmarks -- maps
// dotnet run --project benchmarks -- solvers python3
// dotnet run --project benchmarks -- profile flatbias-report
// dotnet run --project benchmarks -- smoke
// dotnet run --project benchmarks -- --filter '*'
if (args is ["costs"])
{
    RouteCosts.Write(Console.Out);
    TrackingCosts.Write(Console.Out);
}
else if (args is ["row-space"])
{
    RowSpaceCosts.Write(Console.Out);
}
else if (args is ["profile", var folder])
{
    ReportProfile.Write(Console.Out, folder);
}
else if (args is ["allocations"])
{
    Allocations.Write(Console.Out);
}
else if (args is ["maps"])
{
    MapsInC.Write(Console.Out);
}
else if (args is ["solvers", var python])
{
    Solvers.Write(Console.Out, python);
}
else if (args is ["smoke"])
{
    return Smoke.Run(Console.Out) ? 0 : 1;
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(LandscapeSteps).Assembly).Run(args);
}

return 0;
