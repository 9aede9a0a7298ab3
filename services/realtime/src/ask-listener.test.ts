import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { askListener } from "./ask-listener.ts";

describe("which listener lets sockets in", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-al-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is what the gateway says, and not known where it says nothing or is not there", async () => {
    const path = join(folder, "inside.sock");
    expect(await askListener(`unix:${path}`)).to.equal(undefined);
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      if (asked.length === 1) response.setHeader("smartcall-listener", "one");
      response.end();
    });
    server.listen(path);
    await once(server, "listening");
    try {
      expect(await askListener(`unix:${path}`)).to.equal("one");
      expect(await askListener(`unix:${path}`)).to.equal(undefined);
      expect(asked).to.deep.equal(["/healthz", "/healthz"]);
    } finally {
      server.close();
    }
  });
});
