// A short run of each kind of change, beside whatever else a machine does; `loss-free-long.test.ts` is the full one.
// It tells how often the machine managed to call; only the long run demands 200 calls a second.
import { losesNothing } from "./loss-free.ts";

losesNothing(
  {
    routes: 3,
    clusters: 3,
    instances: 2,
    kills: 2,
    rolls: 3,
    sidecars: 2,
    weights: 1,
    restarts: 1,
    certificateFiles: 3,
    devCertificates: 1,
    signingKeys: 1,
    issuerKeys: 3,
    limits: 5,
    agents: 2,
  },
  { perSecond: 80, least: 20 },
);
