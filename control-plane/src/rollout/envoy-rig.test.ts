// Rollouts of the small world behind TLS, to a real Envoy.

import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { type Backend, startBackend } from "../xds/envoy-sketch.test.ts";
import { freePort, type RunningEnvoy, startEnvoy } from "../xds/running-envoy.test.ts";
import { type RunningXds, startXds } from "../xds/scripted-client.test.ts";
import {
  goodGuard,
  makePair,
  type SecureWorld,
  secureCall,
  snapshotOfSecureWorld,
} from "../xds/secure-sketch.test.ts";
import type { Said } from "./rollout.ts";
import { type Rollouts, runRollouts } from "./run-rollout.ts";

/** What has become of a change. */
export type Ended = Extract<Said<SecureWorld>, { kind: "taken" | "refused" | "superseded" }>;

export class EnvoyRig {
  readonly good: SecureWorld;
  readonly said: Said<SecureWorld>[] = [];
  readonly #backend: Backend;
  readonly #running: RunningXds;
  readonly #rollouts: Rollouts<SecureWorld>;
  #envoy: RunningEnvoy | undefined;
  #wake = (): void => undefined;

  constructor(good: SecureWorld, backend: Backend, running: RunningXds) {
    this.good = good;
    this.#backend = backend;
    this.#running = running;
    const options = {
      xds: running.xds,
      clock: systemClock,
      snapshotOf: snapshotOfSecureWorld,
      said: (what: Said<SecureWorld>) => {
        this.said.push(what);
        this.#wake();
      },
      broken: (problems: readonly string[]) => expect.fail(problems.join()),
      defer: setImmediate,
    };
    this.#rollouts = runRollouts(options, good, undefined);
    this.#rollouts.start();
  }

  /** Serves a good world, of which the answer is `one as first`, to nobody yet. */
  static async start(): Promise<EnvoyRig> {
    let moved = (): void => undefined;
    const running = await startXds({ moved: () => moved() });
    const backend = await startBackend("one");
    const good = {
      listenOn: await freePort(),
      clusters: { one: [backend.port] },
      to: "one",
      pair: await makePair("first"),
      guard: goodGuard,
    };
    const rig = new EnvoyRig(good, backend, running);
    moved = () => rig.#rollouts.moved();
    return rig;
  }

  async connect(): Promise<void> {
    this.#envoy = await startEnvoy(this.#running.port, "edge");
  }

  /** Kills the gateway. */
  async kill(): Promise<void> {
    await this.#envoy?.stop();
    this.#envoy = undefined;
  }

  propose(candidate: SecureWorld): Promise<Ended> {
    this.#rollouts.propose(candidate);
    return this.ended(candidate);
  }

  /** How a change ends, if it has not. */
  async ended(candidate: SecureWorld): Promise<Ended> {
    for (;;) {
      for (const said of this.said) {
        if (said.kind === "staged" || said.kind === "proven" || said.kind === "doubted") continue;
        if (said.candidate === candidate) return said;
      }
      await new Promise<void>((resolve) => {
        const before = this.#wake;
        this.#wake = () => {
          before();
          resolve();
        };
      });
    }
  }

  /** What a refused candidate is refused for, such as `secret cert`. */
  async refusedFor(candidate: SecureWorld): Promise<readonly string[]> {
    const end = await this.propose(candidate);
    if (end.kind !== "refused" || end.refusal.by !== "gateway") return expect.fail(end.kind);
    expect(end.astray).to.deep.equal([]);
    return end.refusal.resources.map(({ type, name }) => `${type} ${name}`);
  }

  /** Waits until a call on a port is answered so. */
  async answers(port: number, answer: string | RegExp): Promise<void> {
    const end = Date.now() + 8000;
    for (;;) {
      const got = await secureCall(port);
      if (typeof answer === "string" ? got === answer : answer.test(got)) return;
      if (Date.now() > end) expect(got, `on port ${port}`).to.equal(String(answer));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** What the gateway refuses, such as `listener edge`; undefined while it has not answered. */
  refused(): readonly string[] | undefined {
    const [progress] = this.#running.xds.progress();
    if (progress?.answered !== true) return undefined;
    return progress.refused.map(({ type, name }) => `${type} ${name}`);
  }

  /** The gateway holds what is good, and refuses nothing any more. */
  async expectAllGood(): Promise<void> {
    await this.answers(this.good.listenOn, "one as first");
    expect(this.refused()).to.deep.equal([]);
  }

  async stop(): Promise<void> {
    this.#rollouts.close();
    await this.kill();
    this.#running.stop();
    this.#backend.stop();
  }
}
