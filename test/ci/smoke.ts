// The smoke test under load: a mesh of its own, k6 in front, nothing may fail.
import { startMesh } from "../harness/mesh.ts";
import { findK6, runScenario } from "./k6.ts";

const k6 = findK6(process.env);
if (k6 === undefined) {
  console.error('k6 is missing: run "make dev-tools", put it on PATH, or set K6_BIN.');
  process.exitCode = 1;
} else {
  const mesh = await startMesh({ services: ["echo"] });
  try {
    process.exitCode = await runScenario(k6, "smoke.ts", mesh, await mesh.token());
  } finally {
    await mesh.stop();
  }
}
