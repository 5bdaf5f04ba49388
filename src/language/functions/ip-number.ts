import { isIPv4, isIPv6 } from "node:net";

/** An address as a number, with the bits of its family. */
export interface IpNumber {
  family: 4 | 6;
  value: bigint;
}

/** Bits of an address. */
export function bitsOf(family: 4 | 6): bigint {
  return family === 4 ? 32n : 128n;
}

/** Reads an address; undefined for anything else, such as leading zeros, zones and ports. */
export function readIp(text: string): IpNumber | undefined {
  if (isIPv4(text)) return { family: 4, value: readV4(text) };
  if (!isIPv6(text) || text.includes("%")) return undefined;
  return { family: 6, value: readV6(text) };
}

function readV4(text: string): bigint {
  return text.split(".").reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function readV6(text: string): bigint {
  const v4 = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (v4 !== null) {
    const low = readV4(v4[2] ?? "");
    return readV6(`${v4[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`);
  }
  const [head = "", tail] = text.split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** An address as text; IPv6 in the short form of RFC 5952. */
export function showIp(ip: IpNumber): string {
  if (ip.family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((ip.value >> shift) & 255n)).join(".");
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((ip.value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  const longest = longestZeros(groups);
  if (longest.length < 2) return groups.join(":");
  return `${groups.slice(0, longest.start).join(":")}::${groups.slice(longest.start + longest.length).join(":")}`;
}

function longestZeros(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== "0") start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  });
  return best;
}
