// Computes planes in a runtime of its own, a row at a time; a newer order ends an older one.
import { dotnet } from './_framework/dotnet.js';

const api = (async () => {
  const { getAssemblyExports } = await dotnet.create();
  return (await getAssemblyExports('FlatBias.Lab')).FlatBias.Lab.Planes.PlaneWorker;
})();
let current = 0;

onmessage = async ({ data: { job, query } }) => {
  current = job;
  // Says that no row of an older plane is in the way.
  postMessage({ heard: job });
  if (query === null) return;
  try {
    const plane = await api;
    if (current !== job) return;
    const rows = plane.Begin(query);
    for (let i = 0; i < rows; i++) {
      postMessage({ job, row: i, values: plane.Row(i) });
      // Lets the next message in.
      await new Promise(go => setTimeout(go));
      if (current !== job) return;
    }
    postMessage({ job, row: rows, values: [] });
  } catch (error) {
    postMessage({ job, row: -1, values: [], error: String(error.message ?? error) });
  }
};
