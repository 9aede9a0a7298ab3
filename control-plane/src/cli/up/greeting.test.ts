import { execFileSync } from "node:child_process";
import { expect } from "chai";
import type { Edge } from "../edge/edge.ts";
import { curlLine, type Greeting, greeting } from "./greeting.ts";
import { terminal } from "./terminal.ts";

const edge: Edge = {
  mesh: "demo",
  url: "https://localhost:8443",
  connectTo: undefined,
  certificate: undefined,
  trustFile: "/tmp/it's here/ca.pem",
  isAnchor: true,
};

describe("the greeting", () => {
  const about: Greeting = {
    edge,
    token: { kind: "token", token: "a.b.c", hours: 12 },
    agents: ["assistant", "echo"],
    admin: "http://127.0.0.1:9000",
    logs: "/tmp/logs",
  };
  const plain = terminal(process.stdout, { NO_COLOR: "1" });

  it("has a line that a shell reads as meant, whatever the path of the certificate", () => {
    const line = curlLine(about, "assistant", "stream").replace(/^curl /, "");
    const words = execFileSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" });
    expect(words.trimEnd().split("\n")).to.deep.equal([
      "--http1.1",
      "-sSN",
      "--cacert",
      "/tmp/it's here/ca.pem",
      "-H",
      "authorization: Bearer a.b.c",
      "-H",
      "content-type: application/json",
      "-d",
      '{"messages":[{"role":"user","content":"What is the capital of France?"}]}',
      "https://localhost:8443/v1/agents/assistant:stream",
    ]);
  });

  it("has the command that makes a token where no person looks", () => {
    const words = ["printf", "%s", "a token's", "--x"];
    const line = curlLine({ ...about, token: { kind: "command", words } }, "echo", "invoke");
    const said = execFileSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" });
    expect(said).to.include("authorization: Bearer a token's--x\n");
  });

  it("calls the agent that the setting names first", () => {
    expect(greeting(about, plain)).to.include(curlLine(about, "assistant", "invoke"));
    const alone = { ...about, agents: ["echo"] };
    expect(greeting(alone, plain)).to.include(curlLine(alone, "echo", "invoke"));
  });

  it("says of a certificate whose authority it does not have what it can, and no more", () => {
    const own: Edge = {
      ...edge,
      url: "https://mesh.example.com:8443",
      connectTo: "127.0.0.1:8443",
      certificate: "/tls/gateway.pem",
      trustFile: "/tls/gateway.pem",
      isAnchor: false,
    };
    const text = greeting({ ...about, edge: own }, plain).join("\n");
    expect(text).to.include(
      "curl --cacert /tls/gateway.pem --connect-to mesh.example.com:8443:127.0.0.1:8443",
    );
    expect(text).not.to.match(/NODE_EXTRA_CA_CERTS|SSL_CERT_FILE/);
  });

  it("says what to do where no agent was started", () => {
    const text = greeting({ ...about, agents: [] }, plain).join("\n");
    expect(text).to.include("set SMARTCALL_AGENTS").and.not.include("curl --http1.1");
  });

  it("says how to trust, watch and stop the mesh", () => {
    const text = greeting(about, plain).join("\n");
    for (const part of [
      "NODE_EXTRA_CA_CERTS=",
      "SSL_CERT_FILE=",
      "http://127.0.0.1:9000",
      "/tmp/logs",
      "Ctrl-C",
    ]) {
      expect(text).to.include(part);
    }
  });
});
