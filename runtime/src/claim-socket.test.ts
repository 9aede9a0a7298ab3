import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { claimSocket } from "./claim-socket.ts";

describe("the path of a socket", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-socket-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is free in a folder that only this user may enter", async () => {
    const path = join(folder, "sockets", "a.sock");
    expect(await claimSocket(path)).to.equal("free");
    expect(statSync(join(folder, "sockets")).mode & 0o777).to.equal(0o700);
  });

  it("is freed of what a killed process left, and of nobody who listens", async () => {
    const path = join(folder, "a.sock");
    writeFileSync(path, "");
    expect(await claimSocket(path)).to.equal("free");
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once("listening", resolve));
    expect(await claimSocket(path)).to.equal("in use");
    server.close();
  });

  it("may not be longer than Linux takes", async () => {
    expect(await claimSocket(join(folder, "x".repeat(108)))).to.equal("too long");
  });
});
