// package: smartcall.v1
// file: smartcall/v1/quota.proto

import * as jspb from "google-protobuf";
import * as google_api_field_behavior_pb from "../../google/api/field_behavior_pb";
import * as google_protobuf_timestamp_pb from "google-protobuf/google/protobuf/timestamp_pb";
import * as smartcall_v1_rules_pb from "../../smartcall/v1/rules_pb";

export class WatchPoliciesRequest extends jspb.Message {
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): WatchPoliciesRequest.AsObject;
  static toObject(includeInstance: boolean, msg: WatchPoliciesRequest): WatchPoliciesRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: WatchPoliciesRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): WatchPoliciesRequest;
  static deserializeBinaryFromReader(message: WatchPoliciesRequest, reader: jspb.BinaryReader): WatchPoliciesRequest;
}

export namespace WatchPoliciesRequest {
  export type AsObject = {
  }
}

export class QuotaPolicies extends jspb.Message {
  getMesh(): string;
  setMesh(value: string): void;

  clearRoutesList(): void;
  getRoutesList(): Array<RoutePolicy>;
  setRoutesList(value: Array<RoutePolicy>): void;
  addRoutes(value?: RoutePolicy, index?: number): RoutePolicy;

  clearBudgetsList(): void;
  getBudgetsList(): Array<BudgetPolicy>;
  setBudgetsList(value: Array<BudgetPolicy>): void;
  addBudgets(value?: BudgetPolicy, index?: number): BudgetPolicy;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): QuotaPolicies.AsObject;
  static toObject(includeInstance: boolean, msg: QuotaPolicies): QuotaPolicies.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: QuotaPolicies, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): QuotaPolicies;
  static deserializeBinaryFromReader(message: QuotaPolicies, reader: jspb.BinaryReader): QuotaPolicies;
}

export namespace QuotaPolicies {
  export type AsObject = {
    mesh: string,
    routesList: Array<RoutePolicy.AsObject>,
    budgetsList: Array<BudgetPolicy.AsObject>,
  }
}

export class RoutePolicy extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  clearLimitsList(): void;
  getLimitsList(): Array<LimitPolicy>;
  setLimitsList(value: Array<LimitPolicy>): void;
  addLimits(value?: LimitPolicy, index?: number): LimitPolicy;

  hasBudget(): boolean;
  clearBudget(): void;
  getBudget(): BudgetUsePolicy | undefined;
  setBudget(value?: BudgetUsePolicy): void;

  getLongestMs(): number;
  setLongestMs(value: number): void;

  clearPricesList(): void;
  getPricesList(): Array<AgentPrice>;
  setPricesList(value: Array<AgentPrice>): void;
  addPrices(value?: AgentPrice, index?: number): AgentPrice;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): RoutePolicy.AsObject;
  static toObject(includeInstance: boolean, msg: RoutePolicy): RoutePolicy.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: RoutePolicy, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): RoutePolicy;
  static deserializeBinaryFromReader(message: RoutePolicy, reader: jspb.BinaryReader): RoutePolicy;
}

export namespace RoutePolicy {
  export type AsObject = {
    name: string,
    limitsList: Array<LimitPolicy.AsObject>,
    budget?: BudgetUsePolicy.AsObject,
    longestMs: number,
    pricesList: Array<AgentPrice.AsObject>,
  }
}

export class LimitPolicy extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  getMost(): number;
  setMost(value: number): void;

  getPer(): string;
  setPer(value: string): void;

  getBy(): string;
  setBy(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): LimitPolicy.AsObject;
  static toObject(includeInstance: boolean, msg: LimitPolicy): LimitPolicy.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: LimitPolicy, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): LimitPolicy;
  static deserializeBinaryFromReader(message: LimitPolicy, reader: jspb.BinaryReader): LimitPolicy;
}

export namespace LimitPolicy {
  export type AsObject = {
    name: string,
    most: number,
    per: string,
    by: string,
  }
}

