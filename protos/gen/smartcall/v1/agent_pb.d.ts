// package: smartcall.v1
// file: smartcall/v1/agent.proto

import * as jspb from "google-protobuf";
import * as google_api_annotations_pb from "../../google/api/annotations_pb";
import * as google_api_field_behavior_pb from "../../google/api/field_behavior_pb";
import * as google_protobuf_struct_pb from "google-protobuf/google/protobuf/struct_pb";
import * as google_protobuf_timestamp_pb from "google-protobuf/google/protobuf/timestamp_pb";
import * as google_rpc_status_pb from "../../google/rpc/status_pb";
import * as smartcall_v1_rules_pb from "../../smartcall/v1/rules_pb";

export class InvokeRequest extends jspb.Message {
  getAgent(): string;
  setAgent(value: string): void;

  clearMessagesList(): void;
  getMessagesList(): Array<Message>;
  setMessagesList(value: Array<Message>): void;
  addMessages(value?: Message, index?: number): Message;

  hasTemperature(): boolean;
  clearTemperature(): void;
  getTemperature(): number;
  setTemperature(value: number): void;

  hasMaxTokens(): boolean;
  clearMaxTokens(): void;
  getMaxTokens(): number;
  setMaxTokens(value: number): void;

  hasTopP(): boolean;
  clearTopP(): void;
  getTopP(): number;
  setTopP(value: number): void;

  hasSeed(): boolean;
  clearSeed(): void;
  getSeed(): number;
  setSeed(value: number): void;

  clearStopList(): void;
  getStopList(): Array<string>;
  setStopList(value: Array<string>): void;
  addStop(value: string, index?: number): string;

  getModel(): string;
  setModel(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): InvokeRequest.AsObject;
  static toObject(includeInstance: boolean, msg: InvokeRequest): InvokeRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: InvokeRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): InvokeRequest;
  static deserializeBinaryFromReader(message: InvokeRequest, reader: jspb.BinaryReader): InvokeRequest;
}

export namespace InvokeRequest {
  export type AsObject = {
    agent: string,
    messagesList: Array<Message.AsObject>,
    temperature: number,
    maxTokens: number,
    topP: number,
    seed: number,
    stopList: Array<string>,
    model: string,
  }
}

export class Message extends jspb.Message {
  getRole(): string;
  setRole(value: string): void;

  getContent(): string;
  setContent(value: string): void;

  clearPartsList(): void;
  getPartsList(): Array<Part>;
  setPartsList(value: Array<Part>): void;
  addParts(value?: Part, index?: number): Part;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Message.AsObject;
  static toObject(includeInstance: boolean, msg: Message): Message.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Message, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Message;
  static deserializeBinaryFromReader(message: Message, reader: jspb.BinaryReader): Message;
}

export namespace Message {
  export type AsObject = {
    role: string,
    content: string,
    partsList: Array<Part.AsObject>,
  }
}

export class Part extends jspb.Message {
  hasText(): boolean;
  clearText(): void;
  getText(): string;
  setText(value: string): void;

  hasImage(): boolean;
  clearImage(): void;
  getImage(): Image | undefined;
  setImage(value?: Image): void;

  hasToolCall(): boolean;
  clearToolCall(): void;
  getToolCall(): ToolCall | undefined;
  setToolCall(value?: ToolCall): void;

  hasToolResult(): boolean;
  clearToolResult(): void;
  getToolResult(): ToolResult | undefined;
  setToolResult(value?: ToolResult): void;

  getKindCase(): Part.KindCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Part.AsObject;
  static toObject(includeInstance: boolean, msg: Part): Part.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Part, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Part;
  static deserializeBinaryFromReader(message: Part, reader: jspb.BinaryReader): Part;
}

export namespace Part {
  export type AsObject = {
    text: string,
    image?: Image.AsObject,
    toolCall?: ToolCall.AsObject,
    toolResult?: ToolResult.AsObject,
  }

  export enum KindCase {
    KIND_NOT_SET = 0,
    TEXT = 1,
    IMAGE = 2,
    TOOL_CALL = 3,
    TOOL_RESULT = 4,
  }
}

export class Image extends jspb.Message {
  hasUrl(): boolean;
  clearUrl(): void;
  getUrl(): string;
  setUrl(value: string): void;

