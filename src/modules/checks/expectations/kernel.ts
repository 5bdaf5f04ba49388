import { kernelParam } from "../../../resources/kernel-param.ts";
import type { Ref } from "../../../resources/resource.ts";
import { route } from "../../../resources/route.ts";
import { arg } from "../../args.ts";
import { defineExpectation, Unmet } from "./expectation.ts";
import { denied } from "./file.ts";

export const routeExpectation = defineExpectation({
  doc: "Routes of the kernel's table. With a prefix length or `default`: that very entry; an address: the route that is taken to it.",
  bare: "to",
  keys: {
    to: arg.string("`10.42.0.0/16`, `default`, `192.168.1.9`.", { required: true }),
    exists: arg.bool("Whether there is one.", { default: true }),
    via: arg.string("Address of the next hop; one of them where there are several."),
    dev: arg.string("The interface."),
    source: arg.string("The source address that is used for it."),
  },
  validate: ({ to }) =>
    to !== undefined && !/^(default|[0-9a-fA-F.:]+(\/\d{1,3})?)$/.test(String(to))
      ? [`"${String(to)}" is no network, no address and not default`]
      : [],
  needs: ({ to }) => [route(String(to)) as unknown as Ref],
  unmet({ to, exists, via, dev, source }, see) {
    const unmet = new Unmet(`route to ${String(to)}`);
    const state = see(route(String(to)));
    if (state.state === "untold") return unmet.add("cannot be looked at: the host has neither ip nor route").list;
    if ((state.state === "present") !== exists)
      return unmet.add(exists ? "expected one, found none" : `expected none, found one via ${state.via ?? "the link"}`)
        .list;
    if (!exists) return unmet.list;
    unmet.equal("via", member(via, state.via), state.via);
    unmet.equal("dev", member(dev, state.dev), state.dev);
    return unmet.equal("source", source === undefined ? undefined : String(source), state.source).list;
  },
});

/** What is wanted, unless it is one of several that were found. */
function member(wanted: string | object | undefined, found: string | null): string | undefined {
  if (wanted === undefined || found?.split(",").includes(String(wanted)) === true) return undefined;
  return String(wanted);
}

export const kernelParamExpectation = defineExpectation({
  doc: "Parameters of the running kernel (sysctl).",
  keys: {
    name: arg.string("`net.ipv4.ip_forward`.", { required: true }),
    value: arg.any("What it is to be; a number or text.", { required: true }),
  },
  validate: ({ value }) =>
    value !== undefined && typeof value !== "string" && typeof value !== "number"
      ? ["the value of a kernel parameter is a number or text"]
      : [],
  needs: ({ name }) => [kernelParam(String(name)) as unknown as Ref],
  unmet({ name, value }, see, host) {
    const unmet = new Unmet(`kernel parameter ${String(name)}`);
    const state = see(kernelParam(String(name)));
    if (state.state === "denied") return unmet.add(denied(host)).list;
    if (state.state === "absent") return unmet.add(`expected ${String(value)}, found no such parameter`).list;
    return unmet.equal("", String(value).trim().replaceAll(/\s+/g, " "), state.value).list;
  },
});
