// The door: the status of every node.

export {
  gatewaysName,
  type KnownGateways,
  parseGateways,
  printGateways,
  withConnected,
  withCutOff,
  withoutGateway,
} from "./cut-off.ts";
export { type NodeRow, nodeRows, type StreamRow, type TypeRow } from "./nodes.ts";
export {
  noteEvent,
  type Status,
  type StreamStatus,
  type TypeStatus,
} from "./status.ts";
export {
  connectedGateways,
  createTakenRevocations,
  type TakenRevocations,
} from "./taken-revocations.ts";
