// What a control plane answers, as far as the command line reads it; checked where it comes in.

import { Ajv, type ValidateFunction } from "ajv";
import type { Reach } from "../../source/instance.ts";

/** `GET /nodes`. */
export interface NodesAnswer {
  readonly nodes: readonly NodeAnswer[];
  /** What they are given; an earlier control plane does not say. */
  readonly mesh?: MeshAnswer;
}

/** What gateways are given, and what is refused. */
export interface MeshAnswer {
  /** `since` is as RFC 3339. */
  readonly served?: { readonly hash: string; readonly since: string };
  /** Why the file as it stands is not served. */
  readonly refused?: { readonly since?: string; readonly problems: readonly string[] };
}

/** One gateway. */
export interface NodeAnswer {
  readonly node: string;
  /** Where it is not connected: since when (RFC 3339), and how many revocations it has missed. */
  readonly cutOff?: { readonly since: string; readonly revocations: number };
  /** How many it has not taken where it is connected. */
  readonly revocationsMissed?: number;
  readonly streams: readonly {
    readonly envoyVersion: string;
    /** Absent where an older control plane answers; `until` (RFC 3339) only of its own token. */
    readonly joined?: { readonly by: string; readonly until?: string };
    /** RFC 3339. */
    readonly connectedSince: string;
    /** By the name of the type, such as `cluster`. */
    readonly types: Readonly<Record<string, TypeAnswer>>;
  }[];
}

/** How far a gateway is with one type. */
export interface TypeAnswer {
  /** `NOT SENT`, `STALE`, `SYNCED` or `NACKED`. */
  readonly state: string;
  readonly sentVersion?: string;
  readonly ackedVersion?: string;
  /** How long an answer has been owed. */
  readonly ageMs?: number;
  readonly lastError?: ErrorAnswer;
}

/** Why a gateway refused something. */
export interface ErrorAnswer {
  readonly message: string;
  readonly version: string;
  /** RFC 3339. */
  readonly at: string;
  readonly resources: readonly { readonly name: string; readonly origin?: PlaceAnswer }[];
}

/** A place in an operator's file. */
export interface PlaceAnswer {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `GET /mesh/files`. */
export interface FilesAnswer {
  /** None while nothing is served. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** `GET /agents`. */
export interface AgentsAnswer {
  readonly agents: readonly InstanceAnswer[];
  readonly listed: readonly ListedAnswer[];
}

/** An agent that the mesh lists. */
export interface ListedAnswer {
  readonly agent: string;
  /** Where the operator says that instances are; `from` is `static` or `dns`. */
  readonly addresses: readonly { readonly from: string; readonly address: string }[];
  /** The agents that it may call. */
  readonly calls: readonly string[];
  /** Whether only other agents reach it. */
  readonly hidden: boolean;
}

/** One instance of an agent. */
export interface InstanceAnswer {
  readonly agent: string;
  readonly instance: string;
  readonly address: string;
  /** How it is reached there; absent, in the clear. */
  readonly reach?: Reach;
  readonly healthy: boolean;
  readonly version: string;
  readonly zone: string;
  readonly lease: string;
  /** RFC 3339. */
  readonly since: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The calls that it runs, and those that wait in it. */
  readonly running?: number;
  readonly waiting?: number;
}

/** One line of what `POST /mesh/apply` answers. */
export interface StepAnswer {
  /** `checked`, `staged`, `acked`, `saved`, `unchanged` or `refused`. */
  readonly step: string;
  readonly hash?: string;
  readonly warnings?: readonly string[];
  readonly node?: string;
  readonly nodes?: readonly string[];
  /** Gateways that were given it, and have not answered yet. */
  readonly silent?: readonly string[];
  /** Gateways that refuse a part of it, as they did before. */
  readonly refusing?: readonly string[];
  /** Gateways that are not back on what they had before it was refused. */
  readonly astray?: readonly string[];
  /** Of `refused`: `check`, `gateway` or `server`. */
  readonly by?: string;
  readonly problems?: readonly string[];
  /** Envoy's words. */
  readonly envoy?: string;
  readonly at?: PlaceAnswer;
}

const text = { type: "string" };
const texts = { type: "array", items: text };
const place = object({ file: text, line: { type: "integer" }, column: { type: "integer" } });
const error = object({
  message: text,
  version: text,
  at: text,
  resources: list(object({ name: text }, { origin: place })),
});
const type = object(
  { state: text },
  { sentVersion: text, ackedVersion: text, ageMs: { type: "number" }, lastError: error },
);
const types = { type: "object", additionalProperties: type };
const joined = object({ by: text }, { until: text });
const stream = object({ envoyVersion: text, connectedSince: text, types }, { joined });
const number = { type: "number" };
const cutOff = object({ since: text, revocations: number });
const instance = object(
  {
    agent: text,
    instance: text,
    address: text,
    healthy: { type: "boolean" },
    version: text,
    zone: text,
    lease: text,
    since: text,
  },
  {
    reach: { enum: ["sidecar", "authority", "plain"] },
    labels: { type: "object", additionalProperties: text },
    running: number,
    waiting: number,
  },
);

const listed = object({
  agent: text,
  addresses: list(object({ from: text, address: text })),
  calls: texts,
  hidden: { type: "boolean" },
});

const ajv = new Ajv({ strict: true });

const meshAnswer = object(
  {},
  {
    served: object({ hash: text, since: text }),
    refused: object({ problems: texts }, { since: text }),
  },
);

export const isNodesAnswer: ValidateFunction<NodesAnswer> = ajv.compile<NodesAnswer>(
  object(
    {
      nodes: list(
        object({ node: text, streams: list(stream) }, { cutOff, revocationsMissed: number }),
      ),
    },
    { mesh: meshAnswer },
  ),
);
export const isFilesAnswer: ValidateFunction<FilesAnswer> = ajv.compile<FilesAnswer>(
  object({ files: list(object({ name: text, text })) }),
);
export const isAgentsAnswer: ValidateFunction<AgentsAnswer> = ajv.compile<AgentsAnswer>(
  object({ agents: list(instance), listed: list(listed) }),
);
export const isStepAnswer: ValidateFunction<StepAnswer> = ajv.compile<StepAnswer>(
  object(
    { step: text },
    {
      hash: text,
      warnings: texts,
      node: text,
      nodes: texts,
      silent: texts,
      refusing: texts,
      astray: texts,
      by: text,
      problems: texts,
      envoy: text,
      at: place,
    },
  ),
);

type Schema = Readonly<Record<string, unknown>>;

/** More than what is named may be there: a later control plane says more. */
function object(required: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema {
  return {
    type: "object",
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

function list(items: Schema): Schema {
  return { type: "array", items };
}
