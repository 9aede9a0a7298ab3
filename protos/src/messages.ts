// The generated message modules, each under one name, values and types alike.

export {
  agentPb,
  anyPb,
  codePb,
  directoryPb,
  durationPb,
  errorDetailsPb,
  httpBodyPb,
  leasePb,
  quotaPb,
  statusPb,
  structPb,
  timestampPb,
} from "../gen/messages.js";
