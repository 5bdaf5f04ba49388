import type { Secret } from "../../base/secret.ts";
import { type Shell, sh } from "../../base/shell.ts";
import { arg } from "../args.ts";
import { plainText } from "./blob.ts";

/** The argument of modules that can try new content before it replaces the old. */
export const validateArg = arg.string(
  "A command that checks the new content before it replaces the old: `%s` is the file it is in. It is run without a shell.",
);

/** What is wrong with a `validate`, if anything. */
export function validationMistake(given: string | Secret | undefined): string | undefined {
  if (given === undefined) return undefined;
  const command = plainText(given);
  if (!command.includes("%s")) return "validate must contain %s, the place of the file to check";
  return splitWords(command) === undefined ? "validate has a quote that is never closed" : undefined;
}

/** Runs the check on what is staged; the old file stays when it fails. */
export function validation(given: string | Secret | undefined): Shell[] {
  if (given === undefined) return [];
  const command = plainText(given);
  const words = (splitWords(command) ?? []).map((word) => {
    const parts = word.split("%s").map((part) => (part === "" ? "" : sh`${part}`.text));
    return { text: parts.join('"$staged"'), blobs: [] };
  });
  const run = { text: words.map((word) => word.text).join(" "), blobs: [] };
  return [
    sh`${run} >&2 || { validated=$?; printf 'validation failed (exit status %s): %s\\n' "$validated" ${command} >&2; exit 1; }`,
  ];
}

/** Words as a shell would split them, quotes and backslashes honoured, nothing expanded; undefined for an open quote. */
function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== "") {
      if (char === quote) quote = "";
      else if (quote === '"' && char === "\\" && /["\\]/.test(text.charAt(at + 1)))
        word = `${word ?? ""}${text.charAt(++at)}`;
      else word = `${word ?? ""}${char}`;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= "";
    } else if (char === "\\" && at + 1 < text.length) word = `${word ?? ""}${text.charAt(++at)}`;
    else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = `${word ?? ""}${char}`;
  }
  if (word !== undefined) words.push(word);
  return quote === "" ? words : undefined;
}
