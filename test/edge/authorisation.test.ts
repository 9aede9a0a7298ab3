// Who may call a route and who may not, of all kinds, alike through both doors.

import { expect } from "chai";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { type GrpcReply, invokeGrpc, saying } from "../harness/grpc.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import {
  type AuthorisedGateway,
  type CertificateName,
  startAuthorised,
} from "./authorisation-mesh.ts";

/** Who calls: by a token with these scopes and claims, by a certificate, by both or neither. */
interface Caller {
  readonly scopes?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
  /** A token that is none. */
  readonly forged?: true;
  readonly certificate?: CertificateName;
}

const gold = { claims: { plan: "gold" } };
const nobody: Caller = {};
const somebody: Caller = { scopes: ["agents:invoke"] };
const claims = (said: Readonly<Record<string, unknown>>): Caller => ({ claims: said });

/** By agent: who may, and who may not and why. */
const table: Readonly<
  Record<string, { readonly may: readonly Caller[]; readonly not: readonly Caller[] }>
> = {
  scoped: {
    may: [{ scopes: ["two", "other", "one"] }],
    not: [{ scopes: ["one"] }, { scopes: [] }, nobody],
  },
  equal: {
    may: [gold, claims({ plan: ["other", "gold"] })],
    not: [
      somebody,
      claims({ plan: "golden" }),
      claims({ plan: "Gold" }),
      claims({ plan: { gold: true } }),
      claims({ plan: [["gold"]] }),
      claims({ plan: null }),
      claims({ other: "gold" }),
      { ...gold, scopes: ["other"] },
      { certificate: "batch" },
      nobody,
    ],
  },
  "one-of": {
    may: [gold, claims({ plan: "silver" }), claims({ plan: ["silver", "iron"] })],
    not: [claims({ plan: "iron" }), claims({ plan: [] }), claims({ plan: "gold,silver" })],
  },
  present: {
    may: [true, false, "", 0, [], {}, "no"].map((beta) => claims({ beta })),
    not: [somebody, claims({ betas: true })],
  },
  several: {
    may: [{ scopes: [], claims: { plan: "gold", team: "red" } }],
    not: [gold, claims({ team: "red" }), claims({ plan: "gold", team: "green" }), nobody],
  },
  number: {
    may: [5, "5", 1.5, [4, 5], ["5"]].map((level) => claims({ level })),
    not: [4, 50, "05", "5.0", true, [4]].map((level) => claims({ level })),
  },
  flag: {
    may: [true, "true", [true]].map((staff) => claims({ staff })),
    not: [false, "false", 1, "yes", {}].map((staff) => claims({ staff })),
  },
  nested: {
    may: [
      claims({ realm: { access: { roles: ["user", "admin"] } } }),
      claims({ realm: { "access.roles": "admin" } }),
      claims({ "realm.access": { roles: "admin" } }),
      claims({ "realm.access.roles": ["admin"] }),
    ],
    not: [
      claims({ realm: { access: { roles: ["user"] } } }),
      claims({ realm: { roles: ["admin"] } }),
      claims({ roles: ["admin"] }),
      claims({ realm: "admin" }),
    ],
  },
  "by-url": {
    may: [claims({ "https://example.com/role": ["admin"] })],
    not: [claims({ "https://example.com/roles": "admin" }), claims({ role: "admin" })],
  },
  machine: {
    may: [
      { certificate: "batch" },
      { certificate: "several" },
      { certificate: "billing" },
      { certificate: "one" },
      { certificate: "batch", scopes: [] },
    ],
    not: [
      { certificate: "deeper" },
      { certificate: "bare" },
      { certificate: "star" },
      { certificate: "poser" },
      { certificate: "nobody" },
      { certificate: "batch", forged: true },
      somebody,
      nobody,
    ],
  },
  both: {
    may: [{ certificate: "batch", scopes: ["agents:invoke"] }],
    not: [{ certificate: "batch" }, { certificate: "nobody", ...somebody }, somebody],
  },
  "machine-claims": {
    may: [{ certificate: "batch", scopes: [], ...gold }],
    not: [{ certificate: "batch" }, { certificate: "batch", ...claims({ plan: "iron" }) }, gold],
  },
  here: { may: [somebody], not: [nobody, { scopes: [] }] },
  there: { may: [], not: [somebody] },
  "here-six": { may: [], not: [somebody] },
  "machine-here": { may: [{ certificate: "batch" }], not: [nobody, { certificate: "nobody" }] },
  all: {
    may: [{ certificate: "billing", scopes: ["one"], ...gold }],
    not: [
      { certificate: "billing", scopes: ["one"] },
      { certificate: "billing", ...gold },
      { certificate: "batch", scopes: ["one"], ...gold },
      { scopes: ["one"], ...gold },
    ],
  },
  open: {
    may: [nobody, somebody, { certificate: "nobody" }],
    not: [{ forged: true }, { certificate: "batch", forged: true }],
  },
};

