// Agents' own services that gateways refuse: left out of what is served, and told of.

import type { Log } from "@smartcall/runtime";
import { createServicesTrial, type Serving } from "../rollout/index.ts";
import type { XdsServer } from "../xds/index.ts";

/**
 * Opens the trial, which says in the log and at the terminal whose services are left out.
 *
 * @param reached what it works with, as soon as it is there
 */
export function openServicesTrial(
  log: Pick<Log, "error">,
  say: (text: string) => void,
  reached: { readonly xds: () => XdsServer; readonly serving: () => Serving | undefined },
): ReturnType<typeof createServicesTrial> {
  const trial = createServicesTrial({
    xds: { progress: () => reached.xds().progress() },
    serving: reached.serving,
    defer: setImmediate,
    said(refused) {
      const { agent, node, services, words } = refused;
      log.error(refused, "a gateway refuses an agent's own services: they are left out");
      say(
        `The gateway ${node} refuses what the agent ${agent} brought of ${services.join(", ")}: ${words}.\nThe mesh is served without these services until the agent brings other descriptors: make them anew with protoc, and start it again.`,
      );
    },
  });
  return {
    of: trial.of,
    moved() {
      reached.serving()?.moved();
      trial.moved();
    },
  };
}
