// Every code that a diagnostic can have: its kind, its words, what to do.

/** What sort of mistake a code stands for; a code's first digit says the same. */
export const kinds = {
  file: "A file is missing or cannot be used.",
  syntax: "The text is not YAML as Smart Call reads it.",
  schema: "A key is unknown or missing, or a value is of the wrong form.",
  reference: "Something names what does not exist.",
  semantic: "Each part is right, but together they make no sense.",
  "not yet": "The key belongs to the language, but does nothing in this version.",
  secret: "A secret is written in the file.",
} as const;

/** The kind of a code. */
export type Kind = keyof typeof kinds;

/** One row of the table. `{words}` in braces are filled in where the mistake is found. */
export interface CodeRow {
  readonly kind: Kind;
  /** An error, unless it says otherwise. */
  readonly severity?: "warning";
  readonly message: string;
  readonly hint: string;
  /** A paragraph for `docs/errors.md`. */
  readonly about: string;
}

/** The table of codes. A code is never given a second meaning. */
export const codes = {
  SC001: {
    kind: "file",
    message: "{path} does not exist.",
    hint: "Create it, or set SMARTCALL_MESH to the file or folder that you mean.",
    about:
      "The file or folder that describes the mesh is not there. While the mesh runs, the last good version is kept: a deleted file never means “no routes”.",
  },
  SC002: {
    kind: "file",
    message: "{path} cannot be read: {reason}.",
    hint: "Let the user that runs Smart Call read it.",
    about: "The file is there, but the operating system does not let it be read.",
  },
  SC003: {
    kind: "file",
    message: "The folder {path} has no file that ends in .yaml or .yml.",
    hint: "Put mesh.yaml into it, or name another file or folder.",
    about:
      "A folder is read as one mesh: all of its .yaml and .yml files, but not those of folders inside it, nor those whose name begins with a dot.",
  },
  SC004: {
    kind: "file",
    message: "{path} makes the mesh larger than {limit}.",
    hint: "Check that it is the right file.",
    about: "All files of a mesh together may have at most 8 MiB, so that reading stays quick.",
  },
  SC005: {
    kind: "file",
    message: "{path} is not UTF-8 text.",
    hint: "Save it as UTF-8.",
    about: "YAML is text, and Smart Call reads it as UTF-8 only.",
  },
  SC006: {
    kind: "file",
    message: "The file {path} cannot be read: {reason}.",
    hint: "A path is taken from the folder of the file that names it; check it, and who may read it.",
    about: "A certificate or key that `mesh.yaml` names is missing or may not be read.",
  },
  SC007: {
    kind: "file",
    message: "{path} holds no certificate.",
    hint: "Give a PEM file that begins with -----BEGIN CERTIFICATE-----: the gateway's first, then those between it and its authority.",
    about: "`cert` must be a PEM file with one certificate or a chain of them.",
  },
  SC008: {
    kind: "file",
    message: "{path} holds no private key that can be used.",
    hint: "Give an unencrypted PEM file that begins with -----BEGIN PRIVATE KEY-----.",
    about: "`key` must be a PEM file with one private key and no passphrase.",
  },
  SC009: {
    kind: "file",
    message: "The key in {path} does not belong to the certificate in {certificate}.",
    hint: "Give the key that the certificate was issued for.",
    about: "A gateway can only prove itself with the key that its certificate was issued for.",
  },
  SC010: {
    kind: "file",
    severity: "warning",
    message: "The certificate in {path} expired on {date}.",
    hint: "Renew it; callers refuse the gateway until then.",
    about: "The certificate is used, but every client that checks it will refuse the connection.",
  },

  SC101: {
    kind: "syntax",
    message: "This is not valid YAML: {problem}.",
    hint: "{advice}",
    about:
      "The text breaks the rules of YAML, so what follows it cannot be trusted. The file's other checks are done once this is put right.",
  },
  SC102: {
    kind: "syntax",
    message: "The key `{key}` is written twice; first on {first}.",
    hint: "Keep one of the two.",
    about: "YAML tools disagree about which of two equal keys counts, so neither is taken.",
  },
  SC103: {
    kind: "syntax",
    message: "A tab is used to indent.",
    hint: "Indent with spaces.",
    about: "YAML allows only spaces before the first word of a line.",
  },
  SC104: {
    kind: "syntax",
    message: "A second document begins here.",
    hint: "Remove the line `---`, or put what follows into a file of its own in a folder.",
    about: "One file holds one YAML document. To split a mesh, give a folder of files.",
  },
  SC105: {
    kind: "syntax",
    message: "The alias `*{name}` has no anchor `&{name}` above it.",
    hint: "Write `&{name}` before the value that you want to use again.",
    about: "An alias repeats a value that was marked with an anchor earlier in the same file.",
  },
  SC106: {
    kind: "syntax",
    message: "With its aliases written out, this file has more than {limit} values.",
    hint: "Use fewer aliases of aliases.",
    about:
      "A few lines of nested aliases can stand for billions of values; such a file is refused.",
  },
  SC107: {
    kind: "syntax",
    message: "The file is empty.",
    hint: "A mesh needs at least `mesh: NAME` and `agents:`.",
    about: "An empty file is most often one that is being written, so it never means “no routes”.",
  },
  SC108: {
    kind: "syntax",
    message: "`<<` merges mappings only.",
    hint: "Write `<<: *name`, where `&name` marks a mapping.",
    about: "The merge key takes over the keys of a mapping, or of a list of mappings.",
  },
  SC109: {
    kind: "syntax",
    message: "The tag `{tag}` has no meaning here.",
    hint: "Remove it.",
    about: "Only YAML's own types are known: texts, numbers, true and false, lists and mappings.",
  },
  SC110: {
    kind: "syntax",
    message: "A key must be a plain word.",
    hint: "Write `key: value`. A value that begins with { or [ goes after the colon, or in quotes.",
    about: "YAML lets a list or a mapping be a key; the language of `mesh.yaml` does not.",
  },
  SC111: {
    kind: "syntax",
    message: "Values are nested more than {limit} deep.",
    hint: "Check the brackets; nothing in `mesh.yaml` is this deep.",
    about: "Nesting is bounded, so that no file can exhaust the control plane.",
  },

  SC201: {
    kind: "schema",
    message: "Unknown key `{key}` in {where}.",
    hint: "{advice}",
    about: "A key that means nothing is refused, since it is most often a slip of the pen.",
  },
  SC202: {
    kind: "schema",
    message: "{what} must be {expected}, but is {found}.",
    hint: "{advice}",
    about:
      "A value has the wrong type. YAML 1.2 knows only `true` and `false`: `yes`, `no`, `on` and `off` are texts.",
  },
  SC203: {
    kind: "schema",
    message: "The key `{key}` is missing in {where}.",
    hint: "Add it, such as `{example}`.",
    about: "The language needs this key and has no default for it.",
  },
  SC204: {
    kind: "schema",
    message: "`{value}` cannot be the name of {what}.",
    hint: "Use 1 to 63 lower-case letters, digits and dashes, with no dash at either end{advice}.",
    about:
      "Names appear in host names, certificates and metrics, so they are DNS labels (RFC 1123).",
  },
  SC205: {
    kind: "schema",
    message: "{what} must be a whole number from {min} to {max}, but is {value}.",
    hint: "Write a number in that range, without quotes.",
    about: "A number is out of its range, or has a fraction.",
  },
  SC206: {
    kind: "schema",
    message: "{what} must be a length of time, but is {found}.",
    hint: "Write a whole number and a unit: `500ms`, `60s`, `2m` or `1h`; at least 1ms, at most 24h.",
    about:
      "Times are written with their unit, since a bare number says neither seconds nor minutes.",
  },
  SC207: {
    kind: "schema",
    message: "{what} must not be empty.",
    hint: "{advice}",
    about: "An empty list or text would match or allow nothing.",
  },
  SC208: {
    kind: "schema",
    message: "`{value}` is not {expected}.",
    hint: "{advice}",
    about: "A text does not have the form that its key needs.",
  },

  SC301: {
    kind: "reference",
    message: "The route `{route}` sends calls to `{agent}`, which `agents` does not list.",
    hint: "{advice}",
    about: "A route can only send calls to agents of the same mesh.",
  },
  SC302: {
    kind: "reference",
    message: "The route `{route}` takes calls to `{agent}`, which `agents` does not list.",
    hint: "{advice}",
    about: "A route's `match` can only name agents of the same mesh.",
  },

  SC401: {
    kind: "semantic",
    message:
      "The routes `{route}` and `{other}` ({place}) tie: both take {calls}, and neither is more specific.",
    hint: "Add a header or a claim to one of them, or remove one.",
    about:
      "The order of the file never decides. Of two routes that take the same call the one with more headers counts, then the one with more claims; where that is equal too, a third route that asks for all that both ask for also settles it.",
  },
  SC402: {
    kind: "semantic",
    message: "The route `{route}` can never match: {reason}.",
    hint: "{advice}",
    about: "No call can ever have what this route asks for.",
  },
  SC403: {
    kind: "semantic",
    message: "Every weight of the route `{route}` is 0, so its calls can go nowhere.",
    hint: "Give at least one agent a weight above 0.",
    about:
      "Weights are shares of their sum. 0 is allowed for an agent that is to get no calls for a while, but not for all of them.",
  },
  SC404: {
    kind: "semantic",
    message: "The route `{route}` is public, but matches claims, which only a token has.",
    hint: "Remove `public: true`, or remove `claims`.",
    about: "A public route takes callers without a token, and without a token there are no claims.",
  },
  SC405: {
    kind: "semantic",
    message: "The route `{route}` is public, but also says who is allowed.",
    hint: "Remove `public: true`, or remove `allow`.",
    about: "A route is either for everybody or for callers with scopes.",
  },
  SC406: {
    kind: "semantic",
    message: "Two routes have the name `{route}`; the first is on {place}.",
    hint: "Give each route a name of its own.",
    about: "A route is shown, measured and reported by its name.",
  },
  SC407: {
    kind: "semantic",
    message: "`{key}` is already set on {place}.",
    hint: "Keep it in one file only; agents and routes may be spread over several.",
    about: "In a folder of files, what describes the mesh as a whole is written once.",
  },

  SC501: {
    kind: "not yet",
    message: "`{key}` in {where} is not supported yet. It will say {meaning}.",
    hint: "Remove it; this version would not do what it says.",
    about:
      "The key is reserved. Until then it is refused, since ignoring it would leave you without what you asked for.",
  },

  SC601: {
    kind: "secret",
    message: "A secret is written in this file.",
    hint: "Put it into a file that Git does not see, name it as `{ file: PATH }`, and replace the secret: it may have been read.",
    about:
      "`mesh.yaml` lives in Git and is shown to people, so secrets are only ever named in it. It is not printed.",
  },
} as const satisfies Readonly<Record<string, CodeRow>>;

/** A code of the table. */
export type Code = keyof typeof codes;
