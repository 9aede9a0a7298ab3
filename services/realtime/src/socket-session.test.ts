import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "@smartcall/runtime";
import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { WebSocket, WebSocketServer } from "ws";
import { bounds } from "./bounds.ts";
import { readContract } from "./contract.ts";
import { createGateway } from "./gateway.ts";
import { createMemory } from "./memory.ts";
import { onwardHeaders } from "./onward.ts";
import { startSession } from "./socket-session.ts";
import { startInside } from "./testing/inside.ts";

describe("a bug that a frame meets", () => {
  it("is logged, and closes its socket alone", async () => {
    const folder = mkdtempSync(join(tmpdir(), "smartcall-ss-"));
    const inside = await startInside(join(folder, "inside.sock"));
    const contract = readContract();
    const gateway = createGateway(`unix:${join(folder, "inside.sock")}`, contract);
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    const lines: string[] = [];
    let ids = 0;
    server.on("connection", (socket, { socket: raw }) => {
      startSession(
        socket,
        {
          agent: "echo",
          token: undefined,
          claims: undefined,
          turnBytes: 1_024,
          listener: "",
          headers: onwardHeaders({}),
        },
        {
          gateway,
          contract,
          clock: createManualClock(),
          raw,
          share: createMemory(bounds.memory).shareOf("me"),
          incoming: createMemory(bounds.incoming).shareOf("me"),
          log: createLog("test", "info", { write: (line) => lines.push(line) }),
          newId() {
            ids += 1;
            if (ids === 1) throw new Error("no id");
            return `id-${ids}`;
          },
          turned: () => undefined,
        },
      );
    });
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("not on a port");
    const open = async (): Promise<WebSocket> => {
      const socket = new WebSocket(`ws://127.0.0.1:${address.port}`);
      await once(socket, "open");
      return socket;
    };
    const turn = JSON.stringify({
      type: "turn",
      conversation: "c",
      message: { role: "user", content: "count" },
    });
    try {
      const [one, other] = [await open(), await open()];
      const closed = new Promise((resolve) => one.once("close", resolve));
      one.send(turn);
      expect(await closed).to.equal(1011);
      expect(lines.join("")).to.include("no id");
      const done = new Promise<void>((resolve) => {
        other.on("message", (data) => {
          if (String(data).includes('"done"')) resolve();
        });
      });
      other.send(turn);
      await done;
      other.terminate();
    } finally {
      server.close();
      gateway.close();
      inside.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(10_000);
});
