// An instance that is stopped answers nothing and ends nothing: its sidecar finds out, and its calls go elsewhere.

import { expect } from "chai";
import { attachAgent, callable } from "../harness/attach-agent.ts";
import { type Child, endGroup } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { listAt, textAt, valueAt } from "../harness/json.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { expectInTime } from "../harness/promised.ts";
import { asking, callRest } from "../harness/rest.ts";

/** Between the stop and the loss of the lease, in milliseconds. */
const lostMs = 5_000;
const patient = { withinMs: 30_000 } as const;

describe("an instance that is stopped, and answers nothing", function () {
  this.timeout(90_000);
  let mesh: Mesh;
  const children: Child[] = [];

  before(async () => {
    mesh = await startMesh({ listed: ["worker"] });
  });
  after(async () => {
    await Promise.all(children.map(endGroup));
    await mesh?.stop();
  });

  it("loses its lease within five seconds, and its calls go to others until it goes on", async () => {
    const stopped = start();
    await callable(mesh, "worker", "Hello");
    const [of] = await instances();
    if (of === undefined) throw new Error("no worker");
    start();
    const other = await eventually(async () => {
      const found = (await instances()).find(({ address }) => address !== of.address);
      if (found === undefined) throw new Error("one worker only");
      return found;
    });
    await eventually(async () => {
      expect(await atEdge(other.address)).to.include({ asked: true });
    });
    await both([of.address, other.address]);

    const since = performance.now();
    process.kill(stopped.pid, "SIGSTOP");
    await eventually(async () => {
      expect(await instances()).to.deep.include({ ...of, lease: "lost", healthy: false });
    }, patient);
    expectInTime("until its lease is lost", performance.now() - since, lostMs);
    await eventually(async () => {
      expect(await atEdge(of.address)).to.include({ asked: false });
    });
    const { requests } = await atEdge(other.address);
    for (let call = 0; call < 12; call += 1) expect(await calls()).to.equal(200);
    expect((await atEdge(other.address)).requests - requests).to.equal(12);
    expect(await instances()).to.deep.include(other);

    process.kill(stopped.pid, "SIGCONT");
    await eventually(async () => expect(await instances()).to.deep.include(of));
    await eventually(async () => {
      expect(await atEdge(of.address)).to.include({ asked: true });
    });
    await both([of.address, other.address]);
  });

  const start = (): Child => {
    const child = attachAgent(mesh, "worker");
    children.push(child);
    return child;
  };

  /** Those of the agent, as operators are shown them. */
  const instances = async (): Promise<
    readonly { readonly address: string; readonly lease: string; readonly healthy: unknown }[]
  > => {
    const page: unknown = await (await fetch(`${mesh.admin}/agents`)).json();
    return listAt(page, "agents")
      .filter((one) => textAt(one, "agent") === "worker")
      .map((one) => ({
        address: textAt(one, "address"),
        lease: textAt(one, "lease"),
        healthy: valueAt(one, "healthy"),
      }));
  };

  /** Whether the gateway's Envoy sends calls to what listens there, and how many it has sent. */
  const atEdge = async (address: string): Promise<{ asked: boolean; requests: number }> => {
    const page: unknown = await (await fetch(`${mesh.envoyAdmin}/clusters?format=json`)).json();
    const host = listAt(page, "cluster_statuses")
      .filter((cluster) => valueAt(cluster, "name") === "worker")
      .flatMap((cluster) => hostsOf(cluster))
      .find((each) => {
        const at = valueAt(each, "address", "socket_address");
        return `${valueAt(at, "address")}:${valueAt(at, "port_value")}` === address;
      });
    if (host === undefined) return { asked: false, requests: 0 };
    const total = listAt(host, "stats").find((stat) => valueAt(stat, "name") === "rq_total");
    return {
      asked: valueAt(host, "health_status", "eds_health_status") === "HEALTHY",
      requests: Number(valueAt(total, "value") ?? 0),
    };
  };

  const calls = async (): Promise<number> => {
    const call = { path: "/v1/agents/worker:invoke", token: await mesh.token() };
    return (await callRest(mesh, { ...call, body: asking("Hello") })).status;
  };

  /** Calls until each of them has had one more. */
  const both = async (addresses: readonly string[]): Promise<void> => {
    const before = await Promise.all(addresses.map(atEdge));
    await eventually(async () => {
      expect(await calls()).to.equal(200);
      const after = await Promise.all(addresses.map(atEdge));
      for (const [index, { requests }] of after.entries()) {
        expect(requests).to.be.above(before[index]?.requests ?? 0);
      }
    });
  };
});

/** Envoy leaves the list out where it is empty. */
function hostsOf(cluster: unknown): readonly unknown[] {
  return valueAt(cluster, "host_statuses") === undefined ? [] : listAt(cluster, "host_statuses");
}