export class BudgetUsePolicy extends jspb.Message {
  getOf(): string;
  setOf(value: string): void;

  getReserve(): number;
  setReserve(value: number): void;

  getMinimum(): number;
  setMinimum(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): BudgetUsePolicy.AsObject;
  static toObject(includeInstance: boolean, msg: BudgetUsePolicy): BudgetUsePolicy.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: BudgetUsePolicy, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): BudgetUsePolicy;
  static deserializeBinaryFromReader(message: BudgetUsePolicy, reader: jspb.BinaryReader): BudgetUsePolicy;
}

export namespace BudgetUsePolicy {
  export type AsObject = {
    of: string,
    reserve: number,
    minimum: number,
  }
}

export class BudgetPolicy extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  getBy(): string;
  setBy(value: string): void;

  getAmount(): number;
  setAmount(value: number): void;

  getUnit(): string;
  setUnit(value: string): void;

  getPer(): string;
  setPer(value: string): void;

  getWithin(): string;
  setWithin(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): BudgetPolicy.AsObject;
  static toObject(includeInstance: boolean, msg: BudgetPolicy): BudgetPolicy.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: BudgetPolicy, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): BudgetPolicy;
  static deserializeBinaryFromReader(message: BudgetPolicy, reader: jspb.BinaryReader): BudgetPolicy;
}

export namespace BudgetPolicy {
  export type AsObject = {
    name: string,
    by: string,
    amount: number,
    unit: string,
    per: string,
    within: string,
  }
}

export class AgentPrice extends jspb.Message {
  getAgent(): string;
  setAgent(value: string): void;

  getInputNanos(): number;
  setInputNanos(value: number): void;

  getOutputNanos(): number;
  setOutputNanos(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): AgentPrice.AsObject;
  static toObject(includeInstance: boolean, msg: AgentPrice): AgentPrice.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: AgentPrice, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): AgentPrice;
  static deserializeBinaryFromReader(message: AgentPrice, reader: jspb.BinaryReader): AgentPrice;
}

export namespace AgentPrice {
  export type AsObject = {
    agent: string,
    inputNanos: number,
    outputNanos: number,
  }
}

export class ListAccountsRequest extends jspb.Message {
  getBudget(): string;
  setBudget(value: string): void;

  getLimit(): number;
  setLimit(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ListAccountsRequest.AsObject;
  static toObject(includeInstance: boolean, msg: ListAccountsRequest): ListAccountsRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ListAccountsRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ListAccountsRequest;
  static deserializeBinaryFromReader(message: ListAccountsRequest, reader: jspb.BinaryReader): ListAccountsRequest;
}

export namespace ListAccountsRequest {
  export type AsObject = {
    budget: string,
    limit: number,
  }
}

export class ListAccountsResponse extends jspb.Message {
  clearAccountsList(): void;
  getAccountsList(): Array<Account>;
  setAccountsList(value: Array<Account>): void;
  addAccounts(value?: Account, index?: number): Account;

  getMore(): boolean;
  setMore(value: boolean): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ListAccountsResponse.AsObject;
  static toObject(includeInstance: boolean, msg: ListAccountsResponse): ListAccountsResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ListAccountsResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ListAccountsResponse;
  static deserializeBinaryFromReader(message: ListAccountsResponse, reader: jspb.BinaryReader): ListAccountsResponse;
}

export namespace ListAccountsResponse {
  export type AsObject = {
    accountsList: Array<Account.AsObject>,
    more: boolean,
  }
}

export class Account extends jspb.Message {
  getBudget(): string;
  setBudget(value: string): void;

  getKey(): string;
  setKey(value: string): void;

  hasWindowStart(): boolean;
  clearWindowStart(): void;
  getWindowStart(): google_protobuf_timestamp_pb.Timestamp | undefined;
  setWindowStart(value?: google_protobuf_timestamp_pb.Timestamp): void;

  hasWindowEnd(): boolean;
  clearWindowEnd(): void;
  getWindowEnd(): google_protobuf_timestamp_pb.Timestamp | undefined;
  setWindowEnd(value?: google_protobuf_timestamp_pb.Timestamp): void;

