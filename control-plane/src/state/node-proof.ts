// What a gateway or an agent can prove to be, and what its own join token says.

/** What a node's own join token is for: its `aud`. */
export const joinAudience = "smartcall:join";

/** What a node's own join token is listed as allowing. */
export const joinScope = "mesh:join";

/** The kinds of nodes that have tokens of their own. */
export const joinKinds = ["gateway", "agent"] as const;
export type JoinKind = (typeof joinKinds)[number];

/** Who a node has proved to be. */
export type NodeProof =
  /** It has the mesh's own token on this machine, or may open its sockets: any node. */
  | { readonly kind: "owner" }
  /** The gateway, or an instance of the agent, that its token is for. */
  | { readonly kind: JoinKind; readonly name: string; readonly token: OwnJoinToken };

/** Of a node's own token. */
export interface OwnJoinToken {
  /** Its `jti`. */
  readonly id: string;
  /** Its `sub`, such as `gateway/g2`. */
  readonly subject: string;
  readonly expires: Date;
}

/** Who a node has proved to be, or a sentence that says why it has not. */
export type Joining =
  | { readonly ok: true; readonly proof: NodeProof }
  | {
      readonly ok: false;
      /** By its name in gRPC; the second where too many show a token, whatever this one is. */
      readonly code: "UNAUTHENTICATED" | "RESOURCE_EXHAUSTED";
      readonly message: string;
    };

/** What shows no proof, or none that is taken. */
export function notProved(message: string): Joining {
  return { ok: false, code: "UNAUTHENTICATED", message };
}

/**
 * @param authorization the metadata value of that name
 * @param peer where the connection comes from, as gRPC writes it
 */
export type JoinedBy = (authorization: string | undefined, peer: string) => Joining;

/** `gateway/g2`: the `sub` of a token for this node alone. */
export function joinSubject(kind: JoinKind, name: string): string {
  return `${kind}/${name}`;
}

/** What the `sub` of such a token is for; undefined where it makes no sense. */
export function readJoinSubject(
  subject: string,
): { readonly kind: JoinKind; readonly name: string } | undefined {
  const [kind, name = "", ...more] = subject.split("/");
  const known = joinKinds.find((each) => each === kind);
  return known === undefined || name === "" || more.length > 0 ? undefined : { kind: known, name };
}
