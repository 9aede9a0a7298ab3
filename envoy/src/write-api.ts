// Writes Envoy's API as typed JavaScript, from the binary that will run.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  type CodeGeneratorResponse,
  CodeGeneratorResponseSchema,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import { apiList } from "./api-list.ts";
import { envoyVersion } from "./find-envoy.ts";
import { closureOf, readDescriptors } from "./read-descriptors.ts";
import { registryFiles } from "./registry-files.ts";
import { withoutAnnotations } from "./without-annotations.ts";

/**
 * Writes the API of an Envoy binary into a folder, whole or not at all. Does
 * nothing where the folder already has the API of this binary.
 *
 * @returns how many protos the folder has and whether they were written, or a
 *   sentence that says what is wrong
 */
export async function writeApi(
  binaryPath: string,
  folder: string,
): Promise<
  | { readonly ok: true; readonly written: boolean }
  | { readonly ok: false; readonly problem: string }
> {
  const binary = await readFile(binaryPath);
  const stamp = await stampOf(binary);
  if ((await readStamp(folder)) === stamp) return { ok: true, written: false };

  const closure = closureOf(readDescriptors(binary), apiList);
  if (!closure.ok) {
    return { ok: false, problem: incomplete(binaryPath, closure.missing) };
  }
  const plain = new Map(withoutAnnotations(closure.files).map((file) => [file.name, file]));
  const used = closureOf(plain, apiList);
  if (!used.ok) return { ok: false, problem: incomplete(binaryPath, used.missing) };
  const response = await generate(used.files);
  if (response.error !== "") return { ok: false, problem: response.error };

  // Made beside the folder and then put in its place, so that a reader never meets half of it.
  const fresh = `${folder}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  const names = used.files.map((file) => file.name).filter(isOurs);
  const files = [
    ...response.file.map((file) => ({ name: file.name, content: file.content })),
    ...registryFiles(names),
    { name: stampFile, content: stamp },
  ];
  for (const parent of new Set(files.map((file) => dirname(join(fresh, file.name))))) {
    await mkdir(parent, { recursive: true });
  }
  await Promise.all(files.map((file) => writeFile(join(fresh, file.name), file.content)));
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  return { ok: true, written: true };
}

/** One missing proto is named: a program that only says it is Envoy has none of them. */
function incomplete(binaryPath: string, [first = "", ...others]: readonly string[]): string {
  const more = others.length === 0 ? "" : ` and ${others.length} more of its protos`;
  return `${binaryPath} is no whole Envoy ${envoyVersion}, for ${first}${more} are not in it: install another, or point ENVOY_BIN at one.`;
}

const stampFile = ".stamp";
const plugin = createRequire(import.meta.url).resolve("@bufbuild/protoc-gen-es/bin/protoc-gen-es");

async function stampOf(binary: Buffer): Promise<string> {
  const manifest = await readFile(join(dirname(plugin), "..", "package.json"));
  const hash = createHash("sha256").update(binary).update(manifest);
  return hash
    .update(JSON.stringify([apiList, registryFiles(["stamp.proto"]), "without annotations"]))
    .digest("hex");
}

async function readStamp(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, stampFile), "utf8");
  } catch {
    return undefined;
  }
}

// The library has these built in, and generated code imports them from there.
function isOurs(name: string): boolean {
  return !name.startsWith("google/protobuf/");
}

async function generate(files: readonly FileDescriptorProto[]): Promise<CodeGeneratorResponse> {
  const request = create(CodeGeneratorRequestSchema, {
    parameter: "target=js+dts,import_extension=js",
    fileToGenerate: files.map((file) => file.name).filter(isOurs),
    protoFile: [...files],
  });
  const child = spawn(process.execPath, [plugin], { stdio: ["pipe", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(toBinary(CodeGeneratorRequestSchema, request));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    return create(CodeGeneratorResponseSchema, { error: `protoc-gen-es ended with ${code}.` });
  }
  return fromBinary(CodeGeneratorResponseSchema, Buffer.concat(chunks));
}
