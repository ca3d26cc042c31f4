using System.Runtime.InteropServices.JavaScript;
using FlatBias.Lab.Addresses;

namespace FlatBias.Lab.Planes;

/// <summary>
/// What a web worker calls: a second runtime of its own, so that the page goes on while a plane is computed
/// (wwwroot/worker.js).
/// </summary>
internal static partial class PlaneWorker
{
    private static PlaneJob? _job;

    /// <summary>Takes up a plane.</summary>
    /// <param name="query">Its settings as an address.</param>
    /// <returns>The number of rows.</returns>
    [JSExport]
    public static int Begin(string query)
    {
        _job = PlaneJob.Of(PlaneSettings.From(Address.Parse(query)));
        return _job.Rows;
    }

    /// <summary>Computes a row.</summary>
    [JSExport]
    [return: JSMarshalAs<JSType.Array<JSType.Number>>]
    public static double[] Row(int index) => _job!.Row(index);
}