  getUnit(): string;
  setUnit(value: string): void;

  getAmount(): number;
  setAmount(value: number): void;

  getChanged(): boolean;
  setChanged(value: boolean): void;

  getUsed(): number;
  setUsed(value: number): void;

  getReserved(): number;
  setReserved(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Account.AsObject;
  static toObject(includeInstance: boolean, msg: Account): Account.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Account, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Account;
  static deserializeBinaryFromReader(message: Account, reader: jspb.BinaryReader): Account;
}

export namespace Account {
  export type AsObject = {
    budget: string,
    key: string,
    windowStart?: google_protobuf_timestamp_pb.Timestamp.AsObject,
    windowEnd?: google_protobuf_timestamp_pb.Timestamp.AsObject,
    unit: string,
    amount: number,
    changed: boolean,
    used: number,
    reserved: number,
  }
}

export class SetAccountRequest extends jspb.Message {
  getBudget(): string;
  setBudget(value: string): void;

  getKey(): string;
  setKey(value: string): void;

  getAmount(): number;
  setAmount(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SetAccountRequest.AsObject;
  static toObject(includeInstance: boolean, msg: SetAccountRequest): SetAccountRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SetAccountRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SetAccountRequest;
  static deserializeBinaryFromReader(message: SetAccountRequest, reader: jspb.BinaryReader): SetAccountRequest;
}

export namespace SetAccountRequest {
  export type AsObject = {
    budget: string,
    key: string,
    amount: number,
  }
}

export class RaiseAccountRequest extends jspb.Message {
  getBudget(): string;
  setBudget(value: string): void;

  getKey(): string;
  setKey(value: string): void;

  getBy(): number;
  setBy(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): RaiseAccountRequest.AsObject;
  static toObject(includeInstance: boolean, msg: RaiseAccountRequest): RaiseAccountRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: RaiseAccountRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): RaiseAccountRequest;
  static deserializeBinaryFromReader(message: RaiseAccountRequest, reader: jspb.BinaryReader): RaiseAccountRequest;
}

export namespace RaiseAccountRequest {
  export type AsObject = {
    budget: string,
    key: string,
    by: number,
  }
}

export class ResetAccountRequest extends jspb.Message {
  getBudget(): string;
  setBudget(value: string): void;

  getKey(): string;
  setKey(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ResetAccountRequest.AsObject;
  static toObject(includeInstance: boolean, msg: ResetAccountRequest): ResetAccountRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ResetAccountRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ResetAccountRequest;
  static deserializeBinaryFromReader(message: ResetAccountRequest, reader: jspb.BinaryReader): ResetAccountRequest;
}

export namespace ResetAccountRequest {
  export type AsObject = {
    budget: string,
    key: string,
  }
}

export class QuotaHealthRequest extends jspb.Message {
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): QuotaHealthRequest.AsObject;
  static toObject(includeInstance: boolean, msg: QuotaHealthRequest): QuotaHealthRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: QuotaHealthRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): QuotaHealthRequest;
  static deserializeBinaryFromReader(message: QuotaHealthRequest, reader: jspb.BinaryReader): QuotaHealthRequest;
}

export namespace QuotaHealthRequest {
  export type AsObject = {
  }
}

export class QuotaHealth extends jspb.Message {
  getCounting(): boolean;
  setCounting(value: boolean): void;

  getProblem(): string;
  setProblem(value: string): void;

  getWaitingSettles(): number;
  setWaitingSettles(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): QuotaHealth.AsObject;
  static toObject(includeInstance: boolean, msg: QuotaHealth): QuotaHealth.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: QuotaHealth, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): QuotaHealth;
  static deserializeBinaryFromReader(message: QuotaHealth, reader: jspb.BinaryReader): QuotaHealth;
}

export namespace QuotaHealth {
  export type AsObject = {
    counting: boolean,
    problem: string,
    waitingSettles: number,
  }
}

