// The door: the xDS server, and what it tells those who watch.

export type { RefusedPart } from "./ads-stream.ts";
export type { ConnectRate } from "./connect-rate.ts";
export type { Convergence } from "./convergence.ts";
export { createDoor, type Door } from "./door.ts";
export type { RefusedResource, StreamEvent, XdsEvent } from "./event.ts";
export type { XdsLog } from "./event-log.ts";
export { listenForNodes, listenOnSocket, securePort } from "./listen.ts";
export { createNodeViews } from "./node-views.ts";
export { openFilesLimit } from "./open-files.ts";
export type { Ahead, Published } from "./publisher.ts";
export type { Node } from "./request.ts";
export { createXdsServer, type NodeProgress, type XdsOptions, type XdsServer } from "./server.ts";
export { sidecarOf } from "./sidecar-of.ts";
export type { Variant } from "./variant.ts";
export { aggregatedDiscovery, xdsServerOptions } from "./wire.ts";
