import { packageNamed } from "../../../resources/package.ts";
import type { Ref } from "../../../resources/resource.ts";
import { arg } from "../../args.ts";
import { defineExpectation, Unmet } from "./expectation.ts";

export const packageExpectation = defineExpectation({
  doc: "Packages of the system's package manager.",
  bare: "name",
  keys: {
    name: arg.string("The package.", { required: true }),
    installed: arg.bool("Whether it is installed.", { default: true }),
    version: arg.string("Its version, or the beginning of it with `*` at the end: `1.30.*`."),
  },
  needs: ({ name }) => [packageNamed(String(name)) as unknown as Ref],
  unmet({ name, installed, version }, see) {
    const unmet = new Unmet(`package ${String(name)}`);
    const state = see(packageNamed(String(name)));
    if (state.manager === "none")
      return unmet.add("cannot be looked at: this host has no package manager that is known").list;
    const there = state.state === "installed" || state.state === "provided";
    if (there !== installed)
      return unmet.add(`expected ${installed ? "installed" : "not installed"}, found ${state.state}`).list;
    if (version === undefined || !installed) return unmet.list;
    const wanted = String(version);
    const fits = wanted.endsWith("*")
      ? state.version?.startsWith(wanted.slice(0, -1)) === true
      : state.version === wanted;
    return (fits ? unmet : unmet.equal("version", wanted, state.version)).list;
  },
});
