// The door: messages as bytes.

export { encode } from "./encode.ts";
