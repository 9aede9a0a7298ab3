// Changes of routes: where they lead, and what they let through.
import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import { asking, callRest } from "../harness/rest.ts";
import type { Changing } from "./kinds.ts";
import { saveAndSee } from "./obeyed.ts";
import { askWhere } from "./swapped-agent.ts";
import type { World } from "./world.ts";

/** What agents on the kit answer when they are asked where they are: they say what they are told. */
const saidBack = [askWhere];

/** The route of calls leads elsewhere, and that of the streams too, under those that run. */
export async function moveRoutes({ world, time, obeyed }: Changing): Promise<void> {
  const { fresh, places } = world;
  const swapped = places[0]?.answeredBy ?? [];
  // Each gives an answer that the one before it cannot give: so it is seen when it holds.
  const ways = [
    { to: "late", answers: saidBack },
    { to: { fresh: 3, swapped: 1 }, answers: [...fresh.answeredBy, ...swapped] },
    { to: "echo", answers: saidBack },
    { to: { echo: 1, late: 0, swapped: 1 }, answers: swapped },
    { to: "fresh", answers: fresh.answeredBy },
    { to: { echo: 1, late: 3 }, answers: saidBack },
    { to: "swapped", answers: swapped },
  ];
  const way = ways[time % ways.length];
  const isCounter = time % 2 === 0;
  const parts = {
    agents: { fresh: { instances: fresh.instances } },
    routes: {
      moved: { match: { agent: "moved" }, to: way?.to, timeout: `${20 + time}s` },
      counting: { match: { agent: "counting" }, to: isCounter ? "counter" : "swapped" },
    },
  };
  const counting = isCounter ? saidBack : swapped;
  obeyed(await saveAndSee(world, parts, { moved: way?.answers ?? [], counting }));
}

/** Limits of every kind come, grow and go, and so do budgets. None is ever reached. */
export async function changeLimits({ world, time }: Changing): Promise<void> {
  const many = 1_000_000 + time;
  const limits = [
    { requests: many, per: "minute", by: "subject" },
    { requests: many, per: "second", by: "route" },
    { requests: many, per: "day", by: "subject" },
    { concurrent: 1_000 + time, by: "subject" },
  ];
  const budgets = { caller: { by: "subject", tokens: many * 1_000, per: "day" } };
  const budget = { of: "caller", reserve: 10 + time, minimum: 1 };
  const limited = limits.slice(0, time % (limits.length + 1));
  await world.save({
    ...(time % 3 === 0 ? {} : { budgets }),
    routes: {
      moved: {
        match: { agent: "moved" },
        to: "echo",
        ...(time % 3 === 0 ? {} : { budget }),
        ...(limited.length === 0 ? {} : { limits: limited }),
      },
      counting: {
        match: { agent: "counting" },
        to: "counter",
        limits: [{ requests: many, per: "minute", by: "subject" }],
      },
    },
  });
  await eventually(async () => {
    expect(await limitTold(world, "counting")).to.equal(`${many}`);
    expect(await limitTold(world, "moved")).to.equal(limited.length === 0 ? undefined : `${many}`);
  });
}

/** What an answer says of the limit of which the fewest calls are left. */
async function limitTold({ mesh }: World, agent: string): Promise<unknown> {
  const token = await mesh.token();
  const call = { path: `/v1/agents/${agent}:invoke`, token, body: asking("Hello") };
  const { headers, status, text } = await callRest(mesh, call);
  if (status !== 200) throw new Error(`${agent}: ${status} ${text}`);
  return headers["x-ratelimit-limit"];
}
