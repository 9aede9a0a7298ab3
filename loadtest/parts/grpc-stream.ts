// One streamed call by gRPC, on the connection that its caller keeps.
import { check } from "k6";
import { Trend } from "k6/metrics";
import grpc from "k6/net/grpc";
import { type Heard, hear, nothingHeard } from "../../test/load/heard.ts";
import { root, token, url } from "./settings.ts";

const firstEvent = new Trend("first_event_by_grpc", true);
const ofAToken = new Trend("time_of_a_token_by_grpc", true);

const client = new grpc.Client();
client.loadProtoset(`${root}/protos/gen/smartcall.binpb`);
const metadata = { authorization: `Bearer ${token}`, "smartcall-agent": "ticker" };
let connected = false;

/** Asks the agent `ticker`, and reads to the end; the answer is to be whole, with so many tokens. */
export async function streamByGrpc(ask: object, tokens: number): Promise<void> {
  if (!connected) client.connect(url.replace("https://", ""));
  connected = true;
  const heard = await read(ask);
  if (heard.wrong !== undefined) console.error(`by gRPC: ${heard.wrong}`);
  firstEvent.add(heard.firstMs);
  ofAToken.add(heard.lastMs / tokens);
  check(heard, {
    "by gRPC is whole": ({ whole }) => whole,
    "by gRPC has every token": ({ pieces }) => pieces === tokens,
  });
}

function read(ask: object): Promise<Heard> {
  const begin = Date.now();
  let heard = nothingHeard;
  const stream = new grpc.Stream(client, "smartcall.v1.AgentService/Stream", { metadata });
  return new Promise((resolve) => {
    stream.on("data", (event) => {
      heard = hear(heard, event, Date.now() - begin);
    });
    stream.on("error", (error) => {
      heard = { ...heard, wrong: JSON.stringify(error) };
      resolve(heard);
    });
    stream.on("end", () => resolve(heard));
    stream.write(ask);
    stream.end();
  });
}
