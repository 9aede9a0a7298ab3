// Each kind of change thirty times.
import { losesNothing } from "./loss-free.ts";

losesNothing(
  {
    routes: 30,
    clusters: 30,
    instances: 30,
    kills: 30,
    rolls: 30,
    sidecars: 30,
    weights: 5,
    restarts: 30,
    certificateFiles: 30,
    devCertificates: 30,
    signingKeys: 30,
    issuerKeys: 30,
    limits: 30,
    agents: 30,
  },
  { perSecond: 220, least: 200, longestStallMs: 2_500 },
);
