// What the mesh's own issuer gives out and takes back: API keys, and what was revoked.

import type { Clock } from "@smartcall/runtime";
import {
  type ApiKey,
  type Audit,
  apiKeysName,
  clockSkewMs,
  hashOf,
  longestTokenLifetimeMs,
  mintToken,
  type Outcome,
  parseApiKeys,
  printApiKeys,
  printRevocations,
  type Report,
  type Revocations,
  readDocument,
  readRevocations,
  type SigningKeys,
  type State,
  type StateProblem,
  stillNeeded,
  success,
  type Token,
  unexpired,
  writeRevocations,
} from "../../state/index.ts";

/** What a key is to be. */
export interface KeyOrder {
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly lifetimeMs: number;
  /** More claims, which routes can match on. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** What it is for, if not calls of agents. */
  readonly audience?: string;
}

/** What was revoked, as gateways are told. Both lists are sorted. */
export interface DeniedLists {
  readonly tokens: readonly string[];
  readonly subjects: readonly string[];
}

/** A change that is in force. */
export interface Changed {
  /** It was so before. */
  readonly known: boolean;
  /** Why a restart would forget it, if it would. */
  readonly problem?: StateProblem | undefined;
}

/** API keys and revocations, kept in the state. `who` asks for a change; it is audited. */
export interface OwnTokens {
  /** A new key; the token is in no other place than the answer. */
  create(order: KeyOrder, who: string): Promise<Outcome<Token>>;
  /** `known`: whether it is an API key of this mesh. Any other token is one too. */
  revokeToken(id: string, who: string): Promise<Changed>;
  /** `known`: whether an API key of this mesh has this subject. */
  revokeSubject(subject: string, who: string): Promise<Changed>;
  /** `known`: whether it was revoked. */
  restoreSubject(subject: string, who: string): Promise<Changed>;
  /** The keys that have not expired, the newest first. */
  keys(): readonly ApiKey[];
  revocations(): Revocations;
  /** When the last change of them was: each has a moment of its own, later than all before. */
  revokedUntil(): Date;
  /** The same object while nothing changes. */
  denied(): DeniedLists;
  isDenied(token: { readonly id: string; readonly subject: string }): boolean;
  close(): Promise<void>;
}

/** What they are opened with. */
export interface OwnTokensOptions {
  readonly mesh: () => string;
  readonly signingKeys: () => SigningKeys;
  readonly now: () => Date;
  readonly clock: Clock;
  readonly audit: Pick<Audit, "note">;
  readonly report: Report;
  /** Something was revoked or restored. */
  readonly changed: () => void;
}

