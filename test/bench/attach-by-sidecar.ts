// An instance that holds a lease by a simulated sidecar; nothing listens for its calls.
import { credentials, Metadata } from "@grpc/grpc-js";
import { LeaseServiceClient, leasePb } from "@smartcall/protos";
import { openNode } from "./xds-node.ts";

/** One that is attached. */
export interface AttachedInstance {
  /** Says that it is well, or not. */
  health(serving: boolean): void;
  /** Gives up its lease, and its sidecar ends. */
  end(): void;
}

/** Connects the sidecar, then attaches by it; resolves once gateways know. */
export async function attachBySidecar(
  agent: string,
  { port, joinToken }: { readonly port: number; readonly joinToken: string },
): Promise<AttachedInstance> {
  const id = `${agent}/bench`;
  const node = openNode({ id, port, joinToken, sidecar: { agent, inboundPort: 9_999 } });
  const client = new LeaseServiceClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${joinToken}`);
  // As a sidecar adds it.
  metadata.set("smartcall-node", id);
  const stream = client.hold(metadata);
  const who = new leasePb.Attach();
  who.setAgent(agent);
  who.setInstance("bench");
  const report = new leasePb.LeaseReport();
  report.setAttach(who);
  const attached = new Promise((resolve, reject) => {
    stream.once("data", resolve);
    stream.on("error", reject);
  });
  stream.write(report);
  await attached;
  return {
    health(serving) {
      const changed = new leasePb.LeaseReport();
      const health = new leasePb.InstanceHealth();
      health.setServing(serving);
      changed.setHealth(health);
      stream.write(changed);
    },
    end() {
      stream.cancel();
      client.close();
      node.close();
    },
  };
}
