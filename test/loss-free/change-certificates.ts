// Changes of what a gateway proves itself with.
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { printIdentity } from "@smartcall/control-plane/dist/state/identity.js";
import { openAuthority, openDirectoryState } from "@smartcall/control-plane/dist/state/index.js";
import { localHosts } from "@smartcall/control-plane/dist/state/server-certificate.js";
import { eventually } from "../harness/eventually.ts";
import { processMarked } from "../harness/processes.ts";
import type { Changing } from "./kinds.ts";
import type { World } from "./world.ts";

/** Both files of the gateway's certificate are written anew. */
export async function rotateCertificateFile({ world, time }: Changing): Promise<void> {
  const { cert, key } = await world.identityOf();
  world.write("gateway-key.pem", key);
  world.write("gateway.pem", cert);
  if (time === 1) {
    const certificate = {
      cert: { file: "gateway.pem" },
      key: { file: "gateway-key.pem" },
    };
    await world.save({ certificate });
  }
  await shows(world, (shown) => shown === fingerprintOf(cert));
}

/**
 * The control plane dies and comes back with a certificate that it has to renew seconds later,
 * which it does. So that is two changes, and a restart.
 */
export async function renewDevCertificate({ world, time }: Changing): Promise<void> {
  if (time === 1) await world.save({});
  const { mesh } = world;
  const state = await openDirectoryState(mesh.stateFolder);
  if (!state.ok) throw new Error(state.problem.message);
  const now = new Date();
  const report = ({ message }: { readonly message: string }): never => {
    throw new Error(message);
  };
  const authority = await openAuthority(state.value, { mesh: "test", now, report });
  if (!authority.ok) throw new Error(authority.problem.message);
  const identity = await authority.value.issueServerIdentity({
    commonName: "ends soon",
    names: localHosts(hostname()).map((value) => ({
      type: isIP(value) === 0 ? "dns" : "ip",
      value,
    })),
    validFrom: new Date(now.getTime() - 60_000),
    validUntil: new Date(now.getTime() + renewedBeforeMs + soonMs),
  });
  const written = await state.value.write("ca/edge.pem", printIdentity(identity));
  if (!written.ok) throw new Error(written.problem.message);
  const first = await world.shown();
  process.kill(processMarked(mesh.mark, program), "SIGKILL");
  // Where it took longer to come back, it is renewed already.
  await shows(world, (shown) => shown !== first);
  await shows(world, (shown) => shown !== first && shown !== fingerprintOf(identity.certificate));
}

/** Resolves once connections are shown such a certificate. */
async function shows(world: World, wanted: (fingerprint: string) => boolean): Promise<void> {
  await eventually(
    async () => {
      const shown = await world.shown();
      if (!wanted(shown)) throw new Error(`the certificate is ${shown}`);
    },
    { withinMs: 30_000 },
  );
}

function fingerprintOf(certificate: string): string {
  return new X509Certificate(certificate).fingerprint256;
}

const program = /control-plane\/dist\/(bundle\/)?main\.js/;

/** A certificate of the mesh's own is renewed so long before it ends. */
const renewedBeforeMs = 10 * 86_400_000;
const soonMs = 6_000;
