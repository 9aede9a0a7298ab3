// API9:2023: nothing is served that nobody knows of.
import { expect } from "chai";
import { expectRefusal } from "../../harness/expect-refusal.ts";
import {
  frame,
  frameFlags,
  frameTypes,
  headersFrame,
  openFrames,
} from "../../harness/http2-frames.ts";
import { requestText, sayRaw } from "../../harness/raw-http.ts";
import { callRest } from "../../harness/rest.ts";
import { type Attacked, attacked } from "../attacked.ts";

const paths: readonly string[] = [
  "/",
  "/v1",
  "/v1/",
  "/v2/agents/echo:invoke",
  "/v0/agents/echo:invoke",
  "/api/v1/agents/echo:invoke",
  "/beta/agents/echo:invoke",
  "/debug",
  "/debug/pprof",
  "/metrics",
  "/stats",
  "/config_dump",
  "/admin",
  "/actuator/env",
  "/.env",
  "/.git/config",
  "/.well-known/openid-configuration",
  "/openapi.json",
  "/swagger",
  "/graphql",
  "/server-status",
  "/readyz",
  "/healthz/",
  "/HEALTHZ",
  "/favicon.ico",
  "/robots.txt",
];

/** Services that a gRPC server may have without anybody's knowing. */
const services: readonly string[] = [
  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
  "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
  "/grpc.health.v1.Health/Check",
  "/grpc.health.v1.Health/Watch",
  "/grpc.channelz.v1.Channelz/GetServers",
  "/smartcall.v1.LeaseService/Hold",
  "/smartcall.v1.QuotaService/List",
  "/smartcall.v1.QuotaPolicyService/Watch",
  "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit",
  "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources",
  "/envoy.admin.v3.Admin/Quit",
];

describe("OWASP API9: improper inventory management", () => {
  let mesh: Attacked;
  before(async () => {
    mesh = await attacked();
  });

  it("a path that nobody wrote down is unknown to those with a token, and tells others nothing", async () => {
    expect((await mesh.call()).status).to.equal(200);
    for (const path of paths) {
      for (const method of ["GET", "POST", "DELETE", "PATCH", "TRACE", "PROPFIND"]) {
        const known = await callRest(mesh.gateway, { method, path, token: mesh.gateway.token() });
        expect(known.status, `${method} ${path}`).to.be.oneOf([400, 404, 405]);
        const unknown = await callRest(mesh.gateway, { method, path });
        expect(unknown.status, `${method} ${path}`).to.be.oneOf([401, 405]);
      }
    }
    const token = mesh.gateway.token();
    const reply = await callRest(mesh.gateway, { path: "/debug", token });
    expectRefusal(reply, 404, "NOT_FOUND", "UNKNOWN_PATH");
  });

  it("a caller without a token hears the same of agents that are and that are not", async () => {
    const answers = await Promise.all(
      ["echo", "vault", "nobody"].map((agent) =>
        callRest(mesh.gateway, { path: `/v1/agents/${agent}:invoke`, body: {} }),
      ),
    );
    const shapes = answers.map(
      ({ status, text }) => `${status} ${text.replace(/[0-9a-f-]{36}/, "")}`,
    );
    expect(new Set(shapes).size).to.equal(1);
  });

  it("a service that an agent has besides its own is not reached: no reflection, no health", async () => {
    const before = mesh.agent.seen.length;
    for (const path of services) {
      const connection = await openFrames(mesh.gateway);
      connection.send(
        headersFrame(
          1,
          [
            [":method", "POST"],
            [":scheme", "https"],
            [":authority", "localhost"],
            [":path", path],
            ["content-type", "application/grpc"],
            ["te", "trailers"],
            ["smartcall-agent", "echo"],
            ["authorization", `Bearer ${mesh.gateway.token()}`],
          ],
          false,
        ),
        frame(frameTypes.data, frameFlags.endStream, 1, Buffer.alloc(5)),
      );
      // A refusal of gRPC is one frame of headers with its status in it; an answer has more.
      await connection.ending(1);
      const answered = connection.frames.some(
        ({ type, stream, payload }) =>
          type === frameTypes.data && stream === 1 && payload.length > 0,
      );
      connection.socket.destroy();
      expect(answered, path).to.equal(false);
    }
    expect(mesh.agent.seen.length).to.equal(before);
    const statusOf = async (path: string): Promise<string | undefined> => {
      const { text } = await sayRaw(
        mesh.gateway,
        requestText(`POST ${path} HTTP/1.1`, [
          "content-type: application/grpc",
          "smartcall-agent: echo",
          `authorization: Bearer ${mesh.gateway.token()}`,
        ]),
      );
      return /^grpc-status: (\d+)\r$/m.exec(text)?.[1];
    };
    // UNIMPLEMENTED; but reflection is the mesh's own, and the token lacks its scope.
    expect(await statusOf("/grpc.health.v1.Health/Check")).to.equal("12");
    expect(await statusOf("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")).to.equal(
      "7",
    );
  });
});
