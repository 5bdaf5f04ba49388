import { Unknown } from "../base/value.ts";
import type { Value } from "../base/value.ts";
import { Secret } from "../base/secret.ts";
import { Fault } from "../errors/fault.ts";
import { conditionOf, evaluate } from "../language/evaluate.ts";
import type { Invariant, Play, RoleCall } from "./tree.ts";
import type { Variables } from "./variables.ts";

/**
 * What the roles state about the whole inventory, asked for each host of each play that runs them, over everything that is
 * declared. Facts are not known here: a statement that needs one is a fault of the role. No connection is needed.
 */
export function checkInvariants(variables: Variables, plays: readonly Play[]): Fault[] {
  return plays.flatMap((play) => {
    const calls = play.roles.filter((call) => call.role.invariants.length > 0);
    if (calls.length === 0) return [];
    return variables.options
      .hostsOf(play.hosts)
      .flatMap((host) => calls.flatMap((call) => checkCall(variables, play, host, call)));
  });
}

function checkCall(variables: Variables, play: Play, host: string, call: RoleCall): Fault[] {
  const step = { role: call.role, vars: call.with === undefined ? [] : [call.with] };
  return call.role.invariants.flatMap((invariant) => {
    try {
      const items = itemsOf(invariant, variables, play, host, step);
      return items.flatMap((item) =>
        checkItem(invariant, variables, { play, host, step, ...(item === undefined ? {} : { locals: { item } }) }),
      );
    } catch (error) {
      return [explained(error, invariant, host)];
    }
  });
}

type Request = Parameters<Variables["scope"]>[0];

function itemsOf(
  invariant: Invariant,
  variables: Variables,
  play: Play,
  host: string,
  step: Request["step"],
): (Value | undefined)[] {
  if (invariant.loop === undefined) return [undefined];
  const items = evaluate(invariant.loop, variables.scope({ host, play, step }));
  if (Array.isArray(items)) return items;
  throw new Fault("wrong-form", "the loop of an invariant has to come to a list", { place: invariant.loop.place });
}

function checkItem(invariant: Invariant, variables: Variables, request: Request): Fault[] {
  const scope = variables.scope(request);
  for (const node of invariant.expr) {
    const expression = conditionOf(node);
    const holds = expression.evaluate(scope);
    if (holds === true) continue;
    if (holds !== false)
      return [
        new Fault("wrong-form", `the expression of an invariant has to come to true or false`, {
          place: expression.place,
          hosts: [request.host],
        }),
      ];
    const message = evaluate(invariant.name, scope);
    return [
      new Fault("invariant-failed", message instanceof Secret ? message.toString() : String(message), {
        place: expression.place,
        hint: `role ${invariant.role} needs this to be true; \`provision inventory --host ${request.host} --explain\` shows where its values come from`,
        hosts: [request.host],
      }),
    ];
  }
  return [];
}

/** What went wrong while a statement was computed, with the host it went wrong for. */
function explained(error: unknown, invariant: Invariant, host: string): Fault {
  if (error instanceof Fault)
    return new Fault(error.code, error.message, { ...error.details, hosts: error.details.hosts ?? [host] });
  if (error instanceof Unknown) {
    return new Fault(
      "invariant-failed",
      `an invariant of role ${invariant.role} needs what is only known on the host (${error.why})`,
      {
        place: invariant.place,
        hint: "state it over what is declared; what needs facts belongs in preflight/main.yml",
        hosts: [host],
      },
    );
  }
  throw error;
}
