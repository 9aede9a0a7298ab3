// What agents do with the tokens that a budget leaves them.

import { Metadata, type ServiceError } from "@grpc/grpc-js";
import { agentPb } from "@smartcall/protos";
import { expect } from "chai";
import type { Agent } from "./agent.ts";
import { agentError } from "./agent-error.ts";
import type { Call } from "./call.ts";
import { callFailure } from "./call-failure.ts";
import { grantTooSmall } from "./grant.ts";
import { delta, finish, type Piece, usage } from "./pieces.ts";
import { fromRpcStatus } from "./read-status.ts";
import { type TestAnswer, testAgent } from "./test-agent.ts";
import { endOf, inShort, metadataOf, userSays } from "./testing/ask-wire.ts";
import { serveForTest } from "./testing/served-agent.ts";

/** Writes a word a token, as told, until it is stopped. */
const writer = (tell: "with" | "after" | "never"): Agent => ({
  name: "writer",
  async *stream({ signal }: Call): AsyncGenerator<Piece> {
    for (let outputTokens = 1; outputTokens <= 5 && !signal.aborted; outputTokens++) {
      const counts = { inputTokens: 10, outputTokens };
      if (tell === "with") yield delta("a", counts);
      else yield delta("a");
      if (tell === "after") yield usage(counts);
    }
    if (tell === "never") yield usage({ inputTokens: 10, outputTokens: 5 });
  },
});

describe("a call with a grant", () => {
  const answered = ({ text, finishReason, usage: { inputTokens, outputTokens } }: TestAnswer) =>
    `${text} ${finishReason} ${inputTokens}+${outputTokens}`;
  const ask = async (agent: Agent, grant?: number): Promise<string> =>
    answered(await testAgent(agent).invoke("go", grant === undefined ? {} : { grant }));

  it("ends where usage reaches it, with the text that was paid for and no token more", async () => {
    for (const tell of ["with", "after"] as const) {
      expect(await ask(writer(tell), 12)).to.equal("aa budget 10+2");
      expect(await ask(writer(tell), 16)).to.equal("aaaaa stop 10+5");
      expect(await ask(writer(tell))).to.equal("aaaaa stop 10+5");
    }
  });

  it("ends as the agent said before, where it is whole just then", async () => {
    const exact: Agent = {
      name: "exact",
      async *stream() {
        yield finish("stop");
        yield delta("all", { inputTokens: 1, outputTokens: 1 });
        throw new Error("asked for more");
      },
    };
    expect(await ask(exact, 2)).to.equal("all stop 1+1");
  });

  it("tells what was used of an agent that tells it too late", async () => {
    expect(await ask(writer("never"), 12)).to.equal("aaaaa budget 10+5");
  });

  it("tells the agent how much it is", async () => {
    const told: (number | undefined)[] = [];
    const agent: Agent = {
      name: "reader",
      async *stream({ grant }) {
        told.push(grant);
        yield* [];
      },
    };
    await ask(agent, 7);
    await ask(agent);
    expect(told).to.deep.equal([7, undefined]);
  });
});

/** Serves an agent for as long as `use` runs. */
async function serving<T>(
  agent: Agent,
  use: (client: Awaited<ReturnType<typeof serveForTest>>["client"]) => Promise<T>,
): Promise<T> {
  const served = await serveForTest(agent);
  try {
    return await use(served.client);
  } finally {
    await served.close();
  }
}

describe("a grant that is too small", () => {
  /** Needs 100 tokens. */
  const needy: Agent = {
    name: "needy",
    async *stream({ grant = 0 }) {
      if (grant < 100) throw grantTooSmall(100, grant);
      yield delta("a", { inputTokens: 99, outputTokens: 1 });
    },
  };
  const refusal = async (told: Readonly<Record<string, string>>): Promise<string> =>
    serving(needy, async (client) => {
      const error = await new Promise<ServiceError | null>((resolve) => {
        client.invoke(userSays("go"), metadataOf(told), {}, (failed) => resolve(failed));
      });
      if (error === null) throw new Error("it was answered");
      const { code, details } = callFailure(error);
      const { fault, metadata, reason, retry, retryAfterMs } = details;
      expect(error.metadata.get("smartcall-rule")).to.deep.equal(
        metadata?.["rule"] === undefined ? [] : [metadata["rule"]],
      );
      return `${code} ${reason} ${fault} ${retry} ${metadata?.["rule"]} ${retryAfterMs}`;
    });

  it("says when more is to be had, where a budget has little left", async () => {
    expect(
      await refusal({
        "smartcall-grant": "40",
        "smartcall-budget": "of=400;rule=team;reset=3600",
      }),
    ).to.equal("RESOURCE_EXHAUSTED BUDGET_SPENT policy true team 3600000");
  });

  it("is the caller's matter, where the route grants no call more", async () => {
    const never = "INVALID_ARGUMENT INPUT_TOO_LARGE client false undefined undefined";
    expect(await refusal({ "smartcall-grant": "99", "smartcall-budget": "of=99" })).to.equal(never);
    expect(
      await refusal({ "smartcall-grant": "9", "smartcall-budget": "of=99;rule=team;reset=60" }),
    ).to.equal(never);
  });

  it("is told as far as it is known", async () => {
    for (const budget of ["", "of=", "of=1;rule=team", "400"]) {
      expect(await refusal({ "smartcall-grant": "40", "smartcall-budget": budget })).to.equal(
        "RESOURCE_EXHAUSTED BUDGET_SPENT policy true undefined undefined",
      );
    }
  });

  it("ends a conversation that has used it up: another one has it anew", async () => {
    await serving(writer("with"), async (client) => {
      const call = client.converse(
        metadataOf({ "smartcall-grant": "15", "smartcall-budget": "of=15" }),
      );
      const reasons: string[] = [];
      const turn = new agentPb.ConverseRequest();
      turn.setTurn(userSays("go"));
      call.write(turn);
      call.write(turn);
      call.end();
      call.on("data", (event: agentPb.StreamEvent) => {
        const error = event.getError();
        if (error !== undefined) reasons.push(`${fromRpcStatus(error).details.reason}`);
      });
      await endOf(call);
      expect(reasons).to.deep.equal(["CONVERSATION_FULL"]);
    });
  });
});

