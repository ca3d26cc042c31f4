using System.Runtime.Versioning;

// The page runs nowhere else.
[assembly: SupportedOSPlatform("browser")]
