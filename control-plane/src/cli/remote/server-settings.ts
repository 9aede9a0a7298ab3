// The settings of every command that talks to a control plane.

import type { SettingValues } from "@smartcall/runtime";

/** Which control plane it is, and how to talk to it. */
export const serverSettings = ["server", "token", "trust", "stateFolder"] as const;

/** Their values. */
export type ServerSettings = Pick<SettingValues, (typeof serverSettings)[number]>;
