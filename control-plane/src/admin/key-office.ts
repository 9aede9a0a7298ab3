// What operators do with keys: make them, list them, take them back, rotate those that sign.

import type { IssuerStanding } from "../source/issuer-keys/index.ts";
import type { Changed, KeyOrder, OwnTokens } from "../source/own-tokens/index.ts";
import {
  type JoinKind,
  joinAudience,
  joinScope,
  joinSubject,
  type Outcome,
  type SigningAlgorithm,
  type SigningKeys,
  signerOf,
  type Token,
} from "../state/index.ts";

/** What it works with. */
export interface KeyOfficeOptions {
  readonly tokens: Omit<OwnTokens, "close">;
  readonly signingKeys: () => SigningKeys;
  readonly rotate: (
    algorithm: SigningAlgorithm | undefined,
    who: string,
  ) => Promise<Outcome<SigningKeys>>;
  /** Other issuers. */
  readonly issuers: () => readonly IssuerStanding[];
  /**
   * Resolves once every gateway has what was changed, or has had time to; of `all` those too
   * that come back in this time.
   */
  readonly reached: (whom: "all" | "connected") => Promise<Reached>;
  readonly now: () => Date;
  /** The agents that are listed. */
  readonly agents: () => ReadonlySet<string>;
  /** Where nodes of other machines reach the control plane, such as `mesh.example.com:18443`. */
  readonly nodesAt?: string | undefined;
}

/** Whom a join token is for, and for how long. */
export interface JoinOrder {
  readonly kind: JoinKind;
  readonly name: string;
  readonly lifetimeMs: number;
}

/** A node's own join token, and where it is to be shown. */
export interface JoinGiven extends Token {
  readonly nodesAt?: string;
}

/** How far a change has come. Ids of gateways, sorted. */
export interface Reached {
  readonly holds: readonly string[];
  /** Connected, and did not say in time that they have it. */
  readonly silent: readonly string[];
  /** Not connected: it does not hold there. */
  readonly cutOff: readonly string[];
}

/** A change and how far it has come. Ready to be written as JSON. */
export interface Told {
  readonly known: boolean;
  readonly gateways: Reached;
  /** Why a restart of the control plane would forget it. */
  readonly notKept?: string;
}

/** The office. `who` asks. */
export interface KeyOffice {
  create(order: KeyOrder, who: string): Promise<Outcome<Token>>;
  /** A join token for one gateway, or the instances of one agent; listed as a key. */
  join(order: JoinOrder, who: string): Promise<Outcome<JoinGiven>>;
  revokeToken(id: string, who: string): Promise<Told>;
  revokeSubject(subject: string, who: string): Promise<Told>;
  restoreSubject(subject: string, who: string): Promise<Told>;
  rotate(algorithm: SigningAlgorithm | undefined, who: string): Promise<Outcome<object>>;
  /** Keys, revocations, issuers. Ready to be written as JSON; no secret is in it. */
  list(): object;
}

/** Opens it. */
export function createKeyOffice(options: KeyOfficeOptions): KeyOffice {
  const { tokens, signingKeys, now } = options;
  const told = async (
    change: Promise<Changed>,
    whom: "all" | "connected" = "all",
  ): Promise<Told> => {
    const { known, problem } = await change;
    const gateways = await options.reached(whom);
    return { known, gateways, ...(problem && { notKept: problem.message }) };
  };
  const signing = (keys: SigningKeys) => {
    const signer = signerOf(keys, now());
    return keys.map(({ kid, algorithm, created }) => ({
      kid,
      algorithm,
      created,
      state: kid === signer.kid ? "signs" : created > signer.created ? "published" : "verifies",
    }));
  };
  return {
    create: (order, who) => tokens.create(order, who),
    async join({ kind, name, lifetimeMs }, who) {
      if (kind === "agent" && !options.agents().has(name)) {
        const problem = { kind: "refused", path: "", message: notListed(name) } as const;
        return { ok: false, problem };
      }
      const subject = joinSubject(kind, name);
      const order = { subject, scopes: [joinScope], lifetimeMs, audience: joinAudience };
      const made = await tokens.create(order, who);
      const { nodesAt } = options;
      return made.ok ? { ok: true, value: { ...made.value, ...(nodesAt && { nodesAt }) } } : made;
    },
    async revokeToken(id, who) {
      const joins = tokens.keys().some((key) => key.id === id && key.scopes.includes(joinScope));
      if (!joins) return told(tokens.revokeToken(id, who));
      // No gateway takes a join token: that its own streams end is what was asked for.
      const revoked = await told(tokens.revokeToken(id, who), "connected");
      const { holds } = revoked.gateways;
      return { ...revoked, gateways: { holds, silent: [], cutOff: [] } };
    },
    revokeSubject: (subject, who) => told(tokens.revokeSubject(subject, who)),
    restoreSubject: (subject, who) => told(tokens.restoreSubject(subject, who)),
    async rotate(algorithm, who) {
      const rotated = await options.rotate(algorithm, who);
      if (!rotated.ok) return rotated;
      const gateways = await options.reached("all");
      return { ok: true, value: { signing: signing(rotated.value), gateways } };
    },
    list() {
      const { tokens: revoked, subjects } = tokens.revocations();
      return {
        keys: tokens.keys().map((key) => ({ ...key, revoked: tokens.isDenied(key) })),
        revoked: {
          tokens: [...revoked].map(([id, of]) => ({ id, ...of })),
          subjects: [...subjects].map(([subject, of]) => ({ subject, ...of })),
        },
        signing: signing(signingKeys()),
        issuers: options.issuers(),
      };
    },
  };
}

function notListed(agent: string): string {
  return `mesh.yaml lists no agent \`${agent}\`, so nobody could join as it: add \`${agent}: {}\` under \`agents\` first.`;
}
