// API8:2023: WebSockets opened by strangers, and by what only the mesh may say.
import { expect } from "chai";
import { valueAt } from "../../harness/json.ts";
import { type Mesh, startMesh } from "../../harness/mesh.ts";
import { callRest } from "../../harness/rest.ts";
import {
  isLast,
  openSocket,
  refusedSocket,
  type SocketOptions,
  turnOf,
} from "../../harness/socket.ts";

describe("OWASP API8: WebSockets", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let token: string;
  before(async () => {
    mesh = await startMesh();
    token = await mesh.token();
  });
  after(() => mesh.stop());

  it("are opened for a caller whom nothing speaks against, in each way that the attacks are made", async () => {
    for (const good of [
      { token },
      { protocols: ["smartcall", `bearer.${token}`] },
      { query: `?access_token=${token}` },
      { headers: { "x-api-key": token } },
    ]) {
      const socket = await openSocket(mesh, good);
      socket.send(turnOf("c", "Hello"));
      await socket.awaits(isLast("c"));
      expect(valueAt(socket.events("c").at(-1), "done", "finishReason")).to.equal("stop");
      socket.close();
    }
  });

  it("are opened for no page of a stranger, whatever it says of itself", async () => {
    const evil = "https://evil.example";
    const attacks: readonly SocketOptions[] = [
      { token, headers: { origin: evil } },
      { token, headers: { origin: evil, "smartcall-origins": evil } },
      { token, headers: { origin: "null" } },
      { token, headers: { origin: "http://localhost" } },
      { token, headers: { origin: "https://localhost.evil.example" } },
      { protocols: ["smartcall", `bearer.${token}`], headers: { origin: evil } },
    ];
    for (const attack of attacks) {
      expect((await refusedSocket(mesh, attack)).status, JSON.stringify(attack)).to.equal(403);
    }
  });

  it("are opened for nobody by claims that the mesh did not write, nor with two tokens", async () => {
    const claims = Buffer.from('{"sub":"admin","iss":"x","exp":9999999999}').toString("base64url");
    const attacks: readonly SocketOptions[] = [
      { headers: { "smartcall-claims": claims } },
      { headers: { "smartcall-claims": claims, "smartcall-peer": "127.0.0.1" } },
      { protocols: ["smartcall", "bearer.forged"] },
      { token, protocols: ["smartcall", `bearer.${token}`] },
      { token, headers: { "x-api-key": token } },
      { query: `?access_token=${token}&access_token=${token}` },
    ];
    for (const attack of attacks) {
      const { status } = await refusedSocket(mesh, attack);
      expect(status, JSON.stringify(attack)).to.be.oneOf([401, 403]);
    }
  });

  it("have a token in the query on no other path, and carry no call past its filters", async () => {
    const call = { path: `/v1/agents/echo:invoke?access_token=${token}`, body: {} };
    expect((await callRest(mesh, call)).status).to.equal(401);
    const upgrade = { connection: "upgrade", upgrade: "websocket" };
    const past = { path: "/v1/agents/echo:invoke", token, body: {}, headers: upgrade };
    expect((await callRest(mesh, past)).status).to.equal(403);
  });
});
