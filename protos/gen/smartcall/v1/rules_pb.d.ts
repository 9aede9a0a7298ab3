// package: smartcall.v1
// file: smartcall/v1/rules.proto

import * as jspb from "google-protobuf";
import * as google_protobuf_descriptor_pb from "google-protobuf/google/protobuf/descriptor_pb";

export class FieldRules extends jspb.Message {
  getMaxLength(): number;
  setMaxLength(value: number): void;

  getMaxItems(): number;
  setMaxItems(value: number): void;

  clearAllowedList(): void;
  getAllowedList(): Array<string>;
  setAllowedList(value: Array<string>): void;
  addAllowed(value: string, index?: number): string;

  hasMin(): boolean;
  clearMin(): void;
  getMin(): number;
  setMin(value: number): void;

  hasMax(): boolean;
  clearMax(): void;
  getMax(): number;
  setMax(value: number): void;

  getPrintable(): boolean;
  setPrintable(value: boolean): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): FieldRules.AsObject;
  static toObject(includeInstance: boolean, msg: FieldRules): FieldRules.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: FieldRules, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): FieldRules;
  static deserializeBinaryFromReader(message: FieldRules, reader: jspb.BinaryReader): FieldRules;
}

export namespace FieldRules {
  export type AsObject = {
    maxLength: number,
    maxItems: number,
    allowedList: Array<string>,
    min: number,
    max: number,
    printable: boolean,
  }
}

export class MessageRules extends jspb.Message {
  clearExactlyOneOfList(): void;
  getExactlyOneOfList(): Array<string>;
  setExactlyOneOfList(value: Array<string>): void;
  addExactlyOneOf(value: string, index?: number): string;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): MessageRules.AsObject;
  static toObject(includeInstance: boolean, msg: MessageRules): MessageRules.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: MessageRules, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): MessageRules;
  static deserializeBinaryFromReader(message: MessageRules, reader: jspb.BinaryReader): MessageRules;
}

export namespace MessageRules {
  export type AsObject = {
    exactlyOneOfList: Array<string>,
  }
}

  export const rules: jspb.ExtensionFieldInfo<FieldRules>;

  export const messageRules: jspb.ExtensionFieldInfo<MessageRules>;

