import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HttpAnswer, type HttpState, http, httpAnswer } from "../../src/resources/http.ts";
import { readRef } from "../modules/shell-host.ts";
import { shells } from "./recorded-host.ts";

const hex = (text: string): string | null => (text === "" ? null : Buffer.from(text).toString("hex"));
const state = (tool: HttpState["tool"], rc: number, out: string, err: string): HttpState => ({
  tool,
  rc,
  stdout: hex(out),
  stderr: hex(err),
});

/** Needs a process of its own: reading stops this one. */
const SERVER = `require("http").createServer((ask, answer) => {
  answer.statusCode = ask.url === "/missing" ? 404 : ask.url === "/moved" ? 302 : 200;
  answer.setHeader("location", "/missing");
  answer.end("hello " + ask.url);
}).listen(0, "127.0.0.1", function () { console.log(this.address().port); })`;

describe("http", () => {
  const cases: [string, HttpState, HttpAnswer][] = [
    ["curl", state("curl", 0, "HTTP/1.1 200 OK\r\nA: b\r\n\r\nhi\n\nthere", ""), { status: 200, body: "hi\n\nthere" }],
    ["curl, HTTP/2 without a reason", state("curl", 0, "HTTP/2 404 \r\n\r\n", ""), { status: 404, body: "" }],
    [
      "curl through a proxy",
      state(
        "curl",
        0,
        "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 No\r\n\r\nx",
        "",
      ),
      { status: 503, body: "x" },
    ],
    [
      "a body that looks like a header",
      state("curl", 0, "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 500 x\r\n\r\n", ""),
      { status: 200, body: "HTTP/1.1 500 x\r\n\r\n" },
    ],
    ["curl refused", state("curl", 7, "", "curl: (7) refused\n"), { body: "", error: "curl: (7) refused" }],
    ["GNU wget", state("wget", 8, "no", "  HTTP/1.1 404 Not Found\n  A: b\n"), { status: 404, body: "no" }],
    [
      "BusyBox's wget",
      state("wget", 1, "", "wget: server returned error: HTTP/1.1 403 Forbidden\n"),
      { status: 403, body: "" },
    ],
    [
      "BusyBox's wget, without a word",
      state("wget", 0, "hi", "Connecting to h (1.2.3.4:80)\n"),
      { status: 200, body: "hi" },
    ],
    ["wget refused", state("wget", 4, "", ""), { body: "", error: "wget ended with rc 4" }],
    [
      "OpenBSD's ftp",
      state("ftp", 1, "", "ftp: Error retrieving http://h/x: 404 Not Found\n"),
      { status: 404, body: "" },
    ],
    ["none of them", state("none", 1, "", ""), { body: "", error: "the host has none of curl, wget and ftp" }],
  ];
  for (const [title, seen, answer] of cases) it(title, () => assert.deepEqual(httpAnswer(seen), answer));

  describe("with the programs that are here", () => {
    let server: ChildProcess;
    let base = "";
    let folder = "";
    before(async () => {
      server = spawn(process.execPath, ["-e", SERVER]);
      assert.ok(server.stdout);
      const [line] = (await once(server.stdout, "data")) as [Buffer];
      base = `http://127.0.0.1:${line.toString().trim()}`;
      folder = mkdtempSync(join(tmpdir(), "provision-http-"));
      for (const tool of ["wget", "od", "sed", "tr", "uname", ...shells.flat()]) {
        const path = spawnSync("which", [tool]).stdout.toString().trim();
        if (path !== "") symlinkSync(path, join(folder, tool));
      }
    });
    after(() => {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    });
    const options = { timeout: 5, insecure: false };
    const get = (path: string, shell: readonly string[], prefix: readonly string[]): [number | undefined, string] => {
      const answer = httpAnswer(readRef(http(base + path, options), { shell, prefix }));
      return [answer.status, answer.body];
    };
    const programs: [string, () => readonly string[]][] = [
      ["curl", () => []],
      ["wget", () => ["env", `PATH=${folder}`]],
    ];
    for (const shell of shells) {
      for (const [program, prefix] of programs) {
        // BusyBox takes its own wget, and Debian's static one crashes on looking up a name; the table above has its answers.
        if (program === "wget" && shell[0] === "busybox") continue;
        it(`${program} from ${shell.join(" ")}`, function () {
          if (spawnSync("which", [program]).status !== 0) {
            console.warn(`      SKIPPED: ${program} is not installed`);
            this.skip();
          }
          assert.deepEqual(get("/a?b=[c]&d='$(id)'", shell, prefix()), [200, "hello /a?b=[c]&d='$(id)'"]);
          assert.equal(get("/missing", shell, prefix())[0], 404);
          assert.equal(get("/moved", shell, prefix())[0], 302);
          const refused = httpAnswer(readRef(http("http://127.0.0.1:1/", options), { shell, prefix: prefix() }));
          assert.equal(refused.status, undefined);
          assert.notEqual(refused.error, "");
        });
      }
    }
  });
});
