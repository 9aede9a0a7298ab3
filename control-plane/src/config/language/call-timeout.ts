// `timeout`: how long a call may take, to an agent or to a host outside the mesh.

import { optional } from "../schema/object.ts";
import { duration } from "../schema/scalars.ts";
import { standardTimeoutMs } from "./standard-timeout.ts";

/** `timeout`. */
export const callTimeout = optional(
  duration,
  {
    about: "The longest that a call may take, a stream's whole length included.",
    example: "60s",
    standard: "5m",
  },
  () => standardTimeoutMs,
);
