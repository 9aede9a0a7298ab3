// Measures what an idle socket costs: `node services/realtime/dist/testing/idle-sockets.js [COUNT]`.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { settings } from "@smartcall/runtime";
import { WebSocket } from "ws";
import { bounds } from "../bounds.ts";
import { claims } from "./rig.ts";

const count = Number(process.argv[2] ?? bounds.sockets);
const folder = mkdtempSync(join(tmpdir(), "smartcall-idle-"));
const service = spawn(process.execPath, [fileURLToPath(new URL("../main.js", import.meta.url))], {
  env: {
    ...process.env,
    [settings.gatewayFolder.variable]: folder,
    [settings.stateFolder.variable]: folder,
  },
  stdio: ["ignore", "pipe", "inherit"],
});
await new Promise<void>((resolve) => {
  service.stdout.on("data", (line) => {
    if (String(line).includes('"ready"')) resolve();
  });
});
const before = residentKiB();
const sockets = new Set<WebSocket>();
const openedAt = performance.now();
for (let number = 0; number < count; number += 1) {
  const socket = new WebSocket(`ws+unix:${join(folder, "realtime.sock")}:/v1/agents/a:converse`, {
    headers: {
      host: "mesh.example",
      authorization: `Bearer ${"t".repeat(800)}`,
      "smartcall-agent": "a",
      "smartcall-claims": claims(`caller ${Math.floor(number / bounds.socketsOfCaller)}`, 9e9),
    },
  });
  sockets.add(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once("message", () => resolve());
    socket.once("error", reject);
  });
}
const seconds = (performance.now() - openedAt) / 1_000;
await new Promise((resolve) => setTimeout(resolve, 5_000));
const after = residentKiB();
process.stdout.write(
  `${JSON.stringify({
    sockets: count,
    openedPerSecond: Math.round(count / seconds),
    beforeMiB: Math.round(before / 1_024),
    afterMiB: Math.round(after / 1_024),
    kiBEach: Number(((after - before) / count).toFixed(1)),
  })}\n`,
);
for (const socket of sockets) socket.terminate();
service.kill("SIGKILL");
rmSync(folder, { recursive: true });

/** The service's memory. */
function residentKiB(): number {
  const text = readFileSync(`/proc/${service.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1]);
}
