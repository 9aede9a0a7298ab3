// A program that floods a control plane until it is ended, and says each second what it has.
import { readFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { adsClient, askAds } from "./ask-ads.ts";

const [, , kind = "", at = "", caFile = "", token = ""] = process.argv;
const [host = "", port = ""] = at.split(":");
let tried = 0;
let open = 0;
const told = new Map<string, number>();

const floods: Readonly<Record<string, () => Promise<void>>> = {
  /** Connections that say nothing at all. */
  async silent() {
    await each(() => keep(connect(Number(port), host).resume()));
  },
  /** TLS and HTTP/2, and never a request. */
  async idle() {
    await each(() => keep(connectHttp2(`https://${at}`, { rejectUnauthorized: false })));
  },
  /** Streams of one token, each as another instance at another port. */
  async streams() {
    const ca = caFile === "" ? undefined : readFileSync(caFile, "utf8");
    const clients = Array.from({ length: 14 }, () => adsClient({ at, ca }));
    await each((number) => {
      const node = {
        id: `flood/${number}`,
        cluster: "agent/flood",
        metadata: { inbound_port: 1_024 + (number % 60_000) },
      };
      const client = clients[number % clients.length] ?? adsClient({ at, ca });
      const stream = askAds({ at, token, node, client });
      void stream.told.then((what) => told.set(what, (told.get(what) ?? 0) + 1));
    });
  },
};

setInterval(() => {
  console.log(JSON.stringify({ tried, open, ...Object.fromEntries(told) }));
}, 1_000);
await floods[kind]?.();

/** About 300 a second. */
async function each(act: (number: number) => void): Promise<void> {
  for (;;) {
    for (let now = 0; now < 6; now++) act(tried++);
    await sleep(20);
  }
}

function keep(connection: {
  on(event: "error" | "close", act: () => void): unknown;
  once(event: "connect", act: () => void): unknown;
}): void {
  let counted = false;
  connection.on("error", () => undefined);
  connection.once("connect", () => {
    counted = true;
    open += 1;
  });
  connection.on("close", () => {
    if (counted) open -= 1;
    counted = false;
  });
}
