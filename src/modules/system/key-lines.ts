/** One line of an authorized_keys file, taken apart. */
export interface AuthorizedKey {
  /** As written, quotes included; empty for none. */
  options: string;
  type: string;
  /** Base64, which tells one key from another. */
  data: string;
  comment: string;
}

const types =
  /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com|[a-z0-9-]+-cert-v01@openssh\.com)$/;

/** A key, or undefined for a comment, an empty line and what sshd would not take. */
export function parseKey(line: string): AuthorizedKey | undefined {
  const text = line.trim();
  if (text === "" || text.startsWith("#")) return undefined;
  const [first, afterFirst] = splitWord(text);
  const [options, type, rest] = types.test(first) ? ["", first, afterFirst] : [first, ...splitWord(afterFirst)];
  const [data, comment] = splitWord(rest);
  if (!types.test(type) || !/^[A-Za-z0-9+/]+={0,3}$/.test(data)) return undefined;
  return { options, type, data, comment };
}

export function showKey(key: AuthorizedKey): string {
  return [key.options, key.type, key.data, key.comment].filter((part) => part !== "").join(" ");
}

/** The first word, in which a space between double quotes does not end it, and what follows. */
function splitWord(text: string): [string, string] {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === "\\" && text[at + 1] === '"') at += 1;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === " " || sign === "\t")) return [text.slice(0, at), text.slice(at).trim()];
  }
  return [text, ""];
}

/**
 * The text of an authorized_keys file with the keys in it, or without them. A key that is there with other options or
 * another comment is changed in its place; lines that are no keys stay. `exclusive` leaves no other key.
 */
export function editKeys(
  text: string,
  keys: readonly AuthorizedKey[],
  state: "present" | "absent",
  exclusive: boolean,
): string {
  const wanted = new Map(keys.map((key) => [key.data, key]));
  const done = new Set<string>();
  const kept: string[] = [];
  for (const line of text.split(/(?<=\n)/)) {
    const now = parseKey(line);
    const key = now === undefined ? undefined : wanted.get(now.data);
    if (now === undefined) {
      const ignored = line.trim() === "" || line.trim().startsWith("#");
      if (ignored || !exclusive) kept.push(line);
    } else if (key === undefined) {
      if (!exclusive || state === "absent") kept.push(line);
    } else if (state === "present" && !done.has(now.data)) {
      done.add(now.data);
      const comment = key.comment === "" ? now.comment : key.comment;
      const same = now.options === key.options && now.type === key.type && now.comment === comment;
      kept.push(same ? line : `${showKey({ ...key, comment })}\n`);
    }
  }
  let result = kept.join("");
  if (state === "absent") return result;
  for (const [data, key] of wanted) {
    if (done.has(data)) continue;
    if (result !== "" && !result.endsWith("\n")) result += "\n";
    result += `${showKey(key)}\n`;
  }
  return result;
}