/** Opens them; fails where what was revoked is lost. */
export async function openOwnTokens(
  state: State,
  options: OwnTokensOptions,
): Promise<Outcome<OwnTokens>> {
  const { now, clock, audit, report } = options;
  const keptKeys = await readDocument(state, apiKeysName, parseApiKeys, report);
  if (!keptKeys.ok) return keptKeys;
  const kept = await readRevocations(state, report);
  if (!kept.ok) return kept;
  let keys = unexpired(keptKeys.value ?? [], now());
  let revocations = stillNeeded(kept.value, now());
  let denied = listsOf(revocations);
  let revokedUntil = lastOf(revocations);
  let work: Promise<unknown> = Promise.resolve();
  let closed = false;
  let cancelTimer = (): void => undefined;

  /** One after the other, so that no change is lost. */
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const next = work.then(run);
    work = next.catch(() => undefined);
    return next;
  };
  /** Gateways are asked until when they know: two at one moment could not be told apart. */
  const moment = (): Date => {
    revokedUntil = Math.max(now().getTime(), revokedUntil + 1);
    return new Date(revokedUntil);
  };
  const take = (next: Revocations): void => {
    if (next === revocations) return;
    revocations = next;
    denied = listsOf(next);
    options.changed();
    dropInTime();
  };
  const dropInTime = (): void => {
    cancelTimer();
    if (closed) return;
    const ends = [...revocations.tokens.values()].map(({ until }) => until.getTime());
    if (ends.length === 0) return;
    const wait = ends.reduce((a, b) => Math.min(a, b)) + clockSkewMs - now().getTime();
    cancelTimer = clock.after(Math.min(Math.max(wait, 1_000), longestWaitMs), () => {
      void inTurn(async () => {
        take(stillNeeded(revocations, now()));
        await writeRevocations(state, revocations);
        dropInTime();
      });
    });
  };
  /** A revocation is in force before it is kept, and even where it cannot be. */
  const revoke = async (
    next: Revocations,
    who: string,
    about: string,
  ): Promise<Outcome<undefined>> => {
    const before = hashOf(printRevocations(revocations));
    take(next);
    audit.note({
      who,
      what: "revocations",
      before,
      after: hashOf(printRevocations(next)),
      outcome: "taken",
      about,
    });
    const written = await writeRevocations(state, next);
    if (!written.ok) report(written.problem);
    return written;
  };

  dropInTime();
  return success({
    create: (order, who) =>
      inTurn(async () => {
        const at = now();
        const minted = mintToken(options.signingKeys(), { ...order, mesh: options.mesh() }, at);
        if (!minted.ok) return minted;
        const { id, expires } = minted.value;
        const { subject, scopes } = order;
        const before = printApiKeys(keys);
        const next = [...unexpired(keys, at), { id, subject, scopes, created: at, expires }];
        // One that nobody can list is not given out.
        const written = await state.write(apiKeysName, printApiKeys(next));
        if (!written.ok) return written;
        keys = next;
        audit.note({
          who,
          what: "api keys",
          before: hashOf(before),
          after: hashOf(printApiKeys(next)),
          outcome: "taken",
          about: `key ${id} for ${subject}, scopes ${scopes.join(" ")}, until ${expires.toISOString()}`,
        });
        return minted;
      }),
    revokeToken: (id, who) =>
      inTurn(async () => {
        const at = moment();
        const key = keys.find((each) => each.id === id);
        // Of a token that is not listed it is only known how long it can live.
        const until = key?.expires ?? new Date(at.getTime() + longestTokenLifetimeMs);
        const tokens = new Map(revocations.tokens).set(id, { at, by: who, until });
        const written = await revoke({ ...revocations, tokens }, who, `token ${id} revoked`);
        return changed(key !== undefined, written);
      }),
    revokeSubject: (subject, who) =>
      inTurn(async () => {
        const subjects = new Map(revocations.subjects).set(subject, { at: moment(), by: who });
        const about = `subject ${subject} revoked`;
        const written = await revoke({ ...revocations, subjects }, who, about);
        return changed(
          keys.some((key) => key.subject === subject),
          written,
        );
      }),
    restoreSubject: (subject, who) =>
      inTurn(async () => {
        if (!revocations.subjects.has(subject)) return { known: false };
        const subjects = new Map(revocations.subjects);
        subjects.delete(subject);
        const about = `subject ${subject} restored`;
        return changed(true, await revoke({ ...revocations, subjects }, who, about));
      }),
    keys: () => [...unexpired(keys, now())].reverse(),
    revocations: () => revocations,
    revokedUntil: () => new Date(revokedUntil),
    denied: () => denied,
    isDenied: ({ id, subject }) => revocations.tokens.has(id) || revocations.subjects.has(subject),
    async close() {
      closed = true;
      cancelTimer();
      await work;
    },
  });
}

/** Timers of Node's count no further than 24 days. */
const longestWaitMs = 86_400_000;

function lastOf({ tokens, subjects }: Revocations): number {
  const all = [...tokens.values(), ...subjects.values()];
  return all.reduce((last, { at }) => Math.max(last, at.getTime()), 0);
}

function listsOf({ tokens, subjects }: Revocations): DeniedLists {
  return { tokens: [...tokens.keys()].sort(), subjects: [...subjects.keys()].sort() };
}

function changed(known: boolean, written: Outcome<undefined>): Changed {
  return written.ok ? { known } : { known, problem: written.problem };
}
