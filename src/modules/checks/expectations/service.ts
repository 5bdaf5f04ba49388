import type { Ref } from "../../../resources/resource.ts";
import { service } from "../../../resources/service.ts";
import { arg } from "../../args.ts";
import { defineExpectation, Unmet } from "./expectation.ts";

export const serviceExpectation = defineExpectation({
  doc: "Services. Without another key it is to run.",
  bare: "name",
  keys: {
    name: arg.string("The service.", { required: true }),
    running: arg.bool("Whether it runs."),
    enabled: arg.bool("Whether it starts at boot."),
  },
  needs: ({ name }) => [service(String(name)) as unknown as Ref],
  unmet({ name, running, enabled }, see) {
    const unmet = new Unmet(`service ${String(name)}`);
    const state = see(service(String(name)));
    const toRun = running ?? (enabled === undefined ? true : undefined);
    if (state.init === "none") return unmet.add("cannot be looked at: nothing known runs services on this host").list;
    if (state.load === "not-found") {
      return (toRun === true || enabled === true ? unmet.add("expected a service, found none of this name") : unmet)
        .list;
    }
    const runs = state.active === "active" || state.active === "reloading";
    if (toRun !== undefined && toRun !== runs)
      unmet.add(`expected ${toRun ? "running" : "not running"}, found ${state.active}`);
    const starts = state.enabled !== null && /^(enabled|static|alias|indirect|generated)/.test(state.enabled);
    if (enabled !== undefined && enabled !== starts)
      unmet.add(`expected ${enabled ? "enabled" : "not enabled"}, found ${state.enabled ?? "neither"}`);
    return unmet.list;
  },
});
