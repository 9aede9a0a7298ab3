import { expect } from "chai";
import { WebSocket } from "ws";
import { Cancelled, Client, ConnectionFailed, Unauthenticated } from "./browser.ts";
import { failureOf, readAll } from "./testing/failure.ts";
import { serveSockets } from "./testing/socket-server.ts";
import { delta, done, json, refusal, serveHttp } from "./testing/wire-server.ts";

/** Browsers do not throw what nobody listens to. */
class BrowserSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols);
    this.on("error", () => undefined);
  }
}

describe("a WebSocket as browsers have it", () => {
  before(() => Object.assign(globalThis, { WebSocket: BrowserSocket }));
  after(() => Reflect.deleteProperty(globalThis, "WebSocket"));

  it("shows its token as the last protocol, and converses", async () => {
    const server = await serveSockets({
      frame(peer, { type }) {
        if (type !== "turn") return;
        peer.tell("c", delta(1, "one"));
        peer.tell("c", done(2));
      },
    });
    const socket = await new Client({ url: server.url, token: "abc" }).agent("a").converse();
    const [peer] = server.sockets;
    expect(peer?.headers["sec-websocket-protocol"]).to.equal("smartcall,bearer.abc");
    const turn = socket.conversation("c").ask("x");
    expect((await readAll(turn)).pieces).to.deep.equal(["one"]);
    peer?.raw.close(4401, "the token has expired");
    expect(await socket.closed).to.be.instanceOf(Unauthenticated);
    const another = await new Client({ url: server.url }).agent("a").converse();
    expect(server.sockets[1]?.headers["sec-websocket-protocol"]).to.equal("smartcall");
    await another.close();
    await server.close();
  });

  it("that is refused without a word has its reason from the directory", async () => {
    const server = await serveHttp((response, { headers }) => {
      if (headers.authorization === "Bearer old") {
        json(response, 401, refusal(401, "TOKEN_NOT_ACCEPTED"));
      } else json(response, 200, { name: "a" });
    });
    const { url } = server;
    const refused = await failureOf(new Client({ url, token: "old" }).agent("a").converse());
    expect(refused).to.be.instanceOf(Unauthenticated);
    const unknown = await failureOf(new Client({ url }).agent("a").converse());
    expect(unknown).to.be.instanceOf(ConnectionFailed);
    let asked = 0;
    const token = () => (asked++ === 0 ? "old" : "new");
    await failureOf(new Client({ url, token }).agent("a").converse());
    expect(asked).to.equal(2);
    await server.close();
  });

  it("can be given up", async () => {
    const caller = new AbortController();
    const server = await serveSockets({ opened: () => caller.abort() });
    const { signal } = caller;
    const left = new Client({ url: server.url }).agent("a").converse({ signal });
    expect(await failureOf(left)).to.be.instanceOf(Cancelled);
    expect(await server.sockets[0]?.closed).to.be.oneOf([1000, 1006]);
    await server.close();
  });
});
