import { Secret } from "../../base/secret.ts";

/** The plain text of an argument that names something. `noSecrets` has refused a secret before. */
export function plain(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value;
}

/** Messages for arguments that would be seen by everybody in the list of processes. */
export function noSecrets(args: object, names: readonly string[]): string[] {
  const values = args as Readonly<Record<string, unknown>>;
  return names
    .filter((name) => [values[name]].flat().some((value) => value instanceof Secret))
    .map((name) => `\`${name}\` cannot be a secret: it would be seen in the host's list of processes`);
}

/** A message when the name of a user or group is none that all tools take. */
export function nameMistakes(what: string, value: unknown): string[] {
  if (typeof value !== "string" || /^[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?$/.test(value)) return [];
  return [
    `"${value}" is no name of a ${what}: letters, digits, \`_\`, \`.\` and \`-\`, not starting with a digit, at most 32`,
  ];
}
