// Our contract as a gateway by hand knows it: JSON to protobuf and back, by one well-kept library.
import {
  createFileRegistry,
  type DescMethod,
  fromBinary,
  fromJson,
  type JsonObject,
  type Message,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptorSet } from "@smartcall/protos";

/** A method as grpc-js calls it. */
export interface Method {
  readonly path: string;
  /** Throws where JSON does not fit, and says which field, as the edge's transcoder does. */
  readonly read: (body: JsonObject) => Message;
  readonly serialize: (request: Message) => Buffer;
  /** The answer as the text of its JSON. */
  readonly deserialize: (bytes: Buffer) => string;
}

/** The methods that a REST caller has. */
export function contractMethods(): { readonly invoke: Method; readonly stream: Method } {
  const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));
  const service = files.getService("smartcall.v1.AgentService");
  const method = (name: string): Method => {
    const found = service?.methods.find((each) => each.name === name);
    if (found === undefined) throw new Error(`the contract has no ${name}`);
    return methodOf(found);
  };
  return { invoke: method("Invoke"), stream: method("Stream") };
}

function methodOf({ parent, name, input, output }: DescMethod): Method {
  return {
    path: `/${parent.typeName}/${name}`,
    read: (body) => fromJson(input, body, { ignoreUnknownFields: true }),
    serialize: (request) => Buffer.from(toBinary(input, request)),
    deserialize: (bytes) => JSON.stringify(toJson(output, fromBinary(output, bytes))),
  };
}
