import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { expect } from "chai";
import { takenPorts, type WantedPort } from "./free-ports.ts";

describe("the check of ports", () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });

  afterEach(() => {
    server.close();
  });

  const wanted = (host: string, use = "HTTPS"): WantedPort => ({
    host,
    port,
    use,
    remedy: "set another",
  });

  for (const host of ["127.0.0.1", "0.0.0.0"]) {
    it(`names the process that has a port wanted at ${host}`, async () => {
      const [problem, ...others] = await takenPorts([wanted(host)]);
      expect(others).to.deep.equal([]);
      expect(problem).to.match(
        new RegExp(
          `^Port ${port}, for HTTPS, is used by another process \\(.+, process ${process.pid}\\)`,
        ),
      );
      expect(problem).to.match(/: end it, or set another\.$/);
    });
  }

  it("says nothing about a port that is free", async () => {
    server.close();
    await once(server, "close");
    expect(await takenPorts([wanted("127.0.0.1")])).to.deep.equal([]);
  });

  it("does not take one port for two uses", async () => {
    server.close();
    await once(server, "close");
    const problems = await takenPorts([wanted("127.0.0.1"), wanted("127.0.0.1", "xDS")]);
    expect(problems).to.include(`Port ${port} is wanted for HTTPS and for xDS: set another.`);
  });

  it("names an address that this machine does not have", async () => {
    const [problem] = await takenPorts([wanted("192.0.2.1")]);
    expect(problem).to.include("cannot be listened on at 192.0.2.1 (EADDRNOTAVAIL): set another.");
  });
});
