import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { controlPlaneCluster } from "./control-plane-cluster.ts";
import { edgeBootstrap, envoyArguments, findEnvoy } from "./index.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

describe("the way to the control plane", () => {
  const stops: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  it("adds the join token and the node's id to each request of a real Envoy, over what it said itself", async () => {
    const asked: IncomingHttpHeaders[] = [];
    const server = createServer();
    server.on("stream", (stream, headers) => {
      asked.push(headers);
      stream.on("error", () => undefined);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    stops.push(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;

    const bootstrap = edgeBootstrap({
      nodeId: "edge/50%",
      controlPlane: { host: "127.0.0.1", port },
      joinToken: "s3cret",
    }).replace(
      '"grpc_services": [\n        {',
      `"grpc_services": [{
        "initial_metadata": [
          { "key": "smartcall-node", "value": "somebody-else" },
          { "key": "authorization", "value": "Bearer other" }
        ],`,
    );
    expect(bootstrap).to.contain("somebody-else");
    stops.push(await startEnvoy(bootstrap));
    const end = Date.now() + 15_000;
    while (asked.length === 0 && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(asked[0]).to.include({ "smartcall-node": "edge/50%", authorization: "Bearer s3cret" });
  });

  it("is in the clear on this machine, and by TLS to a named control plane elsewhere", () => {
    const address = { host: "mesh.internal", port: 18_000 };
    const plain = controlPlaneCluster({ address, nodeId: "g" });
    expect(plain).to.not.have.property("transport_socket");
    const tlsTo = (serverName: string): object =>
      controlPlaneCluster({ address, nodeId: "g", tls: { authorityFile: "/ca.pem", serverName } });
    const config = "transport_socket.typed_config";
    const validation = `${config}.common_tls_context.validation_context`;
    const named = tlsTo("mesh.internal");
    expect(named).to.have.nested.property(`${config}.sni`, "mesh.internal");
    expect(named).to.have.nested.property(`${validation}.trusted_ca.filename`, "/ca.pem");
    expect(named)
      .to.have.nested.property(`${validation}.match_typed_subject_alt_names`)
      .that.deep.equals([{ san_type: "DNS", matcher: { exact: "mesh.internal" } }]);
    const numbered = tlsTo("10.0.0.7");
    expect(numbered).to.not.have.nested.property(`${config}.sni`);
    expect(numbered)
      .to.have.nested.property(`${validation}.match_typed_subject_alt_names`)
      .that.deep.equals([{ san_type: "IP_ADDRESS", matcher: { exact: "10.0.0.7" } }]);
  });
});

async function startEnvoy(bootstrap: string): Promise<() => Promise<void>> {
  const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
  const found = await findEnvoy({ envoyBin, path, root });
  if (!found.ok) throw new Error(found.problem);
  const folder = await mkdtemp(join(tmpdir(), "smartcall-cluster-"));
  const file = join(folder, "bootstrap.json");
  await writeFile(file, bootstrap, { mode: 0o600 });
  const envoy = spawn(found.binary.path, envoyArguments(file, 1), { stdio: "ignore" });
  return async () => {
    await ended(envoy);
    await rm(folder, { recursive: true });
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
