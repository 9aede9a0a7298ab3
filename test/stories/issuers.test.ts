// Other issuers than the mesh itself: their keys are fetched, kept, and missed loudly.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { join } from "node:path";
import { expect } from "chai";
import { type ForeignIssuer, foreignIssuer } from "../edge/foreign-issuer.ts";
import { makeIdentity } from "../harness/certificates.ts";
import { eventually } from "../harness/eventually.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { processMarked } from "../harness/processes.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { smartcall } from "../harness/smartcall.ts";

const program = /control-plane\/dist\/(bundle\/)?main\.js/;

describe("issuers beside the mesh's own", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let server: Server;
  let login: ForeignIssuer;
  let next: ForeignIssuer;
  let served = "";
  let asked = 0;

  before(async () => {
    mesh = await startMesh();
    const authority = await makeIdentity("their authority", []);
    const { cert, key } = await makeIdentity("login", ["localhost"], authority);
    server = createServer({ cert, key }, (_, response) => {
      asked += 1;
      if (served === "") response.writeHead(500).end();
      else response.setHeader("cache-control", "max-age=0").end(served);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const bound = server.address();
    const port = typeof bound === "object" && bound !== null ? bound.port : 0;
    const url = `https://localhost:${port}/jwks.json`;
    [login, next] = [foreignIssuer("https://login.test"), foreignIssuer("https://login.test")];
    served = login.keys;
    writeFileSync(join(mesh.folder, "login.pem"), authority.cert);
    const inFile = foreignIssuer("https://file.test");
    writeFileSync(join(mesh.folder, "file.json"), inFile.keys);
    fromFile = inFile;
    writeFileSync(
      mesh.meshFile,
      readFileSync(mesh.meshFile, "utf8").concat(
        "identity:\n",
        `  - issuer: ${login.name}\n    audiences: [smartcall]\n`,
        `    keys: { url: ${url}, ca: { file: login.pem }, internal: true }\n`,
        "  - issuer: https://absent.test\n    audiences: [smartcall]\n",
        "    keys: { url: https://keys.absent.invalid/jwks.json }\n",
        `  - { issuer: ${inFile.name}, audiences: [smartcall], keys: { file: file.json } }\n`,
      ),
    );
  });
  let fromFile: ForeignIssuer;
  after(async () => {
    server.closeAllConnections();
    server.close();
    await mesh.stop();
  });

  const call = (token: string): Promise<RestReply> =>
    callRest(mesh, { path: "/v1/agents/echo:invoke", token, body: asking("Hello") });
  const log = (): string =>
    readFileSync(join(mesh.stateFolder, "logs", "control-plane.log"), "utf8");

  it("call with their tokens, wherever their keys are, once they were fetched", async () => {
    await eventually(async () => {
      expect((await call(login.token())).status).to.equal(200);
      expect((await call(fromFile.token())).status).to.equal(200);
    });
    expect((await call(await mesh.token())).status).to.equal(200);
    const unsigned = await call(next.token());
    expectRefusal(unsigned, 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
    const posing = await call(fromFile.token({ iss: login.name }));
    expectRefusal(posing, 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
  });

  it("whose keys never came are refused, and that is said loudly; the rest is served", async () => {
    const absent = foreignIssuer("https://absent.test");
    expectRefusal(await call(absent.token()), 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
    expect(log()).to.match(/"level":"error".*absent\.test.*cannot be looked up.*REFUSED/);
    expect(mesh.up.output()).to.match(/issuer https:\/\/absent\.test: .*REFUSED/);
    const { output } = await smartcall(["key", "list"], { cwd: mesh.folder, env: mesh.env });
    expect(output).to.match(/https:\/\/absent\.test .*never: its tokens are refused/);
    expect(output).to.match(/https:\/\/login\.test .*jwks\.json +1 +\d+.* ago/);
    expect(output).to.match(/https:\/\/file\.test +file\.json +1 +\d+.* ago/);
  });

  it("keep their last keys while they cannot be fetched, over an end of the control plane too", async () => {
    served = "";
    const before = processMarked(mesh.mark, program);
    const requests = asked;
    process.kill(before, "SIGKILL");
    await eventually(async () => {
      expect(processMarked(mesh.mark, program)).to.not.equal(before);
      expect((await fetch(`${mesh.admin}/readyz`)).status).to.equal(200);
      expect(asked, "asked anew").to.be.greaterThan(requests);
    });
    expect((await call(login.token())).status).to.equal(200);
    expect(log()).to.match(/"level":"warn".*login\.test.*answers 500; those of/);
  });

  it("are believed by their new keys as soon as those are there", async () => {
    served = next.keys;
    // It is tried again ever more seldom; the first times are soon.
    await eventually(
      async () => {
        expect((await call(next.token())).status).to.equal(200);
      },
      { withinMs: 70_000, everyMs: 250 },
    );
    expectRefusal(await call(login.token()), 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
  });
});
