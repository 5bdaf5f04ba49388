import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";
import { asAfterLogin, type Invocation, invocationText } from "./shell-words.ts";

/** What a question put to the host as a program was answered with: its exit status. */
export interface Condition {
  rc: number;
}

export const conditionKind: ResourceKind<Condition> = {
  kind: "condition",
  summary: "The exit status of a program that only looks: 0 for yes.",
  reader: `condition_at=0
for condition_text do
  if (${asAfterLogin}; eval "$condition_text") </dev/null >/dev/null 2>&1; then condition_rc=0; else condition_rc=$?; fi
  printf '%s %s\\n' "$condition_at" "$condition_rc"
  condition_at=$((condition_at + 1))
done`,
  line: fields<Condition>({ rc: "int" }),
  isAbsent: (value) => value.rc !== 0,
  opaque: true,
  asUser: true,
};

/** A program that is asked as the step's user. It must not change anything: it runs in check too, and perhaps twice. */
export function condition(run: Invocation): Ref<Condition> {
  return { kind: conditionKind, key: invocationText(run) };
}
