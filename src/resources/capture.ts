import { asAfterLogin } from "./shell-words.ts";

/** How many bytes of each output are kept; the rest is read and dropped, so that the program never sees a closed pipe. */
export const captureLimit = 256 * 1024;

/**
 * `capture_run TEXT` runs shell text in a subshell with no input and sets `captured` to `RC STDOUT STDERR`, the outputs
 * in hex, `-` for an empty one. Nothing is written to the host: the status and the two streams come by pipes.
 * Hex is the one thing that `echo` may print: mksh has no `printf` of its own, and an argument list has a limit.
 */
export const captureFunctions = String.raw`capture_hex() {
  od -An -v -tx1 | sed -n '1,LIMITp' | tr -d ' \n'
}
capture_all() {
  exec 3>&1
  capture_err=$(
    {
      capture_out=$(
        {
          if (LOGIN; eval "$1") </dev/null 2>&4 3>&- 4>&-; then capture_rc=0; else capture_rc=$?; fi
          echo "$capture_rc" >&3
        } | capture_hex
      )
      echo "\${capture_out:--}" >&3
    } 4>&1 | capture_hex
  )
  echo "\${capture_err:--}"
}
capture_run() {
  captured=$(capture_all "$1")
  captured=$(echo $captured)
}`
  .replaceAll("\\${", "${")
  .replace("LOGIN", asAfterLogin)
  .replace("LIMIT", String(captureLimit / 16));

/** Status and outputs of a program that was read; outputs in hex, null when empty. */
export interface Captured {
  rc: number;
  stdout: string | null;
  stderr: string | null;
}

/** A captured output as text. */
export function textOf(hex: string | null): string {
  return Buffer.from(hex ?? "", "hex").toString("utf8");
}

/** True when the output was longer than what is kept. */
export function isCut(hex: string | null): boolean {
  return hex !== null && hex.length >= captureLimit * 2;
}
