// The door: the status of every node.

export { type NodeRow, nodeRows, type StreamRow, type TypeRow } from "./nodes.ts";
export {
  emptyStatus,
  type Status,
  type StreamStatus,
  type TypeStatus,
  withEvent,
} from "./status.ts";
