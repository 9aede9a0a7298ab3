// All behaviours that can be switched off.

import { around } from "./around.ts";
import { claims } from "./claims.ts";
import { claimsAround } from "./claims-around.ts";
import type { Mutation } from "./mutation.ts";
import { protocol } from "./protocol.ts";

export const mutations: readonly Mutation[] = [...protocol, ...around, ...claims, ...claimsAround];
