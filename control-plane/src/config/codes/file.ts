// Codes of files that are missing or cannot be used.

import type { CodeRow } from "./row.ts";

/** Rows of the table of codes. */
export const fileCodes = {
  SC001: {
    kind: "file",
    message: "{path} does not exist.",
    hint: "Create it, or name another file or folder; without a name it is what SMARTCALL_MESH says.",
    about:
      "The file or folder that describes the mesh is not there. While the mesh runs, the last good version is kept: a deleted file never means “no routes”.",
  },
  SC002: {
    kind: "file",
    message: "{path} cannot be read: {reason}.",
    hint: "Make it a file that the user who runs Smart Call may read.",
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
    message: "{path} is not UTF-8 text from here on.",
    hint: "Save it as UTF-8.",
    about: "YAML is text, and Smart Call reads it as UTF-8 only.",
  },
  SC006: {
    kind: "file",
    message: "The file {path} cannot be read: {reason}.",
    hint: "A path is taken from the folder of the file that names it; check it, and who may read it.",
    about: "A certificate, key or authority that `mesh.yaml` names is missing or may not be read.",
  },
  SC007: {
    kind: "file",
    message: "{path} holds no certificate.",
    hint: "Give a PEM file that begins with -----BEGIN CERTIFICATE-----.",
    about:
      "`cert` must be a PEM file with the gateway's certificate, followed by those between it and its authority; `ca` one with the certificates of authorities.",
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
  SC011: {
    kind: "file",
    message: "{path} holds no JSON Web Key Set.",
    hint: 'Give the file that the issuer publishes, such as `{ "keys": [{ "kty": "EC", … }] }`.',
    about:
      "The `file` of an issuer's `keys` must be a JSON Web Key Set (RFC 7517) of at most 256 KiB.",
  },
  SC012: {
    kind: "file",
    message: "{path} holds no public key that can be used.",
    hint: "Give keys for signatures: RSA of 2,048 bits or more, EC on P-256, P-384 or P-521, or Ed25519.",
    about:
      "Keys of other kinds, and for other purposes, are left out of a key set. No key was left of this one.",
  },
  SC013: {
    kind: "file",
    message: "{path} holds a key that tokens are signed with.",
    hint: "Give the public keys only, and replace the key: whoever has read it can make tokens.",
    about:
      "A key set that is named in `mesh.yaml` is given to every gateway, so it must hold nothing but public keys. Issuers that sign with a shared secret (HS256) are not taken.",
  },
  SC014: {
    kind: "file",
    message: "The environment variable `{name}` is not set.",
    hint: "Set it where the control plane is started, or name a file: `key: { file: PATH }`.",
    about:
      "A key that `egress` names by `env` is read from the environment of the control plane, and of commands that check a whole mesh, when they start.",
  },
  SC015: {
    kind: "file",
    message: "{source} holds no key: it is empty.",
    hint: "Put the key there, and nothing else.",
    about: "Spaces and line breaks around a key are left out; nothing was left of this one.",
  },
  SC016: {
    kind: "file",
    message: "{source} holds what cannot be sent as a key.",
    hint: "Put the key there by itself, on one line of at most 8,192 letters, digits and signs of ASCII.",
    about:
      "A key is sent in a header. A line break or another control character in it would end the header.",
  },
  SC017: {
    kind: "file",
    message: "{path} cannot be read: as many files are open as may be.",
    hint: "Raise the limit of open files where Smart Call is started (`ulimit -n`, `LimitNOFILE` of a systemd unit), and save the file again.",
    about:
      "Nothing is wrong with the file: the process, or the machine, has no room for another one that is open. Each connection counts as one. What was served is served on.",
  },
} as const satisfies Readonly<Record<string, CodeRow>>;
