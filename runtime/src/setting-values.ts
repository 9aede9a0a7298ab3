// What each setting is once it has been read.

import type { Address, LocalEndpoint } from "./setting-parsers.ts";

/** How much is logged. */
export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof logLevels)[number];

/** The value of each setting. */
export interface SettingValues {
  readonly controlPlane: Address;
  readonly nodes: Address | undefined;
  readonly nodeNames: readonly string[];
  readonly joinTokenFile: string;
  readonly adminAddress: Address;
  readonly adminNames: readonly string[];
  readonly adminCertificate: string | undefined;
  readonly adminKey: string | undefined;
  readonly envoyAdminAddress: Address;
  readonly stateFolder: string;
  readonly meshFile: string;
  readonly agents: readonly string[];
  readonly envoyBin: string | undefined;
  /** In seconds. */
  readonly drain: number;
  readonly model: string | undefined;
  readonly zone: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly sidecar: Address | undefined;
  readonly quota: readonly [LocalEndpoint, ...LocalEndpoint[]];
  readonly quotaListen: LocalEndpoint | undefined;
  /** A secret. */
  readonly redisUrl: string | undefined;
  readonly gatewayFolder: string;
  readonly server: string | undefined;
  /** A secret. */
  readonly token: string | undefined;
  readonly trust: string | undefined;
  readonly logLevel: LogLevel;
}

export type SettingName = keyof SettingValues;
