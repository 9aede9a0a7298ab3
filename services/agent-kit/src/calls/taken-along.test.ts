import { Metadata } from "@grpc/grpc-js";
import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { delta } from "../pieces.ts";
import { readAll, userSays } from "../testing/ask-wire.ts";
import { type HeardAgent, startHeardAgent } from "../testing/heard-agent.ts";
import { type ServedAgent, serveForTest } from "../testing/served-agent.ts";
import { sidecarCalls } from "./sidecar-calls.ts";

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";

describe("what goes along to the agent below", () => {
  let below: HeardAgent;
  let above: ServedAgent;
  let closeCalls: () => void;
  beforeEach(async () => {
    below = await startHeardAgent();
    const calls = sidecarCalls({ calls: below.address, egressPort: 1 }, systemClock);
    closeCalls = calls.close;
    above = await serveForTest(
      {
        name: "outer",
        async *stream(call) {
          await call.agent("inner").invoke("Hello");
          yield delta("ok");
        },
      },
      systemClock,
      calls,
    );
  });
  afterEach(async () => {
    closeCalls();
    await above.close();
    below.close();
  });

  const heardWith = async (
    said: Readonly<Record<string, string>>,
  ): Promise<Metadata | undefined> => {
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(said)) metadata.set(key, value);
    const told = await readAll(above.client.stream(userSays("x"), metadata));
    expect(told.at(-1)).to.equal("status OK");
    expect(below.heard).to.have.length(1);
    return below.heard[0];
  };

  it("is the token, who called before, the request's id, and the trace with a span of its own", async () => {
    const heard = await heardWith({
      authorization: "Bearer s3cret",
      "smartcall-via": "first",
      "x-request-id": "request-7",
      traceparent: `00-${trace}-00f067aa0ba902b7-01`,
      tracestate: "vendor=1",
    });
    expect(heard?.get("authorization")).to.deep.equal(["Bearer s3cret"]);
    expect(heard?.get("smartcall-via")).to.deep.equal(["first"]);
    expect(heard?.get("x-request-id")).to.deep.equal(["request-7"]);
    expect(heard?.get("tracestate")).to.deep.equal(["vendor=1"]);
    expect(heard?.get("smartcall-agent")).to.deep.equal(["inner"]);
    expect(heard?.get("traceparent")).to.have.length(1);
    expect(heard?.get("traceparent")[0]).to.match(new RegExp(`^00-${trace}-[\\da-f]{16}-01$`));
    expect(heard?.get("traceparent")[0]).to.not.include("00f067aa0ba902b7");
  });

  it("is a token of the other kind too, and nothing that only the mesh says of a caller", async () => {
    const heard = await heardWith({
      "x-api-key": "s3cret",
      "smartcall-caller": "spiffe://demo/gateway",
      "smartcall-claims": "e30",
      "smartcall-subject": "me",
    });
    expect(heard?.get("x-api-key")).to.deep.equal(["s3cret"]);
    for (const own of [
      "authorization",
      "smartcall-caller",
      "smartcall-claims",
      "smartcall-subject",
    ]) {
      expect(heard?.get(own), own).to.deep.equal([]);
    }
  });
});