  hasData(): boolean;
  clearData(): void;
  getData(): Uint8Array | string;
  getData_asU8(): Uint8Array;
  getData_asB64(): string;
  setData(value: Uint8Array | string): void;

  getMediaType(): string;
  setMediaType(value: string): void;

  getSourceCase(): Image.SourceCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Image.AsObject;
  static toObject(includeInstance: boolean, msg: Image): Image.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Image, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Image;
  static deserializeBinaryFromReader(message: Image, reader: jspb.BinaryReader): Image;
}

export namespace Image {
  export type AsObject = {
    url: string,
    data: Uint8Array | string,
    mediaType: string,
  }

  export enum SourceCase {
    SOURCE_NOT_SET = 0,
    URL = 1,
    DATA = 2,
  }
}

export class ToolCall extends jspb.Message {
  getId(): string;
  setId(value: string): void;

  getName(): string;
  setName(value: string): void;

  hasArguments(): boolean;
  clearArguments(): void;
  getArguments(): google_protobuf_struct_pb.Struct | undefined;
  setArguments(value?: google_protobuf_struct_pb.Struct): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ToolCall.AsObject;
  static toObject(includeInstance: boolean, msg: ToolCall): ToolCall.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ToolCall, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ToolCall;
  static deserializeBinaryFromReader(message: ToolCall, reader: jspb.BinaryReader): ToolCall;
}

export namespace ToolCall {
  export type AsObject = {
    id: string,
    name: string,
    arguments?: google_protobuf_struct_pb.Struct.AsObject,
  }
}

export class ToolResult extends jspb.Message {
  getId(): string;
  setId(value: string): void;

  getContent(): string;
  setContent(value: string): void;

  getFailed(): boolean;
  setFailed(value: boolean): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ToolResult.AsObject;
  static toObject(includeInstance: boolean, msg: ToolResult): ToolResult.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ToolResult, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ToolResult;
  static deserializeBinaryFromReader(message: ToolResult, reader: jspb.BinaryReader): ToolResult;
}

export namespace ToolResult {
  export type AsObject = {
    id: string,
    content: string,
    failed: boolean,
  }
}

export class InvokeResponse extends jspb.Message {
  getId(): string;
  setId(value: string): void;

  hasMessage(): boolean;
  clearMessage(): void;
  getMessage(): Message | undefined;
  setMessage(value?: Message): void;

  getFinishReason(): string;
  setFinishReason(value: string): void;

  hasUsage(): boolean;
  clearUsage(): void;
  getUsage(): Usage | undefined;
  setUsage(value?: Usage): void;

  hasCreateTime(): boolean;
  clearCreateTime(): void;
  getCreateTime(): google_protobuf_timestamp_pb.Timestamp | undefined;
  setCreateTime(value?: google_protobuf_timestamp_pb.Timestamp): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): InvokeResponse.AsObject;
  static toObject(includeInstance: boolean, msg: InvokeResponse): InvokeResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: InvokeResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): InvokeResponse;
  static deserializeBinaryFromReader(message: InvokeResponse, reader: jspb.BinaryReader): InvokeResponse;
}

export namespace InvokeResponse {
  export type AsObject = {
    id: string,
    message?: Message.AsObject,
    finishReason: string,
    usage?: Usage.AsObject,
    createTime?: google_protobuf_timestamp_pb.Timestamp.AsObject,
  }
}

export class Usage extends jspb.Message {
  hasInputTokens(): boolean;
  clearInputTokens(): void;
  getInputTokens(): number;
  setInputTokens(value: number): void;

  hasOutputTokens(): boolean;
  clearOutputTokens(): void;
  getOutputTokens(): number;
  setOutputTokens(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Usage.AsObject;
  static toObject(includeInstance: boolean, msg: Usage): Usage.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Usage, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Usage;
  static deserializeBinaryFromReader(message: Usage, reader: jspb.BinaryReader): Usage;
}

export namespace Usage {
  export type AsObject = {
    inputTokens: number,
    outputTokens: number,
  }
}

export class StreamEvent extends jspb.Message {
  getCallId(): string;
  setCallId(value: string): void;

