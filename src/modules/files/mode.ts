const masks = { u: 0o4700, g: 0o2070, o: 0o1007 } as const;
const special = { u: { s: 0o4000, t: 0 }, g: { s: 0o2000, t: 0 }, o: { s: 0, t: 0o1000 } } as const;
const shifts = { u: 6, g: 3, o: 0 } as const;
const bits = { r: 4, w: 2, x: 1 } as const;
type Who = keyof typeof masks;

/** Four octal digits. */
export function showMode(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

/** The permission bits of an octal text. */
export function readMode(text: string): number {
  return Number.parseInt(text, 8);
}

/**
 * The mode that `wanted` (octal or symbolic, as chmod takes it) gives to a path that has `current`. A symbolic part
 * without `u`, `g`, `o` or `a` leaves the bits of the umask alone. Throws RangeError for what is no mode.
 */
export function applyMode(wanted: string, current: number, isDirectory: boolean, umask: number): number {
  if (/^[0-7]{1,5}$/.test(wanted) && readMode(wanted) <= 0o7777) return readMode(wanted);
  let mode = current;
  for (const clause of wanted.split(",")) {
    const parts = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/.exec(clause);
    if (parts?.[1] === undefined || parts[2] === undefined) throw new RangeError(`"${wanted}" is not a mode`);
    const all = parts[1] === "" || parts[1].includes("a");
    const who: Who[] = (["u", "g", "o"] as const).filter((one) => all || parts[1]?.includes(one));
    for (const step of parts[2].match(/[-+=][rwxXstugo]*/g) ?? []) {
      for (const one of who) {
        const given = bitsOf(step.slice(1), one, mode, isDirectory, parts[1] === "" ? umask : 0);
        if (step[0] === "+") mode |= given;
        else if (step[0] === "-") mode &= ~given;
        else mode = (mode & ~masks[one]) | given;
      }
    }
  }
  return mode;
}

function bitsOf(letters: string, who: Who, mode: number, isDirectory: boolean, umask: number): number {
  let given = 0;
  for (const letter of letters) {
    if (letter === "r" || letter === "w" || letter === "x") given |= (bits[letter] << shifts[who]) & ~umask;
    else if (letter === "X") given |= isDirectory || (mode & 0o111) !== 0 ? 1 << shifts[who] : 0;
    else if (letter === "s" || letter === "t") given |= special[who][letter];
    else if (letter === "u" || letter === "g" || letter === "o") given |= ((mode >> shifts[letter]) & 7) << shifts[who];
  }
  return given;
}
