// A program that finds an agent by xDS, without Envoy: `node proxyless-caller.js AGENT` calls it
// until SIGTERM, then tells how often and what failed. GRPC_XDS_BOOTSTRAP_CONFIG says where to ask.
import { credentials, Metadata } from "@grpc/grpc-js";
import { register } from "@grpc/grpc-js-xds";
import { AgentServiceClient } from "@smartcall/protos";
import { pause } from "./eventually.ts";
import { saying } from "./grpc.ts";

register();
const [agent = ""] = process.argv.slice(2);
const client = new AgentServiceClient(`xds:///${agent}`, credentials.createInsecure());
const failures = new Set<string>();
let calls = 0;
let over = false;
process.once("SIGTERM", () => {
  over = true;
});
while (!over) {
  const answer = await call();
  if (calls === 0) console.info(`first: ${answer}`);
  calls += 1;
  await pause(10);
}
console.info(`calls: ${calls}, failures: ${JSON.stringify([...failures])}`);
process.exit();

function call(): Promise<string> {
  return new Promise((resolve) => {
    const patience = { deadline: Date.now() + 20_000 };
    client.invoke(saying("hello"), new Metadata(), patience, (error, response) => {
      if (error !== null) failures.add(error.message);
      resolve(error?.message ?? response?.getMessage()?.getContent() ?? "");
    });
  });
}