  getSequence(): number;
  setSequence(value: number): void;

  hasDelta(): boolean;
  clearDelta(): void;
  getDelta(): Delta | undefined;
  setDelta(value?: Delta): void;

  hasHeartbeat(): boolean;
  clearHeartbeat(): void;
  getHeartbeat(): Heartbeat | undefined;
  setHeartbeat(value?: Heartbeat): void;

  hasDone(): boolean;
  clearDone(): void;
  getDone(): Done | undefined;
  setDone(value?: Done): void;

  hasError(): boolean;
  clearError(): void;
  getError(): google_rpc_status_pb.Status | undefined;
  setError(value?: google_rpc_status_pb.Status): void;

  getEventCase(): StreamEvent.EventCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): StreamEvent.AsObject;
  static toObject(includeInstance: boolean, msg: StreamEvent): StreamEvent.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: StreamEvent, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): StreamEvent;
  static deserializeBinaryFromReader(message: StreamEvent, reader: jspb.BinaryReader): StreamEvent;
}

export namespace StreamEvent {
  export type AsObject = {
    callId: string,
    sequence: number,
    delta?: Delta.AsObject,
    heartbeat?: Heartbeat.AsObject,
    done?: Done.AsObject,
    error?: google_rpc_status_pb.Status.AsObject,
  }

  export enum EventCase {
    EVENT_NOT_SET = 0,
    DELTA = 3,
    HEARTBEAT = 4,
    DONE = 5,
    ERROR = 6,
  }
}

export class Delta extends jspb.Message {
  getContent(): string;
  setContent(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Delta.AsObject;
  static toObject(includeInstance: boolean, msg: Delta): Delta.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Delta, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Delta;
  static deserializeBinaryFromReader(message: Delta, reader: jspb.BinaryReader): Delta;
}

export namespace Delta {
  export type AsObject = {
    content: string,
  }
}

export class Heartbeat extends jspb.Message {
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Heartbeat.AsObject;
  static toObject(includeInstance: boolean, msg: Heartbeat): Heartbeat.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Heartbeat, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Heartbeat;
  static deserializeBinaryFromReader(message: Heartbeat, reader: jspb.BinaryReader): Heartbeat;
}

export namespace Heartbeat {
  export type AsObject = {
  }
}

export class Done extends jspb.Message {
  getFinishReason(): string;
  setFinishReason(value: string): void;

  hasUsage(): boolean;
  clearUsage(): void;
  getUsage(): Usage | undefined;
  setUsage(value?: Usage): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Done.AsObject;
  static toObject(includeInstance: boolean, msg: Done): Done.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Done, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Done;
  static deserializeBinaryFromReader(message: Done, reader: jspb.BinaryReader): Done;
}

export namespace Done {
  export type AsObject = {
    finishReason: string,
    usage?: Usage.AsObject,
  }
}

export class ConverseRequest extends jspb.Message {
  hasTurn(): boolean;
  clearTurn(): void;
  getTurn(): InvokeRequest | undefined;
  setTurn(value?: InvokeRequest): void;

  hasCancel(): boolean;
  clearCancel(): void;
  getCancel(): CancelTurn | undefined;
  setCancel(value?: CancelTurn): void;

  getKindCase(): ConverseRequest.KindCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ConverseRequest.AsObject;
  static toObject(includeInstance: boolean, msg: ConverseRequest): ConverseRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ConverseRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ConverseRequest;
  static deserializeBinaryFromReader(message: ConverseRequest, reader: jspb.BinaryReader): ConverseRequest;
}

export namespace ConverseRequest {
  export type AsObject = {
    turn?: InvokeRequest.AsObject,
    cancel?: CancelTurn.AsObject,
  }

  export enum KindCase {
    KIND_NOT_SET = 0,
    TURN = 1,
    CANCEL = 2,
  }
}

export class CancelTurn extends jspb.Message {
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): CancelTurn.AsObject;
  static toObject(includeInstance: boolean, msg: CancelTurn): CancelTurn.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: CancelTurn, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): CancelTurn;
  static deserializeBinaryFromReader(message: CancelTurn, reader: jspb.BinaryReader): CancelTurn;
}

export namespace CancelTurn {
  export type AsObject = {
  }
}

