// What each process of a mesh finds in its environment: a secret only where it is needed.

import { formatAddress, parentVariable, settings } from "@smartcall/runtime";
import type { Layout } from "./plans.ts";

/** Who needs a secret that the environment may hold. */
export type SecretsFor = "control plane" | "quota" | "nobody";

/** The variables of a process of the mesh that `smartcall up` runs. */
export function environmentOf(layout: Layout, needed: SecretsFor): NodeJS.ProcessEnv {
  const { keyVariables } = layout;
  const withheld = needed === "control plane" ? [] : keyVariables;
  const { [settings.redisUrl.variable]: redisUrl, ...env } = layout.env;
  return {
    ...withoutSecrets(env, withheld),
    ...(needed === "quota" && { [settings.redisUrl.variable]: redisUrl }),
    [settings.stateFolder.variable]: layout.stateFolder,
    [settings.meshFile.variable]: layout.meshFile,
    [settings.controlPlane.variable]: formatAddress(layout.controlPlane),
    [settings.adminAddress.variable]: formatAddress(layout.admin),
    [settings.envoyAdminAddress.variable]: formatAddress(layout.envoyAdmin),
    [settings.logLevel.variable]: layout.logLevel,
    [parentVariable]: `${process.pid}`,
  };
}

/**
 * What is left of an environment for a process that needs no secret of ours.
 *
 * @param others further variables that it is not to have
 */
export function withoutSecrets(
  env: NodeJS.ProcessEnv,
  others: Iterable<string> = [],
): NodeJS.ProcessEnv {
  const withheld = new Set([...ownSecrets, ...others]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.has(name)));
}

const ownSecrets = Object.values(settings)
  .filter(({ secret }) => secret === true)
  .map(({ variable }) => variable);
