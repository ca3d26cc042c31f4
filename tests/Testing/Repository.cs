namespace FlatBias.Testing;

/// <summary>The checkout that the tests run in.</summary>
public static class Repository
{
    /// <summary>The folder of FlatBias.sln, found upwards from the test's own assembly.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "FlatBias.sln")))
                return folder.FullName;
        throw new InvalidOperationException("FlatBias.sln was not found above the tests.");
    }
}
