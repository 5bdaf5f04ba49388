/** The program: the process around `main`. */
import { EXIT } from "./command.ts";
import { interrupt } from "./interrupt.ts";
import { UNREAD } from "./io.ts";
import { main, programmingError } from "./main.ts";

process.on("uncaughtException", (error) => {
  process.stderr.write(programmingError(error, process.argv.includes("-vv")));
  process.exit(EXIT.failed);
});

// Nobody reads on (`| head`): be silent, and end as after an interrupt.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    interrupt.abort(UNREAD);
  });
}

void main(process.argv.slice(2), interrupt.signal).then((code) => {
  process.exitCode = code;
  // What is written is flushed first; connections that linger do not hold the process.
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
});
