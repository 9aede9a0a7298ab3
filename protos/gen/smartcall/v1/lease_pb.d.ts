// package: smartcall.v1
// file: smartcall/v1/lease.proto

import * as jspb from "google-protobuf";
import * as google_api_field_behavior_pb from "../../google/api/field_behavior_pb";
import * as smartcall_v1_rules_pb from "../../smartcall/v1/rules_pb";

export class LeaseReport extends jspb.Message {
  hasAttach(): boolean;
  clearAttach(): void;
  getAttach(): Attach | undefined;
  setAttach(value?: Attach): void;

  hasHealth(): boolean;
  clearHealth(): void;
  getHealth(): InstanceHealth | undefined;
  setHealth(value?: InstanceHealth): void;

  hasDrain(): boolean;
  clearDrain(): void;
  getDrain(): Drain | undefined;
  setDrain(value?: Drain): void;

  getKindCase(): LeaseReport.KindCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): LeaseReport.AsObject;
  static toObject(includeInstance: boolean, msg: LeaseReport): LeaseReport.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: LeaseReport, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): LeaseReport;
  static deserializeBinaryFromReader(message: LeaseReport, reader: jspb.BinaryReader): LeaseReport;
}

export namespace LeaseReport {
  export type AsObject = {
    attach?: Attach.AsObject,
    health?: InstanceHealth.AsObject,
    drain?: Drain.AsObject,
  }

  export enum KindCase {
    KIND_NOT_SET = 0,
    ATTACH = 1,
    HEALTH = 2,
    DRAIN = 3,
  }
}

export class Attach extends jspb.Message {
  getAgent(): string;
  setAgent(value: string): void;

  getInstance(): string;
  setInstance(value: string): void;

  getVersion(): string;
  setVersion(value: string): void;

  getZone(): string;
  setZone(value: string): void;

  getDescription(): string;
  setDescription(value: string): void;

  getServices(): Uint8Array | string;
  getServices_asU8(): Uint8Array;
  getServices_asB64(): string;
  setServices(value: Uint8Array | string): void;

  clearLabelsList(): void;
  getLabelsList(): Array<string>;
  setLabelsList(value: Array<string>): void;
  addLabels(value: string, index?: number): string;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Attach.AsObject;
  static toObject(includeInstance: boolean, msg: Attach): Attach.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Attach, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Attach;
  static deserializeBinaryFromReader(message: Attach, reader: jspb.BinaryReader): Attach;
}

export namespace Attach {
  export type AsObject = {
    agent: string,
    instance: string,
    version: string,
    zone: string,
    description: string,
    services: Uint8Array | string,
    labelsList: Array<string>,
  }
}

export class InstanceHealth extends jspb.Message {
  getServing(): boolean;
  setServing(value: boolean): void;

  getRunning(): number;
  setRunning(value: number): void;

  getWaiting(): number;
  setWaiting(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): InstanceHealth.AsObject;
  static toObject(includeInstance: boolean, msg: InstanceHealth): InstanceHealth.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: InstanceHealth, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): InstanceHealth;
  static deserializeBinaryFromReader(message: InstanceHealth, reader: jspb.BinaryReader): InstanceHealth;
}

export namespace InstanceHealth {
  export type AsObject = {
    serving: boolean,
    running: number,
    waiting: number,
  }
}

export class Drain extends jspb.Message {
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Drain.AsObject;
  static toObject(includeInstance: boolean, msg: Drain): Drain.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Drain, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Drain;
  static deserializeBinaryFromReader(message: Drain, reader: jspb.BinaryReader): Drain;
}

export namespace Drain {
  export type AsObject = {
  }
}

export class LeaseNotice extends jspb.Message {
  hasAttached(): boolean;
  clearAttached(): void;
  getAttached(): Attached | undefined;
  setAttached(value?: Attached): void;

  hasDrained(): boolean;
  clearDrained(): void;
  getDrained(): Drained | undefined;
  setDrained(value?: Drained): void;

  getKindCase(): LeaseNotice.KindCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): LeaseNotice.AsObject;
  static toObject(includeInstance: boolean, msg: LeaseNotice): LeaseNotice.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: LeaseNotice, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): LeaseNotice;
  static deserializeBinaryFromReader(message: LeaseNotice, reader: jspb.BinaryReader): LeaseNotice;
}

export namespace LeaseNotice {
  export type AsObject = {
    attached?: Attached.AsObject,
    drained?: Drained.AsObject,
  }

  export enum KindCase {
    KIND_NOT_SET = 0,
    ATTACHED = 1,
    DRAINED = 2,
  }
}

export class Attached extends jspb.Message {
  getMesh(): string;
  setMesh(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Attached.AsObject;
  static toObject(includeInstance: boolean, msg: Attached): Attached.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Attached, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Attached;
  static deserializeBinaryFromReader(message: Attached, reader: jspb.BinaryReader): Attached;
}

export namespace Attached {
  export type AsObject = {
    mesh: string,
  }
}

export class Drained extends jspb.Message {
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Drained.AsObject;
  static toObject(includeInstance: boolean, msg: Drained): Drained.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Drained, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Drained;
  static deserializeBinaryFromReader(message: Drained, reader: jspb.BinaryReader): Drained;
}

export namespace Drained {
  export type AsObject = {
  }
}

