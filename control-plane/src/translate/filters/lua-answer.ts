// The part of the Lua program for answers that tells errors in the mesh's words.

import { canonicalCodes, saidStatus } from "@smartcall/protos";
import {
  errorDomain,
  grpcStatusOf,
  invalidToken,
  type Refusal,
  rowOf,
  statusDetails,
} from "../refusal.ts";
import { luaErrors } from "./lua-errors.ts";
import { luaFields } from "./lua-fields.ts";
import { listMetadata, luaLists } from "./lua-lists.ts";

/** What gRPC libraries refuse to read. */
const largerThanRead: Refusal = {
  reason: "REQUEST_TOO_LARGE",
  message: "The request is larger than the agent reads.",
};

const badAnswer: Refusal = {
  reason: "BAD_ANSWER",
  message: "The agent's answer could not be understood.",
};

/** What is put in place again of what an instance says: by the code, the HTTP status. */
const saidRows = (["UNAVAILABLE", "DEADLINE_EXCEEDED"] as const).map(
  (name) => `["${canonicalCodes[name]}"] = "${saidStatus.http[name]}",`,
);

/** As the transcoder would write it. */
function statusText(refusal: Refusal): string {
  const { fault, retry, retrySeconds, status } = rowOf(refusal);
  const info = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason: refusal.reason,
    domain: errorDomain,
    metadata: { fault, retry },
  };
  const again = {
    "@type": "type.googleapis.com/google.rpc.RetryInfo",
    retryDelay: `${retrySeconds}s`,
  };
  return JSON.stringify({
    code: canonicalCodes[status],
    message: refusal.message,
    details: retrySeconds === undefined ? [info] : [info, again],
  });
}

/**
 * `answer` wraps the bare google.rpc.Status that the transcoder writes, says when to come
 * again, names the field that a bad request is about, and says in the mesh's words what gRPC
 * libraries say of a message that is too large for them to read. It puts in place what an
 * instance means that is full, or was given too little time. What is no answer of an agent at
 * all, such as a page or a redirect, goes no further.
 *
 * A successful answer costs it a look at the status and at the type of its content.
 */
export const luaAnswer = `
${luaLists}
${luaFields}
${luaErrors}
local said = {
  ${saidRows.join("\n  ")}
}

local function searched(handle)
  return (handle:streamInfo():dynamicMetadata():get("${listMetadata}") or {}).list
end

local function is_answer(status, kind)
  if status:find("^3") then return false end
  return kind == "application/json" or kind == "application/grpc"
    or kind:find("^text/event%-stream") or kind:find("^application/grpc%+")
end

local function refuse_answer(handle, headers)
  local text = wrap([[${statusText(badAnswer)}]], "${rowOf(badAnswer).http}", headers:get("x-request-id") or "")
  for _, name in ipairs({ "location", "content-encoding", "grpc-message", "grpc-status-details-bin" }) do
    headers:remove(name)
  end
  headers:replace(":status", "${rowOf(badAnswer).http}")
  headers:replace("content-type", "application/json")
  headers:replace("grpc-status", "${grpcStatusOf(badAnswer)}")
  headers:replace("retry-after", "${rowOf(badAnswer).retrySeconds}")
  handle:body(true):setBytes(text)
end

local function answer(handle)
  local headers = handle:headers()
  local status = headers:get(":status")
  local kind = headers:get("content-type") or ""
  if not is_answer(status, kind) then
    return refuse_answer(handle, headers)
  end
  -- It is for the gateway; where an answer is nothing but trailers they became headers.
  if not kind:find("^application/grpc") then headers:remove("smartcall-usage") end
  local code_said = headers:get("${saidStatus.header}")
  local http_said = code_said and said[code_said]
  if code_said ~= nil then headers:remove("${saidStatus.header}") end
  if http_said then headers:replace("grpc-status", code_said) end
  if headers:get("grpc-status") == "8"
    and (headers:get("grpc-message") or ""):find("eceived[ %%20]+message[ %%20]+larger") then
    headers:replace("grpc-status", "3")
    headers:replace("grpc-message", "${largerThanRead.message}")
    headers:replace("grpc-status-details-bin", "${statusDetails(largerThanRead)}")
  end
  if status < "400" or kind ~= "application/json" then return end
  if http_said then
    status = http_said
    headers:replace(":status", status)
  end
  local request_id = headers:get("x-request-id") or ""
  local body = handle:body()
  if body == nil then return end
  local bytes = body:getBytes(0, body:length())
  local text = status == "400" and name_field(bytes, searched(handle))
  local code
  if not text then text, code = wrap(bytes, status, request_id) end
  if not text then return end
  body:setBytes(text)
  if code == nil then return end
  handle:headers():replace("grpc-status", code)
  if status == "401" then
    local expired = text:find('"reason":"TOKEN_EXPIRED"', 1, true)
    handle:headers():replace("www-authenticate", expired and '${invalidToken}' or "Bearer")
  end
  local delay = text:match('google%.rpc%.RetryInfo","retryDelay":"([%d.]+)s"')
  if delay ~= nil then
    handle:headers():replace("retry-after", string.format("%d", math.max(1, math.ceil(tonumber(delay)))))
  end
end
`;
