// Which model a REST call asks for, read from its body before routes are chosen.

import { create } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import {
  JsonToMetadata_ValueType,
  JsonToMetadataSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/json_to_metadata/v3/json_to_metadata_pb.js";
import { type MetadataMatcher, oneOf, text } from "../claim.ts";
import { any } from "../message.ts";

/** Where the filter writes, and routes look. */
const namespace = "smartcall.body";
const modelKey = "model";
const problemKey = "problem";

/**
 * On each REST route of an agent that has routes by model; the listener has it
 * switched off. It waits for the whole body, and chooses the route anew.
 */
export const model = any(JsonToMetadataSchema, {
  requestRules: {
    rules: [
      {
        selectors: [{ selector: { case: "key", value: "model" } }],
        // A number becomes a text, as the transcoder makes it one.
        onPresent: {
          metadataNamespace: namespace,
          key: modelKey,
          type: JsonToMetadata_ValueType.STRING,
        },
        // What is no JSON to this filter may be some to the transcoder, which forgives much.
        onError: {
          metadataNamespace: namespace,
          key: problemKey,
          valueType: {
            case: "value",
            value: create(ValueSchema, { kind: { case: "stringValue", value: "no JSON" } }),
          },
        },
      },
    ],
    // The transcoder asks for no content type either.
    allowEmptyContentType: true,
    allowContentTypesRegex: { regex: ".*" },
  },
});

/** Fits where the body asks for one of these models. */
export function modelMatcher(models: readonly string[]): MetadataMatcher {
  return {
    filter: namespace,
    path: [{ segment: { case: "key", value: modelKey } }],
    value: oneOf(models.map(text)),
  };
}

/** Fits where the body could not be read. */
export const unreadableBody: MetadataMatcher = {
  filter: namespace,
  path: [{ segment: { case: "key", value: problemKey } }],
  value: { matchPattern: { case: "presentMatch", value: true } },
};
