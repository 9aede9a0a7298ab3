// Whether the control plane's real process goes on serving others while it is attacked.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type BenchedControlPlane, startControlPlane } from "../bench/xds-control-plane.ts";
import { openNode } from "../bench/xds-node.ts";
import { eventually } from "../harness/eventually.ts";
import { attack, attackNode } from "./malformed.ts";

/** How far the heap may have moved after an attack, in MB: code that was compiled, what is remembered. */
const slackMegabytes = 25;

/** Attacks it with so many messages and frames, in rounds; throws where anything suffers from it. */
export async function survives(messages: number, rounds: number, seed: number): Promise<void> {
  const plane = await startControlPlane(20, "debug");
  try {
    await plane.listening();
    const joinToken = await plane.joinToken();
    const { port } = plane;
    let told = 0;
    let cutOff = 0;
    const witness = openNode({
      id: "witness",
      port,
      joinToken,
      told: (type, { resources }) => {
        if (type === "endpoint" && resources.some(({ name }) => name === "echo")) told += 1;
      },
      ended: () => {
        cutOff += 1;
      },
    });
    const instance = await plane.attach();
    // The attack's own, so that its reports are read and not refused at the door.
    const attacked = openNode({
      id: attackNode,
      port,
      joinToken,
      sidecar: { agent: "echo", inboundPort: 9_998 },
    });
    await eventually(() => expect(witness.served()).to.equal(true));
    await attack({ port, joinToken, seed, messages: Math.ceil(messages / 20) });
    const before = await plane.held();
    for (let round = 0; round < rounds; round++) {
      const share = Math.ceil(messages / rounds);
      await attack({ port, joinToken, seed: seed + round + 1, messages: share });
      const known = told;
      instance.health(round % 2 === 1);
      const where = `seed ${seed + round + 1}, after ${share} messages`;
      await eventually(() => expect(told, where).to.be.greaterThan(known));
      expect(cutOff, where).to.equal(0);
    }
    expect(plane.alive()).to.equal(true);
    await eventually(async () => {
      const after = await plane.held();
      // The witness's, the instance's, and two sidecars'.
      expect(after.open["TCPSocketWrap"]).to.equal(4);
      expect(after.heapMegabytes).to.be.below(before.heapMegabytes + slackMegabytes);
      expect(after.bufferMegabytes).to.be.below(before.bufferMegabytes + slackMegabytes);
    });
    instance.end();
    attacked.close();
    witness.close();
    expectNoSecrets(plane, joinToken);
  } finally {
    await plane.stop();
  }
}

/** In a log of all that happened, at its most talkative. */
function expectNoSecrets({ stateFolder, log }: BenchedControlPlane, joinToken: string): void {
  const files = readdirSync(stateFolder, { recursive: true, encoding: "utf8" })
    .map((name) => join(stateFolder, name))
    .filter((path) => statSync(path).isFile());
  const texts = files.map((path) => readFileSync(path, "utf8"));
  const privateKeys = texts.flatMap((text) =>
    [...text.matchAll(/PRIVATE KEY-----(?:\\n|\r?\n)([A-Za-z0-9+/]{40,64})/g)].map(
      ([, line = ""]) => line,
    ),
  );
  const signing = texts.flatMap((text) =>
    [...text.matchAll(/"d": ?"([^"]+)"/g)].map(([, d = ""]) => d),
  );
  expect(privateKeys.length + signing.length).to.be.greaterThan(1);
  const logged = log();
  expect(logged).to.include("xDS: sent");
  for (const secret of [joinToken, ...privateKeys, ...signing]) {
    expect(secret.length).to.be.greaterThan(20);
    expect(logged.includes(secret), "a secret stands in the log").to.equal(false);
  }
}
