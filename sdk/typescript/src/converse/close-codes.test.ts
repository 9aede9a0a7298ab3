import { expect } from "chai";
import { openingSockets } from "../testing/socket-server.ts";

describe("a socket that the gateway closes", () => {
  const open = openingSockets();

  it("says by its close code why it ended", async () => {
    const codes: readonly (readonly [number, string, object])[] = [
      [1008, "", { name: "InvalidRequest", reason: "INVALID_REQUEST", status: 400 }],
      [1013, "", { name: "Unavailable", reason: "TOO_MANY_SOCKETS", retryable: true }],
      [1009, "", { name: "InvalidRequest", reason: "REQUEST_TOO_LARGE", status: 413 }],
      [1011, "", { name: "SmartCallError", reason: "INTERNAL", status: 500 }],
      [4400, "", { name: "InvalidRequest", reason: "INVALID_REQUEST" }],
      [4401, "the token has expired", { name: "Unauthenticated", reason: "TOKEN_EXPIRED" }],
      [4401, "not taken any more", { name: "Unauthenticated", reason: "TOKEN_REVOKED" }],
      [4401, "another's", { name: "Unauthenticated", reason: "TOKEN_NOT_ACCEPTED" }],
      [4408, "does not read", { name: "StreamBroken", reason: "STREAM_BROKEN" }],
      [4429, "", { name: "LimitReached", reason: "RATE_LIMITED", status: 429 }],
      [4999, "", { name: "StreamBroken", reason: "STREAM_BROKEN", retryable: true }],
    ];
    for (const [code, reason, expected] of codes) {
      const { peer, socket } = await open({});
      peer.raw.close(code, reason);
      expect(await socket.closed, String(code)).to.include(expected);
      expect((await socket.closed)?.message)
        .to.include(String(code))
        .and.to.include(reason);
    }
  });
});
