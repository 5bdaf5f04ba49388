import { Secret } from "./secret.ts";

/** Bytes that travel beside a shell text as a frame of their own and are a file on the host while it runs. */
export interface Blob {
  /** Lower-case hex SHA-256 of the bytes; the identity of the blob. */
  sha256: string;
  size: number;
  /** True when made from a secret: never staged where others read, removed after use. */
  secret: boolean;
  bytes: () => Buffer;
}

/** Shell text with everything interpolated already quoted. Only `sh` and `joinShell` make one. */
export interface Shell {
  readonly text: string;
  readonly blobs: readonly Blob[];
}

/** One word for a POSIX shell: single quotes, so nothing in it is read as shell. NUL cannot be in a word. */
export function quote(word: string): string {
  if (word.includes("\0")) throw new TypeError("a NUL byte cannot be part of a shell word");
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) && !word.startsWith("=")) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

export type Interpolated = string | number | readonly string[] | Shell | { blob: Blob };

/**
 * Builds shell text. Strings and numbers become one quoted word, lists several words, another `Shell` is put in as it
 * is, `{blob}` becomes the quoted path of a file that holds the bytes (inside a batch: `"$B/<sha256>"`).
 * A `Secret` is refused: it would end in an argument list; send it as a blob.
 */
export function sh(parts: TemplateStringsArray, ...values: (Interpolated | Secret)[]): Shell {
  const blobs: Blob[] = [];
  let text = parts[0] ?? "";
  values.forEach((value, index) => {
    if (value instanceof Secret) throw new TypeError("a secret cannot be a shell word: send it as a blob");
    if (typeof value === "string") text += quote(value);
    else if (typeof value === "number") text += quote(String(value));
    else if (isShell(value)) {
      text += value.text;
      blobs.push(...value.blobs);
    } else if ("blob" in value) {
      text += `"$B/${value.blob.sha256}"`;
      blobs.push(value.blob);
    } else text += value.map(quote).join(" ");
    text += parts[index + 1] ?? "";
  });
  return { text, blobs };
}

/** Several shell texts, one after another, each on lines of its own. */
export function joinShell(parts: readonly Shell[]): Shell {
  return { text: parts.map((part) => part.text).join("\n"), blobs: parts.flatMap((part) => part.blobs) };
}

function isShell(value: object): value is Shell {
  return "text" in value && "blobs" in value;
}
