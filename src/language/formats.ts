import { isIP, isIPv4 } from "node:net";
import { nearest } from "../base/nearest.ts";
import { parseDuration } from "../base/time.ts";

/** The formats of schemas beside JSON Schema's own. */
export const FORMATS = ["host", "group", "cidr", "ip", "mode", "duration"] as const;

/** The names that exist. */
export interface FormatNames {
  hosts?: ReadonlySet<string> | undefined;
  groups?: ReadonlySet<string> | undefined;
}

/** What a text lacks to be of a format; undefined when it is. */
export function checkFormat(
  format: string,
  text: string,
  names: FormatNames | undefined,
): { needs: string; hint?: string } | undefined {
  switch (format) {
    case "host":
      return checkName(text, names?.hosts, "host of the inventory");
    case "group":
      return checkName(text, names?.groups, "group of the inventory");
    case "ip":
      return isIP(text) !== 0 ? undefined : { needs: "IP address", hint: "for example 192.168.1.1 or fd00::1" };
    case "cidr":
      return isCidr(text)
        ? undefined
        : { needs: "network", hint: "an address and the length of its prefix: 10.42.0.0/16" };
    case "mode":
      return isMode(text) ? undefined : { needs: "mode", hint: 'quoted octal ("0644") or symbolic ("u=rw,go=r")' };
    case "duration":
      return parseDuration(text) === undefined
        ? { needs: "duration", hint: "seconds, or numbers with units: 90s, 5m, 1h30m" }
        : undefined;
    default:
      return undefined;
  }
}

function checkName(
  text: string,
  names: ReadonlySet<string> | undefined,
  what: string,
): { needs: string; hint?: string } | undefined {
  if (names === undefined || names.has(text)) return undefined;
  const near = nearest(text, names);
  return near === undefined ? { needs: what } : { needs: what, hint: `did you mean "${near}"?` };
}

/** An address, a slash and the length of the prefix. */
export function isCidr(text: string): boolean {
  const [address = "", prefix = "", ...rest] = text.split("/");
  if (rest.length > 0 || isIP(address) === 0 || address.includes("%") || !/^(?:0|[1-9]\d{0,2})$/.test(prefix))
    return false;
  return Number(prefix) <= (isIPv4(address) ? 32 : 128);
}

/** Three or four octal digits, or chmod's symbolic form. */
export function isMode(text: string): boolean {
  const clause = "[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+";
  return /^0?[0-7]{3,4}$/.test(text) || new RegExp(`^${clause}(?:,${clause})*$`).test(text);
}
