// A short run of each kind of change, beside whatever else a machine does; `loss-free-long.test.ts` is the full one.
// It tells how often the machine managed to call; only the long run demands 200 calls a second.
import { losesNothing } from "./loss-free.ts";

losesNothing(
  {
    routes: 2,
    clusters: 2,
    instances: 1,
    kills: 1,
    rolls: 2,
    sidecars: 1,
    weights: 1,
    restarts: 1,
    certificateFiles: 2,
    devCertificates: 1,
    signingKeys: 1,
    issuerKeys: 2,
    limits: 3,
    agents: 1,
  },
  { perSecond: 40, least: 15, longestStallMs: 4_500 },
);
