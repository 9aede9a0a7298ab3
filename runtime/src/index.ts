// What every Smart Call process has: its settings, its log, its end.

export { deathsAfter, waitAfter } from "./back-off.ts";
export { claimSocket, longestSocketPath } from "./claim-socket.ts";
export { type Clock, steadyClock, systemClock } from "./clock.ts";
export { longestEndMs, onEnd, onParentGone, parentVariable } from "./end.ts";
export { endByBug } from "./end-by-bug.ts";
export { freePort, isFreePort, type PortRange, passingPorts } from "./free-port.ts";
export { buildRemedy, startCommand } from "./installed.ts";
export {
  isObject,
  type JsonObject,
  listIn,
  numberIn,
  objectOf,
  parseObject,
  readObject,
  textIn,
  valueIn,
} from "./json.ts";
export { createLog, type Log } from "./log.ts";
export { type Metrics, type MetricsPage, startMetricsPage } from "./metrics-page.ts";
export { type PeerPlace, placeOfPeer } from "./peer.ts";
export { printable } from "./printable.ts";
export { problemOfTls, type TlsTrial } from "./problem-of-tls.ts";
export { type Allowance, admit, countAgainst, type Rate } from "./rate.ts";
export { type JoinTokenFile, readJoinTokenFile } from "./read-join-token.ts";
export { readSettings, type SettingSources, type SettingsResult } from "./read-settings.ts";
export { type Run, readRun, removeRun, runFile, writeRun } from "./run-file.ts";
export type { Setting } from "./setting.ts";
export {
  type Address,
  formatAddress,
  formatEndpoint,
  grpcTarget,
  isLoopback,
  type LocalEndpoint,
} from "./setting-parsers.ts";
export {
  type LogLevel,
  logLevels,
  type SettingName,
  type SettingValues,
} from "./setting-values.ts";
export { settingNames, settings } from "./settings.ts";
export { settingsPage } from "./settings-page.ts";
export { findStateFolder, stateFolderName } from "./state-folder.ts";
export {
  edgeToldBy,
  isReplaceable,
  isStuck,
  keyVariablesToldBy,
  type ServedEdge,
  tellEdge,
  tellKeyVariables,
  tellParent,
  tellReplaceable,
  tellStuck,
  toldBy,
} from "./tell-parent.ts";
