// `google.api.HttpBody`, which Envoy reads by its numbers whatever its descriptor says.

import { type DescMessage, ScalarType } from "@bufbuild/protobuf";

/** What is wrong with a type that has its name; nothing where it has another. */
export function problemsOfBody(type: DescMessage): readonly string[] {
  if (type.typeName !== "google.api.HttpBody") return [];
  const [content, data, more, ...others] = [...type.fields].sort((a, b) => a.number - b.number);
  const fits =
    content?.name === "content_type" &&
    content.number === 1 &&
    content.fieldKind === "scalar" &&
    content.scalar === ScalarType.STRING &&
    data?.name === "data" &&
    data.number === 2 &&
    data.fieldKind === "scalar" &&
    data.scalar === ScalarType.BYTES &&
    more?.number === 3 &&
    more.fieldKind === "list" &&
    more.listKind === "message" &&
    more.message.typeName === "google.protobuf.Any" &&
    others.length === 0;
  return fits ? [] : ["google.api.HttpBody is not Google's; import google/api/httpbody.proto"];
}
