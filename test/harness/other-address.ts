// An address by which this machine reaches itself as another machine would.
import { networkInterfaces } from "node:os";

/** One of its own that is not loopback: who connects to it comes from it. */
export function otherAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((of = []) => of);
  const found = all.find(({ family, internal }) => family === "IPv4" && !internal);
  if (found === undefined) {
    throw new Error("This machine has no address but loopback: give it one for this test.");
  }
  return found.address;
}
