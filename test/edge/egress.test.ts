// Hosts outside the mesh, called by an agent's programs through its sidecar, with OpenAI's official client.
import type { Egress } from "@smartcall/control-plane/dist/model/egress.js";
import { expect } from "chai";
import OpenAI from "openai";
import { makeIdentity } from "../harness/certificates.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { type EgressHosts, key, startEgressHosts } from "./egress-hosts.ts";

const placeholder = "placeholder";

describe("the egress of a sidecar", function () {
  this.timeout(120_000);
  let hosts: EgressHosts;

  before(async () => {
    hosts = await startEgressHosts();
    expect(hosts.sidecar.refused).to.deep.equal([]);
  });
  after(() => hosts?.stop());

  const client = (name: string) =>
    new OpenAI({ baseURL: `${hosts.sidecar.url}/${name}/v1`, apiKey: placeholder, maxRetries: 0 });
  const ask = { model: "small", messages: [{ role: "user" as const, content: "Hello" }] };

  /** Publishes `openai` with these instead. */
  const change = (more: Partial<Egress>): Promise<void> =>
    hosts.sidecar.publish([
      ...hosts.egress.filter(({ name }) => name !== "openai"),
      hosts.named("openai", more),
    ]);

  /** Calls it all the time, until the end; then none may have failed. */
  const callAllTheTime = () => {
    let over = false;
    const failures: string[] = [];
    let calls = 0;
    const caller = async (): Promise<void> => {
      while (!over) {
        const { status, text } = await hosts.call("/openai/v1/models");
        calls += 1;
        if (status !== 200) failures.push(text);
      }
    };
    const callers = [caller(), caller(), caller()];
    return {
      ends: async () => {
        over = true;
        await Promise.all(callers);
        await hosts.sidecar.publish(hosts.egress);
        expect(failures).to.deep.equal([]);
        expect(calls).to.be.greaterThan(20);
      },
    };
  };

  it("answers the official client, which has a placeholder, while the provider sees the key", async () => {
    const answer = await client("openai").chat.completions.create(ask);
    expect(answer.choices[0]?.message.content).to.equal("Paris.");
    const request = hosts.provider.requests.at(-1);
    expect(request).to.include({ method: "POST", path: "/v1/chat/completions" });
    expect(request?.headers["authorization"]).to.equal(`Bearer ${key}`);
    expect(JSON.stringify(request)).not.to.contain(placeholder);
  });

  it("speaks HTTP/2 with a host that does, and HTTP/1.1 with one that does not", async () => {
    await client("openai").chat.completions.create(ask);
    const request = hosts.provider.requests.at(-1);
    expect(request?.httpVersion).to.equal("2.0");
    expect(request?.headers).to.include({
      ":authority": `localhost:${hosts.provider.port}`,
      ":scheme": "https",
    });
    await client("old").chat.completions.create(ask);
    const older = hosts.oldProvider.requests.at(-1);
    expect(older?.httpVersion).to.equal("1.1");
    expect(older?.headers["host"]).to.equal(`localhost:${hosts.oldProvider.port}`);
    expect(older?.headers["authorization"]).to.equal(`Bearer ${key}`);
  });

  it("passes each word of a stream on as it comes", async () => {
    const stream = await client("openai").chat.completions.create({ ...ask, stream: true });
    const words: string[] = [];
    const times: number[] = [];
    for await (const chunk of stream) {
      words.push(chunk.choices[0]?.delta.content ?? "");
      times.push(performance.now());
    }
    expect(words).to.deep.equal(["Paris", " it", " is"]);
    // They were said 300 ms apart: held back they would come together.
    const [first = 0, , last = 0] = times;
    expect(last - first).to.be.greaterThan(400);
  });

  it("sends nothing of the mesh, nothing that the agent says it is, and nothing that Envoy adds", async () => {
    const said = {
      authorization: "Bearer of-the-first-caller",
      "x-api-key": "of-the-first-caller",
      "proxy-authorization": "of-the-first-caller",
      "smartcall-claims": "of-the-first-caller",
      smartcall_subject: "of-the-first-caller",
      "x-request-id": "of-the-mesh",
      "x-forwarded-for": "192.0.2.1",
      forwarded: "for=192.0.2.1",
      "x-envoy-upstream-rq-timeout-ms": "1",
      "x-own": "kept",
    };
    for (const name of ["openai", "old", "anthropic", "public"]) {
      const { status } = await hosts.call(`/${name}/v1/models?page=2`, said);
      expect(status, name).to.equal(200);
      const seen = (name === "old" ? hosts.oldProvider : hosts.provider).requests.at(-1);
      expect(seen?.path).to.equal("/v1/models?page=2");
      expect(JSON.stringify(seen), name).not.to.match(
        /first-caller|of-the-mesh|192\.0\.2|127\.0\.0\.1/,
      );
      const names = Object.keys(seen?.headers ?? {}).filter((header) => !header.startsWith(":"));
      const { authorization, "x-api-key": apiKey } = seen?.headers ?? {};
      const keyHeader = { anthropic: "x-api-key", public: "" }[name] ?? "authorization";
      expect({ authorization, apiKey }, name).to.deep.equal({
        authorization: keyHeader === "authorization" ? `Bearer ${key}` : undefined,
        apiKey: keyHeader === "x-api-key" ? key : undefined,
      });
      const others = names.filter((header) => header !== keyHeader && header !== "host");
      expect(others.sort(), name).to.deep.equal([
        "accept",
        "accept-encoding",
        "accept-language",
        "sec-fetch-mode",
        "user-agent",
        "x-own",
      ]);
    }
  });

  it("gives the host's own answers as they are, its refusals too", async () => {
    const { headers, status, text } = await hosts.call("/openai/v1/busy");
    expect({ status, text }).to.deep.equal({ status: 503, text: '{"error":{"message":"busy"}}' });
    expect(headers.get("x-request-id")).to.equal("of-the-provider");
    expect(
      [...headers.keys()].filter((name) => /^x-envoy|alt-svc|smartcall/.test(name)),
    ).to.deep.equal([]);
  });

  it("gives an agent the hosts and the keys that are for it, and no others", async () => {
    const clusters = await hosts.sidecar.page("/clusters");
    expect(clusters).to.contain("smartcall:egress:openai").and.not.to.contain("others");
    expect(await hosts.sidecar.page("/config_dump")).not.to.contain("egress:others");
  });

  it("changes a key without a failed call", async () => {
    const load = callAllTheTime();
    for (let turn = 1; turn <= 5; turn += 1) {
      const value = `sk-key-number-${turn}`;
      await change({ key: { header: "authorization", prefix: "Bearer ", value } });
      await eventually(async () => {
        const seen = hosts.provider.requests.at(-1)?.headers["authorization"];
        if (seen !== `Bearer ${value}`) throw new Error(`${seen}`);
      });
      await pause(50);
    }
    await load.ends();
  });

  it("changes the authorities, the header and the time of a host without a failed call", async () => {
    const load = callAllTheTime();
    const own = hosts.named("openai").authorities ?? "";
    const another = await makeIdentity("another", []);
    const both = `${own}\n${another.cert}`;
    const latest = () => hosts.provider.requests.at(-1);

    // Both are believed, the certificate moves to the other one's, and only that one is believed.
    await change({ authorities: both });
    await pause(300);
    hosts.provider.renew(await hosts.identityBy(another));
    await change({ authorities: another.cert });
    await eventually(() => expect(latest()?.renewals).to.equal(1));
    await change({ authorities: both });
    await pause(300);
    hosts.provider.renew(await hosts.identityBy());
    await change({});
    await eventually(() => expect(latest()?.renewals).to.equal(2));

    await change({ key: { header: "api-key", prefix: "", value: key } });
    await eventually(() => {
      expect(latest()?.headers["api-key"]).to.equal(key);
      expect(latest()?.headers["authorization"]).to.equal(undefined);
    });

    await change({ timeoutMs: 1_000 });
    const from = performance.now();
    expect((await hosts.call("/openai/v1/never")).status).to.equal(504);
    // It was 20 seconds.
    expect(performance.now() - from).to.be.within(900, 5_000);

    await change({});
    await eventually(() => expect(latest()?.headers["authorization"]).to.equal(`Bearer ${key}`));
    await load.ends();
  });

  it("adds a host to those that an agent may call, with its key, while it runs", async () => {
    await hosts.sidecar.publish([...hosts.egress, hosts.named("zeta")]);
    const { status } = await hosts.call("/zeta/v1/models");
    expect(status).to.equal(200);
    expect(hosts.provider.requests.at(-1)?.headers["authorization"]).to.equal(`Bearer ${key}`);
    await hosts.sidecar.publish(hosts.egress);
    expect((await hosts.told("/zeta/v1/models")).reason).to.equal("EGRESS_NOT_NAMED");
  });

  it("shows its keys nowhere", async () => {
    const pages = [
      "/config_dump?include_eds",
      "/certs",
      "/clusters",
      "/stats",
      "/server_info",
      "/listeners",
    ];
    const shown = await Promise.all(pages.map((page) => hosts.sidecar.page(page)));
    expect(shown[0]).to.contain("egress:openai");
    const refusals = await Promise.all(
      ["/down/v1", "/impostor/v1", "/keyless/v1", "/slow/v1/never", "/zzz"].map((path) =>
        hosts.call(path),
      ),
    );
    const everything = [...shown, hosts.sidecar.output(), ...refusals.map(({ text }) => text)].join(
      "\n",
    );
    expect(everything).not.to.contain(key).and.not.to.contain("sk-key-number");
    expect(hosts.sidecar.output())
      .to.contain('"name":"egress"')
      .and.to.contain('"egress":"openai"');
    expect(hosts.sidecar.refused).to.deep.equal([]);
  });
});
