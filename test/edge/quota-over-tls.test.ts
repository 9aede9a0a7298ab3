// The quota service counts in a Redis that is spoken to over TLS, with a password.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startRedis } from "@smartcall/quota/dist/ledger/testing/redis-server.js";
import { writePolicies } from "@smartcall/quota/dist/policy/policy-file.js";
import { createGateway } from "@smartcall/quota/dist/testing/gateway.js";
import { policiesFrom } from "@smartcall/quota/dist/testing/policies.js";
import { startQuotaProcess } from "@smartcall/quota/dist/testing/quota-process.js";
import { expect } from "chai";
import { makeIdentity } from "../harness/certificates.ts";
import { eventually } from "../harness/eventually.ts";
import { freePorts } from "../harness/ports.ts";

const password = "correct-horse";

describe("a quota service with a Redis of the network", () => {
  let folder: string;
  let redis: RedisServer;
  let redisUrl: string;
  const file = (name: string): string => join(folder, name);
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "quota-tls-"));
    const authority = await makeIdentity("authority", []);
    const own = await makeIdentity("redis", ["localhost"], authority);
    writeFileSync(file("ca.pem"), authority.cert);
    writeFileSync(file("cert.pem"), own.cert);
    writeFileSync(file("key.pem"), own.key);
    const [port] = await freePorts(1);
    const tls = ["--tls-cert-file", file("cert.pem"), "--tls-key-file", file("key.pem")];
    const trust = ["--tls-ca-cert-file", file("ca.pem"), "--tls-auth-clients", "no"];
    redis = await startRedis("--tls-port", `${port}`, ...tls, ...trust, "--requirepass", password);
    redisUrl = `rediss://:${password}@localhost:${port}/0`;
    const routes = { single: { limits: { "single:1/day/route": [1, "day", "route"] as const } } };
    writePolicies(join(folder, "quota", "policies"), policiesFrom({ routes }));
  });
  after(async () => {
    await redis?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it("counts there, and never shows the password", async () => {
    const env = { NODE_EXTRA_CA_CERTS: file("ca.pem") };
    const service = await startQuotaProcess(folder, { name: "trusting", redisUrl, env });
    const gateway = createGateway(service.endpoint);
    try {
      await eventually(async () => {
        expect((await gateway.reserve("single", "a")).result).to.equal("granted");
      });
      expect((await gateway.reserve("single", "b")).result).to.equal("refused");
    } finally {
      gateway.close();
      expect(await service.end("SIGTERM")).to.equal(0);
    }
    expect(service.log()).to.include("connected to Redis").and.not.include(password);
  });

  it("does not tell one that it does not trust anything, and says why", async () => {
    const service = await startQuotaProcess(folder, { name: "doubting", redisUrl });
    const gateway = createGateway(service.endpoint);
    try {
      expect((await gateway.reserve("single", "c")).result).to.equal("UNAVAILABLE");
      await eventually(async () => expect(service.log()).to.match(/certificate/));
      expect(service.log()).to.not.include(password);
    } finally {
      gateway.close();
      await service.end("SIGKILL");
    }
  });
});
