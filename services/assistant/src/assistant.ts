// The assistant: an agent that answers with a language model on this machine.

import { randomInt } from "node:crypto";
import { type Agent, isMain, serveAgent } from "@smartcall/agent-kit";
import { type Log, readSettings } from "@smartcall/runtime";
import { loadModel, type Model } from "./model.ts";
import { findModelFile, projectRoot } from "./model-file.ts";
import { streamAnswer } from "./stream-answer.ts";

/** The assistant, answering with the model at `path`; left out: the one that the settings say. */
export function createAssistant(path?: string): Agent {
  let model: Model | undefined;
  return {
    name: "assistant",
    version: "0.1.0",
    description: "Answers with a language model that runs on this machine.",
    // The model computes one answer at a time; two at once would each take twice as long.
    concurrency: { running: 1, waiting: 16 },

    async start(log) {
      const file = path ?? modelPath();
      const began = performance.now();
      model = await load(file, log);
      const { name, contextSize, threads } = model;
      const loadMs = Math.round(performance.now() - began);
      log.info({ model: name, file, contextSize, threads, loadMs }, "model loaded");
    },

    async stop() {
      await model?.close();
      model = undefined;
    },

    stream(call) {
      if (model === undefined) throw new Error("called before it was started");
      return streamAnswer(model, call, () => randomInt(2 ** 31));
    },
  };
}

function modelPath(): string {
  const settings = readSettings(["model"], { env: process.env, cwd: process.cwd() });
  if (!settings.ok) throw new Error(settings.problems.join("\n"));
  const file = findModelFile({ set: settings.values.model, root: projectRoot });
  if (!file.ok) throw new Error(file.problem);
  return file.path;
}

async function load(path: string, log: Log): Promise<Model> {
  try {
    return await loadModel({
      path,
      onWarning: (message) => log.warn({ engine: message }, "model"),
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const remedy = "Set SMARTCALL_MODEL to another GGUF file.";
    throw new Error(`The model ${path} could not be loaded: ${why}. ${remedy}`);
  }
}

if (isMain(import.meta.url)) serveAgent(createAssistant());
