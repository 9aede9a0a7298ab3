// A mesh with one budget, and three instances of an agent that write down all that they use.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spentVariable } from "../agents/spender.ts";
import { type Child, endGroup, startChild } from "./child.ts";
import { eventually, pause } from "./eventually.ts";
import { listAt, numberAt, textAt } from "./json.ts";
import { type Mesh, startMesh } from "./mesh.ts";
import { processMarked } from "./processes.ts";
import { callRest } from "./rest.ts";

/** What a team has used, as the quota service counts it, in tokens. */
export interface Account {
  /** What it may use. */
  readonly amount: number;
  readonly used: number;
  readonly reserved: number;
}

/** It runs. */
export interface BudgetMesh {
  readonly mesh: Mesh;
  /** The instances. */
  readonly spenders: readonly Child[];
  /** The instances of an agent that asks them, where there are such. */
  readonly fans: readonly Child[];
  token(team: string): Promise<string>;
  /** Of a team. Throws while the quota service does not answer. */
  account(team: string): Promise<Account>;
  /** Looks at a team's account again and again, as often as the service answers. */
  watch(team: string): { stop(): Promise<readonly Account[]> };
  /** What a team's calls really used. */
  spent(team: string): number;
  /** Waits until a team's calls have really used so much, in tokens. */
  spends(team: string, tokens: number): Promise<void>;
  /** Kills the instance that a team's calls use most at this moment; waits until one is used. */
  killBusiest(team: string): Promise<void>;
  /** Kills the quota service's process. Whoever started the mesh starts it again. */
  killQuota(): void;
  stop(): Promise<void>;
}

/** What each team may use. */
export const budget = 10_000;

/**
 * Agents are `spender`, and `nobody`, of which no instance runs.
 *
 * @param fans how many instances there are of `fan`, which asks both
 */
export async function startBudgetMesh(fans = 0): Promise<BudgetMesh> {
  const mesh = await startMesh({ listed: ["fan", "spender", "nobody"] });
  const file = join(mesh.folder, "spent");
  const spenders = [0, 1, 2].map(() =>
    startChild(process.execPath, [program], {
      cwd: mesh.folder,
      env: { ...mesh.env, [spentVariable]: file },
    }),
  );
  const asking = Array.from({ length: fans }, () =>
    startChild(process.execPath, [fanProgram], { cwd: mesh.folder, env: mesh.env }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all([...spenders, ...asking].map((each) => endGroup(each)));
    await mesh.stop();
  };
  const account = async (team: string): Promise<Account> => {
    const response = await fetch(`${mesh.admin}/budgets`);
    const page: unknown = await response.json();
    if (response.status !== 200) throw new Error(JSON.stringify(page));
    const row = listAt(page, "accounts").find((each) => textAt(each, "key") === team);
    if (row === undefined) return { amount: budget, used: 0, reserved: 0 };
    return {
      amount: numberAt(row, "amount"),
      used: numberAt(row, "used"),
      reserved: numberAt(row, "reserved"),
    };
  };
  const watch = (team: string) => {
    const seen: Account[] = [];
    let over = false;
    const looking = (async () => {
      while (!over) {
        const found = await account(team).catch(() => undefined);
        if (found !== undefined) seen.push(found);
        await pause(15);
      }
    })();
    return {
      async stop() {
        over = true;
        await looking;
        return seen;
      },
    };
  };
  const lines = (): readonly (readonly string[])[] =>
    (existsSync(file) ? readFileSync(file, "utf8").split("\n") : []).map((line) => line.split(" "));
  const killBusiest = async (team: string): Promise<void> => {
    const count = (pid: number) =>
      lines().filter(([of, , by]) => of === team && by === `${pid}`).length;
    await eventually(
      async () => {
        const before = spenders.map(({ pid }) => count(pid));
        await pause(200);
        const grown = spenders.map(({ pid }, at) => count(pid) - (before[at] ?? 0));
        const most = Math.max(...grown);
        if (most === 0) throw new Error("no instance is used");
        spenders[grown.indexOf(most)]?.process.kill("SIGKILL");
      },
      { withinMs: 30_000 },
    );
  };
  const spent = (team: string): number =>
    lines().reduce((sum, [of, tokens]) => (of === team ? sum + Number(tokens) : sum), 0);
  const made: BudgetMesh = {
    mesh,
    spenders,
    fans: asking,
    token: (team) => mesh.token({ claims: { team } }),
    account,
    watch,
    spent,
    spends: (team, tokens) =>
      eventually(
        () => {
          if (spent(team) < tokens) throw new Error(`${team} has used ${spent(team)} tokens`);
        },
        { withinMs: 60_000, everyMs: 25 },
      ),
    killBusiest,
    killQuota: () =>
      process.kill(processMarked(mesh.mark, /quota\/dist\/(bundle\/)?main\.js/), "SIGKILL"),
    stop,
  };
  try {
    writeFileSync(mesh.meshFile, meshText(mesh.port));
    await eventually(async () => {
      const { text } = await callRest(mesh, {
        path: "/v1/agents/spender:invoke",
        token: await made.token("first"),
        body: { messages: [{ role: "user", content: '{"input":200,"output":1}' }] },
      });
      // More than a call may use: so the budget is there.
      if (!text.includes("INPUT_TOO_LARGE")) throw new Error(text);
    });
    await eventually(async () => {
      const page: unknown = await (await fetch(`${mesh.admin}/agents`)).json();
      const held = listAt(page, "agents").filter((row) =>
        ["fan", "spender"].includes(textAt(row, "agent")),
      );
      if (held.length < spenders.length + fans) throw new Error(JSON.stringify(page));
    });
    return made;
  } catch (error) {
    await stop();
    throw error;
  }
}

const program = fileURLToPath(new URL("../agents/spender.js", import.meta.url));
const fanProgram = fileURLToPath(new URL("../agents/fan.js", import.meta.url));

/** Months, so that no window ends while a test runs. */
function meshText(port: number): string {
  return `
mesh: test
gateway: { https: { port: ${port} } }
agents: { echo: {}, fan: { calls: [nobody, spender] }, spender: {}, nobody: {} }
budgets: { team: { by: "claim:team", tokens: ${budget}, per: month } }
routes:
  - name: spending
    match: { agent: spender }
    budget: { of: team, reserve: 100, minimum: 20 }
    timeout: 10s
  - name: nobody
    match: { agent: nobody }
    budget: { of: team, reserve: 100, minimum: 20 }
    timeout: 10s
`;
}
