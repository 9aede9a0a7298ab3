// The tokenizer in the model's own file, asked without any code of the assistant's.
import { findModelFile, projectRoot } from "@smartcall/assistant/dist/model-file.js";
import { getLlama, type Token } from "node-llama-cpp";

/** Counts tokens. */
export interface Tokenizer {
  /** Tokens of a text; control tokens such as `<|im_start|>` are read as such where `special`. */
  count(text: string, special: boolean): number;
  close(): Promise<void>;
}

/** Loads the vocabulary of the model that the mesh under test answers with. */
export async function loadTokenizer(): Promise<Tokenizer> {
  const { SMARTCALL_MODEL: set } = process.env;
  const file = findModelFile({ set, root: projectRoot });
  if (!file.ok) throw new Error(file.problem);
  const llama = await getLlama({ gpu: false, build: "never", skipDownload: true });
  const model = await llama.loadModel({ modelPath: file.path, vocabOnly: true, gpuLayers: 0 });
  return {
    count: (text, special) => {
      const tokens: readonly Token[] = model.tokenize(text, special);
      return tokens.length;
    },
    close: () => llama.dispose(),
  };
}
