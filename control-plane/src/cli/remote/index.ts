// The door: the control plane that a command talks to.

export { getJson } from "./get-json.ts";
export { ask } from "./request.ts";
export { findServer, type Server } from "./server.ts";
export { type ServerSettings, serverSettings } from "./server-settings.ts";
