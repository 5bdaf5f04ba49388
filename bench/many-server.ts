/** The process of the embedded hosts: `many-server.ts FOLDER`. */
import { startEmbedded } from "../src/transport/embedded.ts";

export interface ServerReady {
  port: number;
  keyFile: string;
  root: string;
}

const server = await startEmbedded({ root: process.argv[2] ?? "" });
const ready: ServerReady = { port: server.port, keyFile: server.keyFile, root: server.root };
process.send?.(ready);
process.on("disconnect", () => process.exit());
