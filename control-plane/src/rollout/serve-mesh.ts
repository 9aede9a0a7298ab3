// What operators ask for, on its way to the gateways: who asked, what came of it, what is kept.

import { type Found, type NamedFiles, restore } from "../config/index.ts";
import type { Snapshot } from "../snapshot/index.ts";
import { type Audit, type AuditEntry, hashOf, type LastGood } from "../state/index.ts";
import { planOf, versionsIn } from "./plan.ts";
import { refusalProblems, stillProblems } from "./refusal-problems.ts";
import type { Refusal, Refusing, Said } from "./rollout.ts";
import { type RolloutOptions, type Rollouts, runRollouts } from "./run-rollout.ts";
import type { Standing } from "./standing.ts";
import { type Asked, openVersion, type Version } from "./version.ts";

/** What serving needs. */
export interface ServingOptions extends Omit<RolloutOptions<Version>, "said" | "snapshotOf"> {
  /** What a version means for gateways at this moment. */
  readonly snapshotOf: (version: Version) => Snapshot;
  readonly now: () => Date;
  readonly audit: Pick<Audit, "note">;
  /** Keeps what gateways have taken over the end of this process. */
  readonly keepLastGood: (good: LastGood) => void;
  /**
   * Told of every version that is served, or may be in a moment, before gateways
   * are given it: whose agents may come, and whose addresses are looked up. They
   * are given it when this settles.
   */
  readonly using: (versions: readonly Version[]) => Promise<void> | void;
  readonly told: ServingTold;
}

/** Told of what becomes of changes. */
export interface ServingTold {
  /**
   * Every gateway is given it, and those in `silent` have not said yet that they
   * took it; `problems` is what others refuse as they did before.
   */
  served(version: Version, silent: readonly string[], problems: readonly string[]): void;
  /** It is not served; what was served before goes on. */
  refused(problems: readonly string[], asked: Asked): void;
  /** It is served, since there is nothing older, but a gateway refuses a part of it. */
  doubted(problems: readonly string[]): void;
  /** A certificate or another file has changed that what is served names. */
  renewed(version: Version): void;
}

/** What became of a change that somebody waits for. */
export type Outcome =
  | {
      readonly kind: "taken";
      readonly nodes: readonly string[];
      readonly silent: readonly string[];
      /** Gateways that refuse a part of it, as they did before, and what. */
      readonly refusing: readonly string[];
      readonly problems: readonly string[];
    }
  | {
      readonly kind: "refused";
      readonly refusal: Refusal;
      /** Gateways that are not back on what they had. */
      readonly astray: readonly string[];
      readonly problems: readonly string[];
      readonly at:
        | { readonly file: string; readonly line: number; readonly column: number }
        | undefined;
    }
  | { readonly kind: "superseded" };

/** Somebody who waits for what becomes of a change. */
export interface Waiter {
  staged(node: string): void;
  ended(outcome: Outcome): void;
}

/** A mesh that is served. */
export interface Serving {
  standing(): Standing;
  /** What every gateway is given, or is on its way to. */
  served(): Version;
  /** Whether a change is on its way. */
  busy(): boolean;
  /** Gateways that refuse something of what they are given. */
  refusing(): readonly Refusing[];
  /** The files were saved, and pass every check. */
  save(found: Found): void;
  /** The files as they stand cannot be used. `known`: whoever should know has been told. */
  refused(problems: readonly string[], known?: boolean): void;
  /** Stages a change. */
  change(found: Found, asked: Asked, waiter?: Waiter): void;
  /** An instance, a key or a certificate has changed. */
  refresh(reason: string): void;
  /** The xDS generation that holds all that was changed until this moment. */
  generation(): number;
  /** A gateway has come, moved or gone. */
  moved(): void;
  close(): Promise<void>;
}

const byFile: Asked = { who: "file", what: "save" };

/**
 * Serves a mesh from now on.
 *
 * @param lastGood what gateways took last from an earlier control plane; they are
 *   given it again where they refuse the first
 */
export async function serveMesh(
  options: ServingOptions,
  first: Found,
  lastGood: LastGood | undefined,
): Promise<Serving> {
  const isNew = first.from.hash !== lastGood?.hash;
  const good = isNew ? await restore(lastGood, options.now()) : undefined;
  const { now, told } = options;
  const open = new Set<Version>();
  const waiters = new Map<Version, Waiter>();
  let refused: Standing["refused"];
  let since = now();
  let work: Promise<void> = Promise.resolve();
  let coming = 0;

  const version = (found: Found, asked: Asked): Version => {
    const made = openVersion(found, asked, now, {
      renewed: (of, before) => {
        const [was, is] = [before, of.named()].map((each) => hashOf(textOf(each)));
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
        // A gateway's word is what makes it good.
        if (nodes.length > 0) options.keepLastGood(candidate.from);
        told.served(candidate, silent, problems);
        end(candidate, { kind: "taken", nodes, silent, refusing, problems });
        break;
      }
      case "proven":
        options.keepLastGood(candidate.from);
        break;
      case "doubted":
        told.doubted(refusalProblems(candidate, event.refusal, originsOf(event), []));
        break;
      case "refused": {
        const origins = originsOf(event);
        const { refusal } = event;
        const problems = refusalProblems(candidate, refusal, origins, event.astray);
        const astray = event.astray.map(({ node }) => node);
        note(candidate, { outcome: "refused", problems });
        if (candidate.asked.what !== "apply") refused = { since: now(), problems };
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
    if (of.asked.what === "save") refused = undefined;
  };
  const retire = (): void => {
    if (coming > 0) return;
    const inUse = versionsIn(rollouts.state());
    for (const each of open) {
      if (inUse.has(each)) continue;
      open.delete(each);
      void each.close();
      void options.using([...open]);
    }
  };

  const start: Asked = { who: "file", what: "start" };
  const begun = version(first, start);
  let servedHash = lastGood?.hash;
  const rollouts: Rollouts<Version> = runRollouts(
    { ...options, said },
    begun,
    good && version(good, start),
  );
  await options.using([...open]);
  if (isNew) note(begun, { outcome: "taken" });
  servedHash = begun.from.hash;
  rollouts.start();
  const change = (found: Found, asked: Asked, waiter?: Waiter): void => {
    const candidate = version(found, asked);
    if (waiter !== undefined) waiters.set(candidate, waiter);
    coming += 1;
    // One after the other, so that what is saved last counts.
    work = work.then(async () => {
      await options.using([...open]);
      coming -= 1;
      rollouts.propose(candidate);
    });
  };
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
      } else if (refused !== undefined) {
        refused = undefined;
        told.served(planOf(rollouts.state()).all, [], []);
      }
    },
    refused(problems, known = false) {
      refused = { since: now(), problems };
      if (!known) told.refused(problems, byFile);
    },
    change,
    refresh: (reason) => rollouts.refresh(reason),
    generation: () => rollouts.generation(),
    moved: () => rollouts.moved(),
    async close() {
      await work;
      rollouts.close();
      await Promise.all([...open].map((each) => each.close()));
    },
  };
}

/** What named files hold, as one text, without private keys. */
function textOf(named: NamedFiles): string {
  const { authorities, clientAuthorities, issuerAuthorities, issuerFiles, pair } = named;
  const byName = [authorities, issuerAuthorities, issuerFiles].map((texts) => [...texts].sort());
  return JSON.stringify([pair?.certificateChain ?? "", clientAuthorities ?? "", ...byName]);
}
