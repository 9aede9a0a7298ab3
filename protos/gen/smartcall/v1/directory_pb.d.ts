// package: smartcall.v1
// file: smartcall/v1/directory.proto

import * as jspb from "google-protobuf";
import * as google_api_annotations_pb from "../../google/api/annotations_pb";
import * as google_api_httpbody_pb from "../../google/api/httpbody_pb";
import * as smartcall_v1_rules_pb from "../../smartcall/v1/rules_pb";

export class ListAgentsRequest extends jspb.Message {
  getPageSize(): number;
  setPageSize(value: number): void;

  getPageToken(): string;
  setPageToken(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ListAgentsRequest.AsObject;
  static toObject(includeInstance: boolean, msg: ListAgentsRequest): ListAgentsRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ListAgentsRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ListAgentsRequest;
  static deserializeBinaryFromReader(message: ListAgentsRequest, reader: jspb.BinaryReader): ListAgentsRequest;
}

export namespace ListAgentsRequest {
  export type AsObject = {
    pageSize: number,
    pageToken: string,
  }
}

export class ListAgentsResponse extends jspb.Message {
  clearAgentsList(): void;
  getAgentsList(): Array<Agent>;
  setAgentsList(value: Array<Agent>): void;
  addAgents(value?: Agent, index?: number): Agent;

  getNextPageToken(): string;
  setNextPageToken(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ListAgentsResponse.AsObject;
  static toObject(includeInstance: boolean, msg: ListAgentsResponse): ListAgentsResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ListAgentsResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ListAgentsResponse;
  static deserializeBinaryFromReader(message: ListAgentsResponse, reader: jspb.BinaryReader): ListAgentsResponse;
}

export namespace ListAgentsResponse {
  export type AsObject = {
    agentsList: Array<Agent.AsObject>,
    nextPageToken: string,
  }
}

export class GetAgentRequest extends jspb.Message {
  getAgent(): string;
  setAgent(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): GetAgentRequest.AsObject;
  static toObject(includeInstance: boolean, msg: GetAgentRequest): GetAgentRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: GetAgentRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): GetAgentRequest;
  static deserializeBinaryFromReader(message: GetAgentRequest, reader: jspb.BinaryReader): GetAgentRequest;
}

export namespace GetAgentRequest {
  export type AsObject = {
    agent: string,
  }
}

export class Agent extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  getDescription(): string;
  setDescription(value: string): void;

  clearVersionsList(): void;
  getVersionsList(): Array<string>;
  setVersionsList(value: Array<string>): void;
  addVersions(value: string, index?: number): string;

  getHealth(): string;
  setHealth(value: string): void;

  hasCapabilities(): boolean;
  clearCapabilities(): void;
  getCapabilities(): Capabilities | undefined;
  setCapabilities(value?: Capabilities): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Agent.AsObject;
  static toObject(includeInstance: boolean, msg: Agent): Agent.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Agent, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Agent;
  static deserializeBinaryFromReader(message: Agent, reader: jspb.BinaryReader): Agent;
}

export namespace Agent {
  export type AsObject = {
    name: string,
    description: string,
    versionsList: Array<string>,
    health: string,
    capabilities?: Capabilities.AsObject,
  }
}

export class Capabilities extends jspb.Message {
  clearMethodsList(): void;
  getMethodsList(): Array<string>;
  setMethodsList(value: Array<string>): void;
  addMethods(value: string, index?: number): string;

  clearOwnMethodsList(): void;
  getOwnMethodsList(): Array<AgentMethod>;
  setOwnMethodsList(value: Array<AgentMethod>): void;
  addOwnMethods(value?: AgentMethod, index?: number): AgentMethod;

  clearModelsList(): void;
  getModelsList(): Array<string>;
  setModelsList(value: Array<string>): void;
  addModels(value: string, index?: number): string;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Capabilities.AsObject;
  static toObject(includeInstance: boolean, msg: Capabilities): Capabilities.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Capabilities, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Capabilities;
  static deserializeBinaryFromReader(message: Capabilities, reader: jspb.BinaryReader): Capabilities;
}

export namespace Capabilities {
  export type AsObject = {
    methodsList: Array<string>,
    ownMethodsList: Array<AgentMethod.AsObject>,
    modelsList: Array<string>,
  }
}

export class AgentMethod extends jspb.Message {
  getGrpc(): string;
  setGrpc(value: string): void;

  getRest(): string;
  setRest(value: string): void;

  getClientStreams(): boolean;
  setClientStreams(value: boolean): void;

  getServerStreams(): boolean;
  setServerStreams(value: boolean): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): AgentMethod.AsObject;
  static toObject(includeInstance: boolean, msg: AgentMethod): AgentMethod.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: AgentMethod, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): AgentMethod;
  static deserializeBinaryFromReader(message: AgentMethod, reader: jspb.BinaryReader): AgentMethod;
}

export namespace AgentMethod {
  export type AsObject = {
    grpc: string,
    rest: string,
    clientStreams: boolean,
    serverStreams: boolean,
  }
}

export class GetOpenApiRequest extends jspb.Message {
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): GetOpenApiRequest.AsObject;
  static toObject(includeInstance: boolean, msg: GetOpenApiRequest): GetOpenApiRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: GetOpenApiRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): GetOpenApiRequest;
  static deserializeBinaryFromReader(message: GetOpenApiRequest, reader: jspb.BinaryReader): GetOpenApiRequest;
}

export namespace GetOpenApiRequest {
  export type AsObject = {
  }
}

export class GetDocsRequest extends jspb.Message {
  getFile(): string;
  setFile(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): GetDocsRequest.AsObject;
  static toObject(includeInstance: boolean, msg: GetDocsRequest): GetDocsRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: GetDocsRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): GetDocsRequest;
  static deserializeBinaryFromReader(message: GetDocsRequest, reader: jspb.BinaryReader): GetDocsRequest;
}

export namespace GetDocsRequest {
  export type AsObject = {
    file: string,
  }
}

