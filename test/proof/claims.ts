// Where one sentence says several things of a stream, how each of the others is switched off.

import { type Mutation, mutation } from "./mutation.ts";

const [stream, sub, answer] = ["xds/stream", "xds/subscription", "xds/answer"] as const;
const order = "xds/order";

/** Beside those of `protocol`, which switch off the first thing that a sentence says. */
export const claims: readonly Mutation[] = [
  mutation("A01", stream, "state.node ?? request.node", "request.node", stream),
  mutation("A01", stream, "state.node ?? request.node", "request.node ?? state.node", stream),
  mutation(
    "A02",
    stream,
    '[...effects, { kind: "unknown type", typeUrl: request.typeUrl }]',
    "effects",
    stream,
  ),
  mutation("A02", stream, 'kind: "unknown type", typeUrl', 'kind: "close", typeUrl', "xds/server"),
  mutation("A03", stream, "inFlight.nonce !== nonce", "false", stream),
  mutation("A10", sub, "return subscribe.length === 0 || [", "return [", stream),
  mutation("A10", order, 'new Set(["cluster", "listener"])', 'new Set(["cluster"])', stream),
  mutation(
    "A11",
    sub,
    "(first && whole && meansWildcard(interest))",
    "(whole && meansWildcard(interest))",
    stream,
  ),
  mutation("A11", "xds/sotw", "names.length === 0 && !named", "names.length === 0", "xds/sotw"),
  mutation("A12", sub, "wildcard = false;", ";", stream),
  mutation("A14", answer, "if (subscription.wildcard)", "if (true)", stream),
  mutation(
    "A16",
    "xds/sotw",
    "names.filter((name) => !watched.has(name));",
    "dropped.length > 0 ? names : names.filter((name) => !watched.has(name));",
    "xds/sotw",
  ),
  mutation("A16", sub, "if (!known)", "if (!known && !held.has(name))", "xds/sotw"),
  mutation(
    "A17 A25",
    "xds/sotw",
    "!answers && subscription.nonce",
    "subscription.nonce",
    "xds/sotw",
  ),
  mutation("A25", stream, "inFlight.nonce !== nonce", "false", "xds/sotw"),
  mutation(
    "A20",
    "xds/variant",
    'variant === "sotw" && watchedWhole.has(type)',
    'variant === "sotw"',
    "xds/sotw",
  ),
  mutation("A23", "xds/whole", 'return hash.digest("hex");', 'return "same";', "xds/sotw"),
  mutation(
    "A23",
    "snapshot/view",
    'return hash.digest("hex");',
    "return String(Math.random());",
    "snapshot/references",
  ),
  mutation(
    "A32",
    sub,
    "owesFirst: false, inFlight, nonce };",
    "owesFirst: false, inFlight, nonce, names: new Set([...subscription.names].filter((name) => !removed.includes(name))) };",
    "xds/delta",
  ),
  {
    of: ["A33"],
    file: answer,
    change: [
      ["if (!knowsDifferences(held))", "if (true)"],
      ["held.get(resource.name) !== resource.version", "true"],
    ],
    tests: "xds/delta",
  },
  mutation("A33", sub, "taken, inFlight.removed)", "taken, [])", "xds/delta"),
  mutation(
    "A36",
    stream,
    "const taken = take(settled.next, type, request);",
    'const stale = request.nonce !== "" && settled.effects.length === 0;\n    const taken = stale ? settled.next : take(settled.next, type, request);',
    "xds/delta",
  ),
  mutation(
    "A37",
    answer,
    "return everything(subscription, permitted);",
    "return undefined;",
    "xds/sotw",
  ),
  mutation("A38", sub, "of interest.initialVersions)", "of [])", "xds/delta"),
  mutation(
    "A38",
    sub,
    "first && whole && interest.initialVersions.has(name)",
    'first && interest.initialVersions.has(name) && !names.has("*")',
    "xds/delta",
  ),
  mutation(
    "A40",
    "snapshot/snapshot-of",
    'createHash("sha256").update(body)',
    'createHash("sha256")',
    "snapshot/snapshot-of",
  ),
  ...later("secret", "changes"),
  ...later("extension", "changes"),
  ...later("listener", "both"),
  mutation(
    "A50",
    order,
    '{ type: "cluster", part: "changes", after: [] }',
    '{ type: "cluster", part: "both", after: [] }',
    order,
  ),
  mutation(
    "A51",
    stream,
    "[...renewed].filter((name) => endpoint.names.has(name))",
    "[...endpoint.names]",
    order,
  ),
  mutation("A52", "xds/gate", "isThere(cluster, name) && needed", "needed", order),
  mutation("A52", "xds/gate", " && needed.every((each) => isThere(endpoint, each))", "", order),
  mutation(
    "A52",
    order,
    '{ type: "cluster", part: "removals", after: ["listener", "route", "extension"] }',
    '{ type: "cluster", part: "removals", after: ["listener", "extension"] }',
    order,
  ),
  mutation(
    "A52",
    order,
    '{ type: "cluster", part: "removals", after: ["listener", "route", "extension"] }',
    '{ type: "cluster", part: "removals", after: ["route", "extension"] }',
    order,
  ),
  mutation(
    "A52",
    "xds/gate",
    "step.after.every((type) => letGo(stream, view, type))",
    "true",
    order,
  ),
  mutation(
    "A60",
    stream,
    'if (type === "cluster")',
    'if (type === "secret")\n            next = withType(next, { ...next.types.listener, owed: new Set(next.types.listener.held.keys()) });\n        if (type === "cluster")',
    order,
  ),
  mutation(
    "A60",
    answer,
    "if (subscription.wildcard)",
    'if (subscription.wildcard || subscription.type === "secret")',
    order,
  ),
  mutation("A70", "xds/refusals", "byNode.set(key(node), refused);", ";", "xds/refusals"),
  mutation(
    "A70",
    "xds/ads-stream",
    "around.refusals.note(node, type,",
    "void (node, type,",
    "xds/server",
  ),
  mutation("A72", sub, "suspects.delete(name);", "", "xds/refused"),
  mutation("A72", answer, "? changes.slice(0, 1) :", "? changes :", "xds/refused"),
  mutation("A73", "xds/sotw", "if (refusal !== undefined)", "if (false)", "xds/sotw-order"),
  mutation(
    "B03",
    stream,
    'effects.push({ kind: "send", response });',
    'if (effects.length === 5)\n            continue;\n        effects.push({ kind: "send", response });',
    "xds/bugs-of-others",
  ),
];

/** A step of a push that comes after all others. */
function later(type: string, part: string): readonly Mutation[] {
  const step = `{ type: "${type}", part: "${part}", after: [] },`;
  const last = '{ type: "route", part: "changes", after: [] },';
  return [
    {
      of: ["A50"],
      file: order,
      change: [
        [step, ""],
        [last, `${last} ${step}`],
      ],
      tests: order,
    },
  ];
}
