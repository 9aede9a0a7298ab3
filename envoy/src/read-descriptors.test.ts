import { create, createFileRegistry, toBinary } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_timestamp,
} from "@bufbuild/protobuf/wkt";
import { expect } from "chai";
import { closureOf, readDescriptors } from "./read-descriptors.ts";

describe("readDescriptors", () => {
  const inner = create(FileDescriptorProtoSchema, {
    name: "a/inner.proto",
    package: "a",
    messageType: [{ name: "Inner" }],
    syntax: "proto3",
  });
  const outer = create(FileDescriptorProtoSchema, {
    name: "a/outer.proto",
    package: "a",
    dependency: ["a/inner.proto"],
    messageType: [{ name: "Outer" }],
    syntax: "proto3",
  });
  const noise = Buffer.from("\x00.proto\x12 no file\x0a\x05x.proto\x12");
  const bytes = [outer, inner].map((file) => toBinary(FileDescriptorProtoSchema, file));

  it("finds every file among other bytes, whether or not one follows right after another", () => {
    const [one = new Uint8Array(), other = new Uint8Array()] = bytes;
    for (const program of [
      Buffer.concat([noise, one, noise, other, noise]),
      Buffer.concat([noise, one, other]),
    ]) {
      const found = readDescriptors(program);
      expect([...found.keys()].sort()).to.deep.equal(["a/inner.proto", "a/outer.proto"]);
      expect(found.get("a/outer.proto")).to.deep.equal(outer);
    }
  });

  it("keeps a real file whole", () => {
    const { proto } = file_google_protobuf_timestamp;
    const program = Buffer.concat([noise, toBinary(FileDescriptorProtoSchema, proto), noise]);
    const found = readDescriptors(program).get("google/protobuf/timestamp.proto");
    expect(found).to.deep.equal(proto);
  });

  it("puts a file after what it imports, so that the set links", () => {
    const files = readDescriptors(Buffer.concat(bytes));
    const closure = closureOf(files, ["a/outer.proto"]);
    if (!closure.ok) throw new Error(closure.missing.join());
    const set = create(FileDescriptorSetSchema, { file: [...closure.files] });
    expect(createFileRegistry(set).getMessage("a.Outer")?.file.name).to.equal("a/outer");
    expect(closure.files.map((file) => file.name)).to.deep.equal([
      "a/inner.proto",
      "a/outer.proto",
    ]);
  });

  it("names what is missing", () => {
    const files = readDescriptors(Buffer.concat(bytes.slice(0, 1)));
    expect(closureOf(files, ["a/outer.proto", "b.proto"])).to.deep.equal({
      ok: false,
      missing: ["a/inner.proto", "b.proto"],
    });
  });
});
