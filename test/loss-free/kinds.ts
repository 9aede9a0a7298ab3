// The kinds of change that must lose nothing, each as it is made once, for the time given.

import { attachGuest } from "./change-agents.ts";
import { renewDevCertificate, rotateCertificateFile } from "./change-certificates.ts";
import { replaceCluster } from "./change-clusters.ts";
import { restartControlPlane } from "./change-control-plane.ts";
import { drainInstance, killInstance, killSidecar, rollInstance } from "./change-instances.ts";
import { rotateIssuerKey, rotateSigningKey } from "./change-keys.ts";
import { changeLimits, moveRoutes } from "./change-routes.ts";
import { moveWeights } from "./change-weights.ts";
import type { Obeyed } from "./obeyed.ts";
import type { World } from "./world.ts";

/** What a change is made with. */
export interface Changing {
  readonly world: World;
  /** Counted from 1. */
  readonly time: number;
  /** Whose tokens calls have from here on; resolves once all calls with others are over. */
  readonly callAs: (token: () => string) => Promise<void>;
  /** Told of each save after which it was seen when calls obeyed it. */
  readonly obeyed: (obeyed: Obeyed) => void;
}

/** One kind of change. */
export interface Kind {
  /** What a report calls it. */
  readonly name: string;
  /** Who is called meanwhile, beside `echo`. */
  readonly called: readonly string[];
  /** Who streams meanwhile. Default: `counting`, whose route leads to `counter`. */
  readonly streaming?: readonly string[];
  change(changing: Changing): Promise<void>;
}

/** All of them. */
export const kinds = {
  routes: { name: "routes move", called: ["moved", "moved"], change: moveRoutes },
  clusters: {
    name: "clusters are replaced",
    called: ["moved", "swapped"],
    streaming: ["counting", "swapped"],
    change: replaceCluster,
  },
  instances: {
    name: "instances come and drain",
    called: ["late", "late", "late"],
    change: drainInstance,
  },
  kills: {
    name: "instances are killed",
    called: ["late", "late", "late"],
    change: killInstance,
  },
  rolls: {
    name: "three instances are replaced, one by one",
    called: ["late", "late", "late"],
    change: rollInstance,
  },
  sidecars: {
    name: "sidecars are killed, and started again by their agents",
    called: ["late", "late", "late"],
    change: killSidecar,
  },
  weights: {
    name: "the weight of a version goes from 0 to 100 and back",
    called: ["moved"],
    change: moveWeights,
  },
  restarts: {
    name: "the control plane is killed, and started again",
    called: ["late", "moved"],
    change: restartControlPlane,
  },
  certificateFiles: {
    name: "the gateway's certificate is replaced, by file",
    called: ["moved"],
    change: rotateCertificateFile,
  },
  devCertificates: {
    name: "the gateway's own certificate is renewed, the control plane killed before",
    called: ["moved"],
    change: renewDevCertificate,
  },
  signingKeys: { name: "the signing key is rotated", called: ["moved"], change: rotateSigningKey },
  issuerKeys: {
    name: "the keys of another issuer change, in their file",
    called: ["moved"],
    change: rotateIssuerKey,
  },
  limits: { name: "limits and budgets change", called: ["moved", "late"], change: changeLimits },
  agents: {
    name: "agents with methods of their own come and go",
    called: ["moved"],
    change: attachGuest,
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** How often each kind of change is made. */
export type Times = Readonly<Record<keyof typeof kinds, number>>;
