// The mesh of the SDKs' shared cases: prints one line of JSON when it is ready, and ends when its standard input closes.
import { once } from "node:events";
import { startSdkMesh } from "./start-mesh.ts";

const mesh = await startSdkMesh();
process.stdout.write(`${JSON.stringify(mesh.told)}\n`);
process.stdin.resume();
await Promise.race([
  once(process.stdin, "close"),
  once(process, "SIGTERM"),
  once(process, "SIGINT"),
]);
process.stdin.destroy();
await mesh.stop();
