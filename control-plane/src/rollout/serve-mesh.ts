// What operators ask for, on its way to the gateways: who asked, what came of it, what is kept.

import type { Found } from "../config/index.ts";
import { type AuditEntry, hashOf } from "../state/index.ts";
import { awaitGateway, type GatewayWait } from "./await-gateway.ts";
import type { Beginning } from "./beginning.ts";
import { planOf, versionsIn } from "./plan.ts";
import { refusalProblems, stillProblems } from "./refusal-problems.ts";
import type { Refusal, Said } from "./rollout.ts";
import { type Rollouts, runRollouts } from "./run-rollout.ts";
import type { Outcome, Serving, ServingOptions, Waiter } from "./serving.ts";
import type { Standing } from "./standing.ts";
import { type Asked, hashOfVersion, namedText, openVersion, type Version } from "./version.ts";

const byFile: Asked = { who: "file", what: "save" };

/**
 * Serves a mesh from now on. What an earlier control plane left to gateways comes
 * first; files that say something else are staged as a save is, once a gateway
 * is there.
 *
 * @param before the hash of what was served before, if anything was
 */
export async function serveMesh(
  options: ServingOptions,
  beginning: Beginning,
  before: string | undefined,
): Promise<Serving> {
  const { now, told } = options;
  const open = new Set<Version>();
  const waiters = new Map<Version, Waiter>();
  let refused: Standing["refused"];
  let waiting: { readonly version: Version; readonly wait: GatewayWait } | undefined;
  let since = now();
  let work: Promise<void> = Promise.resolve();
  let coming = 0;

  const version = (found: Found, asked: Asked): Version => {
    const made = openVersion(found, asked, now, {
      renewed: (of, before) => {
        const [was, is] = [before, of.named()].map((each) => hashOf(namedText(each)));
        const outcome = "taken" as const;
        options.audit.note({
          who: "file",
          what: "certificate",
          before: was,
          after: is ?? "",
          outcome,
        });
        told.renewed(of);
        rollouts.refresh("certificate");
      },
      refused: (problems) => told.refused(problems, byFile),
    });
    open.add(made);
    return made;
  };
  const note = (
    of: Version,
    entry: Pick<AuditEntry, "outcome" | "nodes" | "silent" | "problems">,
  ) => options.audit.note({ ...of.asked, before: servedHash, after: of.from.hash, ...entry });
  const end = (of: Version, outcome: Outcome): void => {
    waiters.get(of)?.ended(outcome);
    waiters.delete(of);
  };
  const said = (event: Said<Version>): void => {
    const { candidate } = event;
    switch (event.kind) {
      case "staged":
        waiters.get(candidate)?.staged(event.node);
        break;
      case "taken": {
        const { nodes, silent } = event;
        const refusing = event.refusing.map(({ node }) => node);
        const problems = stillProblems(candidate, event.refusing);
        note(candidate, {
          outcome: "taken",
          nodes,
          ...(silent.length > 0 && { silent }),
          ...(problems.length > 0 && { problems }),
        });
        serve(candidate);
        if (candidate.asked.what !== "apply") forget();
        // A gateway's word is what makes it good.
        if (nodes.length > 0) options.keepLastGood(candidate.from);
        told.served(candidate, silent, problems);
        end(candidate, { kind: "taken", nodes, silent, refusing, problems });
        break;
      }
      case "proven":
        // Envoy takes unread what it has refused, so its word counts for nothing here.
        if (candidate !== doubted) options.keepLastGood(candidate.from);
        break;
      case "doubted": {
        const problems = refusalProblems(candidate, event.refusal, originsOf(event), []);
        // What gateways took from an earlier control plane stays good.
        if (candidate.from.hash !== before) {
          note(candidate, { outcome: "refused", problems });
          remember(candidate, problems);
        }
        told.doubted(problems);
        break;
      }
      case "refused": {
        const origins = originsOf(event);
        const { refusal } = event;
        const problems = refusalProblems(candidate, refusal, origins, event.astray);
        const astray = event.astray.map(({ node }) => node);
        note(candidate, { outcome: "refused", problems });
        if (candidate.asked.what !== "apply") {
          refused = { since: now(), problems };
          // No answer, or a fault of ours, may be another one next time.
          if (refusal.by === "gateway") remember(candidate, problems);
        }
        const back = planOf(rollouts.state()).all;
        if (servedHash === candidate.from.hash) serve(back);
        told.refused(problems, candidate.asked);
        end(candidate, { kind: "refused", refusal, astray, problems, at: origins[0] });
        break;
      }
      case "superseded":
        note(candidate, { outcome: "superseded" });
        end(candidate, { kind: "superseded" });
        break;
    }
    retire();
  };
  const originsOf = ({ candidate, refusal }: { candidate: Version; refusal: Refusal }) =>
    rollouts.originsOf(candidate, refusal);
  const serve = (of: Version): void => {
    servedHash = of.from.hash;
    since = now();
  };
  const remember = (of: Version, problems: readonly string[]): void =>
    options.keepRefused({
      hash: hashOfVersion({ from: of.from, named: of.named() }),
      since: now(),
      problems,
    });
  const forget = (): void => {
    refused = undefined;
    options.keepRefused(undefined);
  };
  const retire = (): void => {
    if (coming > 0) return;
    const inUse = versionsIn(rollouts.state());
    for (const each of open) {
      if (inUse.has(each) || each === waiting?.version) continue;
      open.delete(each);
      void each.close();
      void options.using([...open]);
    }
  };

  const start: Asked = { who: "file", what: "start" };
  const begun = version(beginning.served, start);
  const doubted = beginning.change === undefined && beginning.refused ? begun : undefined;
  let servedHash = before;
  const rollouts: Rollouts<Version> = runRollouts({ ...options, said }, begun, undefined);
  const stage = (candidate: Version): void => {
    coming += 1;
    // One after the other, so that what is saved last counts.
    work = work.then(async () => {
      await options.using([...open]);
      coming -= 1;
      rollouts.propose(candidate);
    });
  };
  /** What the start found counts no more. */
  const giveUp = (): void => {
    if (waiting === undefined) return;
    note(waiting.version, { outcome: "superseded" });
    waiting.wait.cancel();
    waiting = undefined;
    retire();
  };
  const change = (found: Found, asked: Asked, waiter?: Waiter): void => {
    giveUp();
    const candidate = version(found, asked);
    if (waiter !== undefined) waiters.set(candidate, waiter);
    stage(candidate);
  };
  if (beginning.change !== undefined && beginning.refused === undefined) {
    const candidate = version(beginning.change, start);
    const wait = awaitGateway({ ...options, progress: () => options.xds.progress() }, () => {
      waiting = undefined;
      stage(candidate);
    });
    waiting = { version: candidate, wait };
  }
  await options.using([...open]);
  if (beginning.change === undefined && begun.from.hash !== before) {
    note(begun, { outcome: "taken" });
  }
  servedHash = begun.from.hash;
  rollouts.start();
  if (beginning.change !== undefined && beginning.refused !== undefined) {
    const { since: at, problems } = beginning.refused;
    refused = { since: at, problems };
    told.refused(problems, start);
  }
  const busy = (): boolean =>
    coming > 0 || !["steady", "unproven"].includes(rollouts.state().phase);
  return {
    standing: () => {
      const state = rollouts.state();
      const { all } = planOf(state);
      return {
        name: all.config.mesh,
        served: { hash: servedHash ?? "", since, restored: all.restored },
        ...(busy() &&
          "candidate" in state && {
            staged: { hash: state.candidate.from.hash, phase: state.phase },
          }),
        ...(waiting && { staged: { hash: waiting.version.from.hash, phase: "waiting" } }),
        ...(refused && { refused }),
      };
    },
    served: () => planOf(rollouts.state()).all,
    busy,
    refusing: () => rollouts.refusing(),
    save(found) {
      // What an operator applied comes back as a save of the same.
      if (busy() || found.from.hash !== servedHash) {
        change(found, byFile);
      } else if (refused !== undefined || waiting !== undefined) {
        giveUp();
        forget();
        told.served(planOf(rollouts.state()).all, [], []);
      }
    },
    refused(problems, known = false) {
      giveUp();
      refused = { since: now(), problems };
      if (!known) told.refused(problems, byFile);
    },
    change,
    refresh: (reason) => rollouts.refresh(reason),
    generation: () => rollouts.generation(),
    moved() {
      rollouts.moved();
      waiting?.wait.moved();
    },
    async close() {
      waiting?.wait.cancel();
      await work;
      rollouts.close();
      await Promise.all([...open].map((each) => each.close()));
    },
  };
}
