import { loadRe2 } from "../language/lazy.cjs";

/**
 * A test of names against a regular expression, from the beginning of the name. It runs in linear time: no
 * backreferences, no lookaround. Gives the reason as a text when the expression cannot be used.
 */
export function nameRegex(source: string): ((name: string) => boolean) | string {
  try {
    const compiled = loadRe2().compile(source);
    return (name) => compiled.matcher(name).lookingAt();
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "it is not valid";
  }
}
