// Clients of WebSockets that ask for too much: what each is told, and that others do not feel it.
import { expect } from "chai";
import { valueAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { isLast, openSocket, refusedSocket, type TestSocket, turnOf } from "../harness/socket.ts";

describe("a WebSocket of a hostile client", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let token: string;
  let friend: TestSocket;
  before(async () => {
    mesh = await sharedMesh();
    token = await mesh.token({ subject: "hostile" });
    friend = await openSocket(mesh, { token: await mesh.token({ subject: "friend" }) });
  });
  after(() => friend.close());
  // Whatever was done, who did nothing is answered as before.
  let turn = 0;
  afterEach(async () => {
    turn += 1;
    const name = `friend-${turn}`;
    friend.send(turnOf(name, "Hello"));
    await friend.awaits(isLast(name));
    expect(valueAt(friend.events(name).at(-1), "done", "finishReason")).to.equal("stop");
    friend.send({ type: "end", conversation: name });
  });

  it("has no compression, so that little cannot become much", async () => {
    const socket = await openSocket(mesh, { token });
    // The client's library offers it.
    expect(socket.socket.extensions).to.equal("");
    socket.close();
  });

  it("may come in parts, but in no thousands of them", async () => {
    const text = JSON.stringify(turnOf("c", "in parts"));
    const socket = await openSocket(mesh, { token });
    for (const [index, letter] of [...text].entries()) {
      socket.socket.send(letter, { fin: index === text.length - 1 });
    }
    await socket.awaits(isLast("c"));
    expect(valueAt(socket.events("c").at(-1), "done", "finishReason")).to.equal("stop");
    for (let part = 0; part < 2_000; part += 1) socket.socket.send("x", { fin: false });
    expect((await socket.closed).code).to.equal(1008);
  });

  it("takes a conversation's place, and no thousands of them", async () => {
    const socket = await openSocket(mesh, { token });
    for (let name = 0; name < 100; name += 1) socket.send(turnOf(`c${name}`, "Hello"));
    expect((await socket.closed).code).to.equal(4429);
    const reasons = socket.frames
      .filter(({ type }) => type === "refused")
      .map((frame) => valueAt(frame, "error", "details", 0, "reason"));
    expect(new Set(reasons)).to.deep.equal(new Set(["TOO_MANY_CONVERSATIONS"]));
  });

  it("is one of two hundred of its caller", async () => {
    const crowd = await mesh.token({ subject: "crowd" });
    const open = await Promise.all(
      Array.from({ length: 200 }, () => openSocket(mesh, { token: crowd })),
    );
    const { body, status } = await refusedSocket(mesh, { token: crowd });
    expect(status).to.equal(429);
    expect(valueAt(JSON.parse(body), "error", "details", 0, "reason")).to.equal("TOO_MANY_SOCKETS");
    for (const socket of open) socket.close();
    await Promise.all(open.map(({ closed }) => closed));
    const again = await openSocket(mesh, { token: crowd });
    again.close();
  });

  it("is refused as often as it comes without a token", async () => {
    const statuses = await Promise.all(
      Array.from({ length: 300 }, async () => (await refusedSocket(mesh)).status),
    );
    expect(new Set(statuses)).to.deep.equal(new Set([401]));
  });
});