describe("the usage trailer", () => {
  const granted = (grant: number): Metadata => metadataOf({ "smartcall-grant": `${grant}` });
  const used = (metadata: Metadata | undefined) => metadata?.get("smartcall-usage");

  it("comes with every whole answer, also of an agent that costs nothing", async () => {
    const free: Agent = {
      name: "free",
      async *stream() {
        yield delta("hello");
      },
    };
    for (const [agent, expected] of [
      [writer("with"), "input=10;output=5"],
      [free, "input=0;output=0"],
    ] as const) {
      await serving(agent, async (client) => {
        const trailer = await new Promise<Metadata>((resolve) => {
          client
            .invoke(userSays("go"), new Metadata(), {}, () => undefined)
            .on("status", ({ metadata }) => {
              resolve(metadata);
            });
        });
        expect(used(trailer)).to.deep.equal([expected]);
        const stream = client.stream(userSays("go")).resume();
        expect(used((await endOf(stream)).metadata)).to.deep.equal([expected]);
      });
    }
  });

  it("comes with failures, before and after the first event, and with refused requests", async () => {
    const failing: Agent = {
      name: "failing",
      async *stream({ lastUserText }) {
        if (lastUserText === "late") yield delta("a", { inputTokens: 3, outputTokens: 1 });
        else yield usage({ inputTokens: 3, outputTokens: 0 });
        throw agentError("FAILED_PRECONDITION", "no");
      },
    };
    await serving(failing, async (client) => {
      const fail = (request: agentPb.InvokeRequest): Promise<ServiceError | null> =>
        new Promise((resolve) => {
          client.invoke(request, new Metadata(), {}, (error) => resolve(error));
        });
      expect(used((await fail(userSays("late")))?.metadata)).to.deep.equal(["input=3;output=1"]);
      expect(used((await fail(userSays("soon")))?.metadata)).to.deep.equal(["input=3;output=0"]);
      const refused = await fail(new agentPb.InvokeRequest());
      expect(used(refused?.metadata)).to.deep.equal(["input=0;output=0"]);
      for (const text of ["late", "soon"]) {
        const stream = client.stream(userSays(text)).on("error", () => undefined);
        const end = await endOf(stream.resume());
        expect(used(end.metadata), text).to.deep.equal([
          `input=3;output=${text === "late" ? 1 : 0}`,
        ]);
      }
    });
  });

  it("counts at the deadline what the agent says of the step it was in", async () => {
    const agent: Agent = {
      name: "thinking",
      async *stream({ signal }) {
        yield delta("a", { inputTokens: 3, outputTokens: 1 });
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
        yield usage({ inputTokens: 3, outputTokens: 2 });
      },
    };
    await serving(agent, async (client) => {
      const stream = client.stream(userSays("go"), granted(100), { deadline: Date.now() + 1_500 });
      const told: string[] = [];
      stream.on("data", (event: agentPb.StreamEvent) => told.push(inShort(event)));
      stream.on("error", () => undefined);
      const end = await endOf(stream);
      expect(told).to.deep.equal(['"a"', "error DEADLINE_EXCEEDED"]);
      expect(used(end.metadata)).to.deep.equal(["input=3;output=2"]);
    });
  });

  it("is left out where a stopped agent does not say what it used", async () => {
    const agent: Agent = {
      name: "deaf",
      async *stream() {
        yield delta("a", { inputTokens: 3, outputTokens: 1 });
        await new Promise(() => undefined);
      },
    };
    await serving(agent, async (client) => {
      const stream = client.stream(userSays("go"), granted(100), { deadline: Date.now() + 1_500 });
      stream.on("error", () => undefined);
      expect(used((await endOf(stream.resume())).metadata)).to.deep.equal([]);
    });
  });

  it("tells of all turns of a conversation, which share one grant", async () => {
    await serving(writer("with"), async (client) => {
      const call = client.converse(granted(28));
      const told: string[] = [];
      const turn = (): Promise<void> => {
        const request = new agentPb.ConverseRequest();
        request.setTurn(userSays("go"));
        call.write(request);
        return new Promise((resolve) => {
          const heard = (event: agentPb.StreamEvent): void => {
            if (event.getDelta() !== undefined) return;
            told.push(inShort(event));
            call.off("data", heard);
            resolve();
          };
          call.on("data", heard);
        });
      };
      await turn();
      await turn();
      await turn();
      expect(told).to.deep.equal(["done stop", "done budget", "error RESOURCE_EXHAUSTED"]);
      const end = new Promise<Metadata>((resolve) => {
        call.on("status", ({ metadata }) => resolve(metadata));
      });
      call.end();
      expect(used(await end)).to.deep.equal(["input=20;output=8"]);
    });
  });
});
