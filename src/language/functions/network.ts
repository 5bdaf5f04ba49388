import type { Value } from "../../base/value.ts";
import { isCidr } from "../formats.ts";
import { FunctionError, Special } from "../cel-value.ts";
import { any, type CelFunction, fn, int, method, string, type Type } from "./define.ts";
import { bitsOf, type IpNumber, readIp, showIp } from "./ip-number.ts";

/** An address. */
export class Ip extends Special {
  readonly typeName = "ip";
  constructor(readonly number: IpNumber) {
    super();
  }
  equals(other: Special): boolean {
    return (
      other instanceof Ip && other.number.family === this.number.family && other.number.value === this.number.value
    );
  }
  override toString(): string {
    return showIp(this.number);
  }
  outside(): Value {
    return showIp(this.number);
  }
}

/** An address with the length of a prefix. */
export class Cidr extends Special {
  readonly typeName = "cidr";
  constructor(
    readonly address: IpNumber,
    readonly prefix: number,
  ) {
    super();
  }
  equals(other: Special): boolean {
    return other instanceof Cidr && other.toString() === this.toString();
  }
  override toString(): string {
    return `${showIp(this.address)}/${this.prefix}`;
  }
  outside(): Value {
    return this.toString();
  }
  /** Bits of the address that belong to hosts. */
  get hostBits(): bigint {
    return bitsOf(this.address.family) - BigInt(this.prefix);
  }
  /** The first address. */
  get first(): bigint {
    return (this.address.value >> this.hostBits) << this.hostBits;
  }
  contains(ip: IpNumber): boolean {
    return ip.family === this.address.family && ip.value >> this.hostBits === this.address.value >> this.hostBits;
  }
}

const ip: Type<Ip> = { name: "ip", read: (value) => (value instanceof Ip ? value : undefined) };
const cidr: Type<Cidr> = { name: "cidr", read: (value) => (value instanceof Cidr ? value : undefined) };
/** An address, or the text of one. */
const ipLike: Type<Ip> = { name: "ip", read: (value) => (typeof value === "string" ? toIp(value) : ip.read(value)) };
/** A network, or the text of one. */
const cidrLike: Type<Cidr> = {
  name: "cidr",
  read: (value) => (typeof value === "string" ? toCidr(value) : cidr.read(value)),
};

function toIp(text: string): Ip {
  const number = readIp(text);
  if (number === undefined)
    throw new FunctionError(`"${text}" is no IP address`, text.includes("/") ? "cidr(…) takes a network" : undefined);
  return new Ip(number);
}

function toCidr(text: string): Cidr {
  const [address = "", prefix = ""] = text.split("/");
  const number = readIp(address);
  if (number === undefined || !isCidr(text))
    throw new FunctionError(`"${text}" is no network`, "an address and the length of its prefix: 10.42.0.0/16");
  return new Cidr(number, Number(prefix));
}

/** Addresses and networks. */
export const networkFunctions: readonly CelFunction[] = [
  fn("ip", [string], "ip", "The address a text shows", (_context, text) => toIp(text)),
  fn(
    "isIP",
    [any],
    "bool",
    "Whether a text shows an address",
    (_context, value) => typeof value === "string" && readIp(value) !== undefined,
  ),
  fn(
    "ip.isCanonical",
    [string],
    "bool",
    "Whether a text shows an address in its usual form",
    (_context, text) => toIp(text).toString() === text,
  ),
  fn("cidr", [string], "cidr", "The network a text shows", (_context, text) => toCidr(text)),
  fn(
    "isCIDR",
    [any],
    "bool",
    "Whether a text shows a network",
    (_context, value) => typeof value === "string" && isCidr(value),
  ),
  method("family", [ipLike], "int", "4 or 6", (value) => BigInt(value.number.family)),
  method("isLoopback", [ip], "bool", "Whether it is an address of the host itself", (value) =>
    inside(value, "127.0.0.0/8", "::1/128"),
  ),
  method("isUnspecified", [ip], "bool", "Whether it is 0.0.0.0 or ::", (value) => value.number.value === 0n),
  method("isLinkLocalUnicast", [ip], "bool", "Whether it is valid on one link only", (value) =>
    inside(value, "169.254.0.0/16", "fe80::/10"),
  ),
  method("isLinkLocalMulticast", [ip], "bool", "Whether it is a multicast address of one link", (value) =>
    inside(value, "224.0.0.0/24", "ff02::/16"),
  ),
  method("isGlobalUnicast", [ip], "bool", "Whether it is an address of one host beyond its link", isGlobalUnicast),
  method("ip", [cidr], "ip", "The address of a network as it is written", (value) => new Ip(value.address)),
  method(
    "masked",
    [cidr],
    "cidr",
    "The network with its first address",
    (value) => new Cidr({ family: value.address.family, value: value.first }, value.prefix),
  ),
  method("prefixLength", [cidr], "int", "The length of the prefix", (value) => BigInt(value.prefix)),
  method("containsIP", [cidr, ipLike], "bool", "Whether an address is in the network", (network, address) =>
    network.contains(address.number),
  ),
  method(
    "containsCIDR",
    [cidr, cidrLike],
    "bool",
    "Whether a network is in the network",
    (network, other) => other.prefix >= network.prefix && network.contains(other.address),
  ),
  fn("cidr.overlaps", [cidrLike, cidrLike], "bool", "Whether two networks share an address", (_context, a, b) =>
    a.prefix <= b.prefix ? a.contains(b.address) : b.contains(a.address),
  ),
  fn("cidr.nth", [cidrLike, int], "ip", "The n-th address of a network; -1 is the last", (_context, network, n) =>
    nth(network, n),
  ),
  fn("cidr.netmask", [cidrLike], "string", "The netmask of a network: 255.255.255.0", (_context, network) => {
    const ones = (1n << BigInt(network.prefix)) - 1n;
    return showIp({ family: network.address.family, value: ones << network.hostBits });
  }),
];

function inside(value: Ip, v4: string, v6: string): boolean {
  return toCidr(value.number.family === 4 ? v4 : v6).contains(value.number);
}

function isGlobalUnicast(value: Ip): boolean {
  const special =
    inside(value, "127.0.0.0/8", "::1/128") ||
    inside(value, "169.254.0.0/16", "fe80::/10") ||
    inside(value, "224.0.0.0/4", "ff00::/8");
  return !special && value.number.value !== 0n && showIp(value.number) !== "255.255.255.255";
}

function nth(network: Cidr, n: bigint): Ip {
  const size = 1n << network.hostBits;
  const index = n < 0n ? size + n : n;
  if (index < 0n || index >= size)
    throw new FunctionError(`the network ${network.toString()} has ${size} addresses, and no number ${n}`);
  return new Ip({ family: network.address.family, value: network.first + index });
}
