import type { Place } from "../errors/place.ts";

/**
 * A use of a name: its root and the keys read from it as far as they are written (`k3s.token`, `hosts["x"].k3s`); `null`
 * is a key that is computed.
 */
export interface NamePath {
  root: string;
  path: readonly (string | null)[];
  place: Place;
  /** True when the use allows that the end of the path does not exist: has(), `.?`, `default`, `if`. */
  guarded: boolean;
  /** The same for each part of `path`. */
  guardedParts: readonly boolean[];
}

/** A path as one text, to compare paths: `k3s.token`. */
export function pathText(root: string, path: readonly (string | null)[]): string {
  return path.reduce<string>(
    (text, part) =>
      part === null ? `${text}[…]` : /^[A-Za-z_]\w*$/.test(part) ? `${text}.${part}` : `${text}["${part}"]`,
    root,
  );
}
