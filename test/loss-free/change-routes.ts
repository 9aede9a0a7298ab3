// Changes of routes: where they lead, and what they let through.
import type { Changing } from "./kinds.ts";

const ways = ["late", { echo: 1, late: 3 }, "swapped", { echo: 1, late: 0, swapped: 1 }, "echo"];

/** The route of calls leads elsewhere, and that of the streams too, under those that run. */
export async function moveRoutes({ world, time }: Changing): Promise<void> {
  await world.save({
    routes: {
      moved: { match: { agent: "moved" }, to: ways[time % ways.length], timeout: `${20 + time}s` },
      counting: { match: { agent: "counting" }, to: time % 2 === 0 ? "counter" : "swapped" },
    },
  });
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
}
