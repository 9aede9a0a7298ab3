// What is taken for a quota service that can count.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, ServerCredentials, type sendUnaryData } from "@grpc/grpc-js";
import { quotaPb, quotaService } from "@smartcall/protos";
import type { LocalEndpoint } from "@smartcall/runtime";
import { expect } from "chai";
import { quotaCounts } from "./quota-counts.ts";

describe("the question whether the quota service counts", () => {
  let folder: string;
  let server: Server;
  let endpoint: LocalEndpoint;
  let counting = true;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "quota-"));
    const path = join(folder, "quota.sock");
    endpoint = { kind: "socket", path };
    server = new Server();
    const unasked = (_: unknown, answer: sendUnaryData<never>): void => answer({ code: 12 });
    server.addService(quotaService, {
      list: unasked,
      set: unasked,
      raise: unasked,
      reset: unasked,
      health: (_: unknown, answer: sendUnaryData<quotaPb.QuotaHealth>) => {
        const health = new quotaPb.QuotaHealth();
        health.setCounting(counting);
        health.setProblem(counting ? "" : "Redis is away");
        health.setWaitingSettles(3);
        answer(null, health);
      },
    });
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
        error === null ? resolve() : reject(error),
      );
    });
  });

  afterEach(() => {
    server.forceShutdown();
    rmSync(folder, { recursive: true });
  });

  it("is answered as the service says", async () => {
    counting = true;
    expect(await quotaCounts(endpoint)).to.equal(true);
    counting = false;
    expect(await quotaCounts(endpoint)).to.equal(false);
  });

  it("is answered with no where nobody listens", async () => {
    server.forceShutdown();
    expect(await quotaCounts(endpoint)).to.equal(false);
    expect(await quotaCounts({ kind: "socket", path: join(folder, "none.sock") })).to.equal(false);
  });
});
