import { EXIT } from "./command.ts";

/** Aborted on the first interrupt of a run. */
export const interrupt = new AbortController();

let caught = false;

/**
 * From now on the first Ctrl-C, SIGTERM or SIGHUP lets what runs on hosts end, and the second leaves at once. Before a run
 * reaches hosts there is nothing to let end, and the signals do what they always do.
 */
export function catchInterrupts(): void {
  if (caught) return;
  caught = true;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
      interrupt.abort();
    });
  }
}
