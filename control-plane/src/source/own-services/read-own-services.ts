// Makes an agent's own services of the descriptors that its lease brings, or says what is wrong.

import { createHash } from "node:crypto";
import { create, type DescService, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { compare } from "../compare.ts";
import { restPathOf } from "./http-rule.ts";
import { linkFiles } from "./link.ts";
import { isName, shown } from "./names.ts";
import {
  largestDescriptors,
  mostMethods,
  type OwnPath,
  type OwnProblems,
  type OwnServices,
} from "./own-services.ts";
import { collectSymbols } from "./symbols.ts";
import { type Trusted, trustedTypes } from "./trusted.ts";
import { writeFiles } from "./write-files.ts";

/**
 * Reads what an agent serves beside the contract. What this takes, no Envoy refuses. The
 * same bytes of many instances are read once, and are one object.
 *
 * @param descriptors a serialised FileDescriptorSet; every service in it is served
 * @returns the services, or at most ten sentences, each with its remedy
 */
export function readOwnServices(
  descriptors: Uint8Array,
  agent: string,
): OwnServices | { readonly problems: OwnProblems } {
  const id = createHash("sha256").update(agent).update("\0").update(descriptors).digest("hex");
  const known = read.get(id)?.deref();
  if (known !== undefined) return known;
  const services = readAnew(descriptors, agent, id);
  if ("problems" in services) return services;
  for (const [each, kept] of read) if (kept.deref() === undefined) read.delete(each);
  read.set(id, new WeakRef(services));
  return services;
}

const read = new Map<string, WeakRef<OwnServices>>();

function readAnew(
  descriptors: Uint8Array,
  agent: string,
  id: string,
): OwnServices | { readonly problems: OwnProblems } {
  if (descriptors.length > largestDescriptors) {
    return refused([
      `they have ${descriptors.length} bytes, more than ${largestDescriptors}; leave out comments and what no method needs`,
    ]);
  }
  const files = linkFiles(descriptors);
  if (typeof files === "string") return refused([files]);
  const trusted = trustedTypes();
  const services = files.flatMap((file) => file.services);
  const { paths, problems } = pathsOf(services, agent, trusted);
  if (problems.length > 0) return refused(problems);
  const rest = new Map(
    paths.flatMap(({ door, method, path }) => (door === "rest" ? [[method, path] as const] : [])),
  );
  const written = writeFiles(files, rest, trusted);
  if ("problems" in written) return refused(written.problems);
  const taken = takenNames(written.files, trusted);
  if (taken.length > 0) {
    return refused(taken.map((name) => `the name ${shown(name)} is defined twice; rename one`));
  }
  return {
    id,
    // What it was a part of need not be kept with it.
    descriptors: Uint8Array.from(descriptors),
    translated: toBinary(FileDescriptorSetSchema, {
      ...create(FileDescriptorSetSchema),
      file: [...trusted.files.map(({ proto }) => proto), ...written.files],
    }),
    services: services.map(({ typeName }) => typeName).sort(),
    paths,
  };
}

function refused(problems: OwnProblems): { readonly problems: OwnProblems } {
  return { problems: problems.slice(0, 10) };
}

function pathsOf(
  services: readonly DescService[],
  agent: string,
  trusted: Trusted,
): { readonly paths: readonly OwnPath[]; readonly problems: OwnProblems } {
  const methods = services.flatMap((service) => service.methods);
  if (methods.length === 0) {
    return {
      paths: [],
      problems: ["they have no service with a method; add one, or leave them out"],
    };
  }
  if (methods.length > mostMethods) {
    const why = `they have ${methods.length} methods, more than ${mostMethods}; split the agent`;
    return { paths: [], problems: [why] };
  }
  const problems = services.flatMap(problemsOfName);
  const paths: OwnPath[] = [];
  const owners = new Map<string, string>();
  for (const method of methods) {
    const name = `${method.parent.typeName}.${method.name}`;
    if (!isName(method.name)) {
      problems.push(`${shown(name)} is no method's name; take letters and digits`);
      continue;
    }
    const { clientStreaming: clientStreams, serverStreaming: serverStreams } = method.proto;
    const grpc = `/${method.parent.typeName}/${method.name}`;
    const more = { method: grpc, clientStreams, serverStreams };
    paths.push({ door: "grpc", path: grpc, ...more });
    const rest = restPathOf(method, agent, trusted);
    if (typeof rest === "string") {
      problems.push(`${name}: ${rest}`);
    } else if (rest.path !== undefined) {
      const owner = owners.get(rest.path);
      if (owner !== undefined) {
        problems.push(`${name} and ${owner} have one path, ${rest.path}; give each its own`);
      }
      owners.set(rest.path, name);
      paths.push({ door: "rest", path: rest.path, ...more });
    }
  }
  return { paths: paths.sort((a, b) => compare(a.path, b.path)), problems };
}

/** Packages whose services are not an agent's to serve. */
const reserved = /^(smartcall|grpc|envoy|google)\./;

function problemsOfName({ file, name, typeName }: DescService): string[] {
  const parts = file.proto.package.split(".");
  if (typeName.length > 200 || ![name, ...parts].every(isName)) {
    return [`the service ${shown(typeName)} needs a package of its own, such as acme.weather.v1`];
  }
  return reserved.test(typeName)
    ? [`${typeName} is not an agent's to serve; take another package`]
    : [];
}

function takenNames(
  files: readonly FileDescriptorProto[],
  { symbols: known }: Trusted,
): readonly string[] {
  const symbols = new Map(known);
  return files.flatMap((file) => collectSymbols(file, symbols));
}
