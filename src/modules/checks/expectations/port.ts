import { connection, isHostAddress } from "../../../resources/connection.ts";
import { port } from "../../../resources/port.ts";
import type { Ref } from "../../../resources/resource.ts";
import { arg } from "../../args.ts";
import { defineExpectation, Unmet } from "./expectation.ts";

export const portExpectation = defineExpectation({
  doc: "Ports. Without `host`: what listens on this machine, from the kernel's table. With `host`: whether a connection from here is taken.",
  bare: "port",
  keys: {
    port: arg.int("The number.", { required: true }),
    proto: { ...arg.choice(["tcp", "udp"], "The protocol.", { default: "tcp" }) },
    listening: arg.bool("Whether something listens.", { default: true }),
    address: arg.string("The address it is to listen on; `0.0.0.0` or `::` counts for all of their family."),
    host: arg.string("Connect from the host to this name or address."),
    open: arg.bool("Whether the connection is to succeed.", { default: true }),
    timeout: arg.duration("How long connecting may take.", { default: 5 }),
  },
  validate: ({ port: number, host, proto, address }) => [
    ...(number !== undefined && (number < 1 || number > 65535) ? [`port ${number} is none: 1 to 65535`] : []),
    ...(host !== undefined && proto === "udp" ? ["a connection can only be tried with tcp"] : []),
    ...(host !== undefined && address !== undefined
      ? ["host (connect to it) and address (listen on it) exclude each other"]
      : []),
    ...(host !== undefined && !isHostAddress(String(host))
      ? [`"${String(host)}" is no name and no address of a host`]
      : []),
  ],
  needs: (expected) => [
    (expected.host === undefined
      ? port(proto(expected.proto), expected.port)
      : connection(String(expected.host), expected.port, expected.timeout)) as unknown as Ref,
  ],
  unmet(expected, see) {
    if (expected.host !== undefined) {
      const to = new Unmet(`${String(expected.host)} port ${expected.port}`);
      const { state } = see(connection(String(expected.host), expected.port, expected.timeout));
      if (state === "untried") return to.add("cannot be tried: the host has none of nc, bash, perl and python3").list;
      return (
        (state === "open") === expected.open
          ? to
          : to.add(`expected ${expected.open ? "a connection" : "no connection"}, found it ${state}`)
      ).list;
    }
    const unmet = new Unmet(`port ${expected.port}/${expected.proto}`);
    const found = see(port(proto(expected.proto), expected.port)).addresses?.split(",") ?? [];
    const wanted = expected.address === undefined ? undefined : canonical(String(expected.address));
    const fitting =
      wanted === undefined
        ? found
        : found.filter(
            (address) => canonical(address) === wanted || address === (wanted.includes(":") ? "::" : "0.0.0.0"),
          );
    if (fitting.length > 0 === expected.listening) return unmet.list;
    const where = wanted === undefined ? "" : ` on ${wanted}`;
    return unmet.add(
      `expected ${expected.listening ? "something" : "nothing"} to listen${where}, found ${found.length === 0 ? "nothing" : found.join(", ")}`,
    ).list;
  },
});

function proto(text: string): "tcp" | "udp" {
  return text === "udp" ? "udp" : "tcp";
}

/** IPv6 in its shortest form. */
function canonical(address: string): string {
  if (!address.includes(":") || !URL.canParse(`http://[${address}]/`)) return address;
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
