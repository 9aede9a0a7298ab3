// A budget holds exactly for agents that other agents call, however trees of calls end and whatever dies meanwhile.
import { once } from "node:events";
import { expect } from "chai";
import type { Spend } from "../agents/spender.ts";
import { callAtOnce, type Ending, everyWay, tally } from "../harness/budget-callers.ts";
import { type BudgetMesh, budget, startBudgetMesh } from "../harness/budget-mesh.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { asking, callRest, openRest, type RestReply } from "../harness/rest.ts";
import { smartcall } from "../harness/smartcall.ts";

const spend = (each: Spend): string => `spender>${JSON.stringify(each)}`;

const ask = async (
  { mesh, token }: BudgetMesh,
  team: string,
  questions: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Promise<RestReply> =>
  callRest(mesh, {
    path: "/v1/agents/fan:invoke",
    token: await token(team),
    body: asking(questions.join("&")),
    headers,
  });

const tree =
  (questions: readonly string[], headers: Readonly<Record<string, string>> = {}): Ending =>
  async (of, team) =>
    `${(await ask(of, team, questions, headers)).status}`;

/** Each agent below says at its end what it used. */
const seen: readonly Ending[] = [
  tree([spend({ input: 5, output: 10 })]),
  tree([1, 2, 3, 4].map((output) => spend({ input: 2, output, pauseMs: 1 }))),
  tree([spend({ input: 40, output: 500 }), spend({ input: 9, output: 1 })]),
];

const unseen: readonly Ending[] = [
  tree([spend({ input: 4, output: 2, fail: true }), spend({ input: 5, output: 40, pauseMs: 20 })]),
  tree(["nobody>hello", spend({ input: 3, output: 20, pauseMs: 10 })]),
  tree([spend({ input: 7, output: 50, pauseMs: 30 })], { "x-request-timeout-ms": "600" }),
  async ({ mesh, token }, team) => {
    const left = new AbortController();
    const response = await openRest(mesh, {
      path: "/v1/agents/fan:stream",
      token: await token(team),
      body: asking([1, 2, 3].map(() => spend({ input: 6, output: 60, pauseMs: 20 })).join("&")),
      signal: left.signal,
    });
    response.on("error", () => undefined);
    if (response.statusCode === 200) await once(response, "data");
    await pause(200 * Math.random());
    left.abort();
    return "left";
  },
];

describe("a budget of agents that others call", function () {
  this.timeout(300_000);
  let of: BudgetMesh;
  before(async () => {
    of = await startBudgetMesh(2);
    await eventually(async () => {
      expect((await ask(of, "first", [spend({ input: 1, output: 1 })])).status).to.equal(200);
    });
  });
  after(() => of?.stop());

  it("is charged exactly what the agents used, once each, to the first caller", async () => {
    const answers = await callAtOnce(of, "green", { callers: 30, calls: 2, ways: seen });
    expect([...new Set(answers)]).to.deep.equal(["200"]);
    await settled("green");
    const spent = of.spent("green");
    expect(spent).to.be.greaterThan(1_500);
    expect((await of.account("green")).used).to.equal(spent);
  });

  it("is told to the first caller where it is spent: the reason, and which one", async () => {
    const { cwd, env } = { cwd: of.mesh.folder, env: of.mesh.env };
    await ask(of, "poor", [spend({ input: 1, output: 1 })]);
    await settled("poor");
    const { code, output } = await smartcall(["budget", "set", "team", "10", "--key", "poor"], {
      cwd,
      env,
    });
    expect(code, output).to.equal(0);
    const before = of.spent("poor");
    const reply = await ask(of, "poor", [spend({ input: 1, output: 1 })]);
    expect(reply.status, reply.text).to.equal(429);
    expect(reply.text).to.include("BUDGET_SPENT").and.include('"rule":"team"');
    expect(reply.headers["smartcall-rule"]).to.equal("team");
    expect(Number(reply.headers["retry-after"])).to.be.greaterThan(0);
    expect(of.spent("poor")).to.equal(before);
  });

  it("is never exceeded, nor charged less than was used, while callers leave and all kinds of processes die", async () => {
    await of.token("red");
    const watched = of.watch("red");
    const ways = [...seen, ...unseen, ...everyWay];
    const calling = callAtOnce(of, "red", { callers: 100, calls: 3, ways, until: "429" });
    await of.spends("red", 500);
    await of.killBusiest("red");
    of.fans[0]?.process.kill("SIGKILL");
    // So its sidecar, which ends with it, has mostly told how its calls ended.
    await pause(500);
    await of.spends("red", 1_500);
    of.killQuota();
    const answers = await calling;
    // What it could tell nobody is charged a minute after the longest that a call can take.
    await settled("red", 120_000);
    const seenBusy = (await watched.stop()).filter(({ reserved }) => reserved > 0);
    const most = seenBusy.map(({ used, reserved }) => used + reserved);
    const { used, reserved } = await of.account("red");
    const spent = of.spent("red");
    const said = JSON.stringify({ used, reserved, spent, answers: tally(answers) });
    expect(used, said).to.be.at.least(spent);
    expect(used, said).to.be.at.most(budget);
    expect(most.length, "how often it was seen while calls held some of it").to.be.above(0);
    expect(Math.max(...most), said).to.be.at.most(budget);
    expect(used, said).to.be.greaterThan(budget / 4);
    expect(answers, said).to.include.members(["200", "429", "left"]);
  });

  const settled = (team: string, withinMs = 20_000): Promise<void> =>
    eventually(
      async () => {
        expect((await of.account(team)).reserved).to.equal(0);
      },
      { withinMs },
    );
});