/** What no refusal may tell: what its rule asks for. */
const secrets =
  /gold|silver|admin|spiffe|internal|10\.0\.0|127\.0\.0|::1|2001:db8|\bplan\b|\bbeta\b/;

describe("Who may call", () => {
  let served: AuthorisedGateway;
  before(async () => {
    served = await startAuthorised();
  });
  after(() => served?.stop());

  for (const [agent, { may, not }] of Object.entries(table)) {
    for (const caller of may) {
      it(`${agent}: ${words(caller)}`, async () => {
        const rest = await byRest(served, agent, caller);
        expect(rest.status, rest.text).to.equal(200);
        const grpc = await byGrpc(served, agent, caller);
        expect(grpc.ok, JSON.stringify(grpc)).to.equal(true);
      });
    }
    for (const caller of not) {
      it(`${agent}, never: ${words(caller)}`, async () => {
        const before = served.agent.seen.length;
        const rest = await byRest(served, agent, caller);
        const grpc = await byGrpc(served, agent, caller);
        expect(served.agent.seen.length).to.equal(before);
        expect(grpc.ok).to.equal(false);
        const details = grpc.ok ? "" : grpc.error.details;
        expect(rest.text).to.not.match(secrets);
        expect(details).to.not.match(secrets);
        if (rest.status === 401) {
          expectRefusal(rest, 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
          return;
        }
        const reason = agent === "scoped" ? "SCOPE_MISSING" : "NOT_ALLOWED";
        expectRefusal(rest, 403, "PERMISSION_DENIED", reason);
        if (reason === "NOT_ALLOWED") expect(details).to.contain(`route ${agent} `);
      });
    }
  }

  it("by IPv6 too, each by its own ranges", async () => {
    const six = await startAuthorised("::1");
    try {
      for (const [agent, status] of [
        ["here-six", 200],
        ["here", 403],
        ["there", 403],
      ] as const) {
        expect((await byRest(six, agent, somebody)).status, agent).to.equal(status);
        expect((await byGrpc(six, agent, somebody)).ok, agent).to.equal(status === 200);
      }
      expect((await byRest(six, "machine-here", { certificate: "batch" })).status).to.equal(200);
    } finally {
      await six.stop();
    }
  });

  it("and says that a token is missing where one is needed", async () => {
    for (const agent of ["both", "machine-claims", "here", "scoped"]) {
      const reply = await byRest(served, agent, { certificate: "batch" });
      expectRefusal(reply, 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
    }
  });
});

function byRest(served: AuthorisedGateway, agent: string, caller: Caller): Promise<RestReply> {
  return callRest(served.gateway, {
    path: `/v1/agents/${agent}:invoke`,
    body: asking("hello"),
    ...shownBy(served, caller),
  });
}

function byGrpc(served: AuthorisedGateway, agent: string, caller: Caller): Promise<GrpcReply> {
  return invokeGrpc(served.gateway, {
    agent,
    request: saying("hello"),
    ...shownBy(served, caller),
  });
}

function shownBy({ gateway, certificates }: AuthorisedGateway, caller: Caller) {
  const { certificate, scopes, claims: said, forged } = caller;
  const token = forged
    ? withOtherSignature(gateway.token())
    : scopes === undefined && said === undefined
      ? undefined
      : gateway.token({ ...(scopes && { scopes }), ...(said && { claims: said }) });
  return {
    ...(token !== undefined && { token }),
    ...(certificate && { certificate: certificates[certificate] }),
  };
}

/** Not by its last letter, of which some bits mean nothing. */
function withOtherSignature(token: string): string {
  const [head = "", body = "", signature = ""] = token.split(".");
  const first = signature.startsWith("A") ? "B" : "A";
  return [head, body, first + signature.slice(1)].join(".");
}

function words({ certificate, scopes, claims: said, forged }: Caller): string {
  const parts = [
    ...(certificate === undefined ? [] : [`the certificate ${certificate}`]),
    ...(forged ? ["a forged token"] : []),
    ...(scopes === undefined ? [] : [`the scopes [${scopes.join(" ")}]`]),
    ...(said === undefined ? [] : [`the claims ${JSON.stringify(said)}`]),
  ];
  return parts.length === 0 ? "nobody known" : parts.join(", ");
}
