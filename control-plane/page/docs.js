// The page to try calls in: reads the document with the reader's token, and shows streams as they come.

const documentPath = "/openapi.json";
const form = document.querySelector("#reader");
const field = document.querySelector("#token");
const state = document.querySelector("#state");
const events = document.querySelector("#events");
const shown = events.querySelector("pre");
const send = window.fetch.bind(window);

/** In memory only: it goes with the page. */
let token = "";

// The renderer shows an answer once it is whole. A stream is shown as it comes, and given on.
window.fetch = async (...asked) => {
  const answer = await send(...asked);
  const type = answer.headers.get("content-type") ?? "";
  if (!type.startsWith("text/event-stream") || answer.body === null) return answer;
  const [mine, theirs] = answer.body.tee();
  void show(mine);
  const { headers, status, statusText } = answer;
  const copy = new Response(theirs, { headers, status, statusText });
  Object.defineProperty(copy, "url", { value: answer.url });
  return copy;
};

async function show(body) {
  shown.textContent = "";
  events.hidden = false;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      shown.textContent += part.value;
      events.scrollTop = events.scrollHeight;
    }
  } catch {
    shown.textContent += "\nThe stream broke: what came is partial.";
  }
}

async function read() {
  const headers = token === "" ? {} : { authorization: `Bearer ${token}` };
  const answer = await send(documentPath, { headers });
  const said = await answer.json();
  if (!answer.ok) {
    state.textContent = said.error?.message ?? `The gateway answered ${answer.status}.`;
    return;
  }
  state.textContent = token === "" ? "Without a token." : "Shown is what the token may call.";
  // The operator's pages show it too, from where the page may ask nobody but these.
  const edge = new URL(said.servers?.[0]?.url ?? "/", location.href);
  const tries = edge.origin === location.origin;
  if (!tries) state.textContent = `Calls are tried at ${edge.origin}/docs.`;
  const renderer = window.SwaggerUIBundle({
    domNode: document.querySelector("#calls"),
    spec: said,
    deepLinking: true,
    ...(tries ? {} : { supportedSubmitMethods: [] }),
    // Otherwise it would ask a validator of its maker's.
    validatorUrl: null,
    onComplete: () => {
      if (token !== "") renderer.preauthorizeApiKey("bearer", token);
    },
  });
}

function readAgain() {
  read().catch((error) => {
    state.textContent = `The document cannot be read: ${error}`;
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  token = field.value.trim();
  readAgain();
});

readAgain();
