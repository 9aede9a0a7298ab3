// The stories that hold promised times, with no room: for a machine that does nothing else.
import { holdStrictly } from "../harness/promised.ts";

holdStrictly();
for (const story of [
  "../edge/calls.test.ts",
  "../loss-free/killed.test.ts",
  "../xds/floods.test.ts",
  "./assistant.test.ts",
  "./control-plane-killed.test.ts",
  "./gateway.test.ts",
  "./make-up.test.ts",
  "./mesh-yaml.test.ts",
  "./one-run-is-one-tree.test.ts",
  "./planner.test.ts",
  "./sidecar-refuses.test.ts",
  "./stopped-instance.test.ts",
  "./test-cases.test.ts",
  "./the-call.test.ts",
  "./the-end-of-a-mesh.test.ts",
  "./who-may-call.test.ts",
  "./write-an-agent.test.ts",
]) {
  await import(story.replace(/\.ts$/, ".js"));
}
