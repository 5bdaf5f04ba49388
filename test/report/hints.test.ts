import assert from "node:assert/strict";
import { hintFor } from "../../src/report/hints.ts";

const CASES: readonly (readonly [output: string, rc: number, hint: RegExp])[] = [
  ["sh: 1: rc-service: not found", 127, /no program rc-service/],
  ["bash: line 1: foo: command not found", 127, /no program foo/],
  ["", 127, /program was not found/],
  ["", 126, /could not be run/],
  ["", 137, /killed/],
  ["cp: error writing 'x': No space left on device", 1, /disk of the host is full/],
  ["touch: cannot touch '/x': Read-only file system", 1, /mounted read-only/],
  ["E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1 (apt)", 100, /another package manager/],
  ["ERROR: Unable to lock database: temporary error (try later)", 99, /another package manager/],
  ["E: Unable to locate package nosuch", 100, /no source of packages/],
  ["  nosuch (no such package):", 1, /no source of packages/],
  ["curl: (6) Could not resolve host: example.invalid", 6, /cannot resolve names/],
  ["Temporary failure resolving 'deb.example.org'", 100, /cannot resolve names/],
  ["wget: bad address 'example.invalid'", 1, /cannot resolve names/],
  ["sudo: a password is required", 1, /needs a password to become root/],
  ["doas: a tty is required", 1, /needs a password to become root/],
  ["web is not in the sudoers file.", 1, /may not become another/],
  ["sh: sudo: not found", 127, /no such program: set `become/],
  ["mkdir: cannot create directory '/srv': Permission denied", 1, /become: true/],
  ["Unit foo.service could not be found.", 4, /no such service/],
  ["Failed to start x: Unit x.service is masked.", 1, /masked/],
  ["curl: (7) Failed to connect to localhost port 1: Connection refused", 7, /nothing listens/],
  ["curl: (60) SSL certificate problem: certificate is not yet valid", 60, /clock of the host/],
  ["dpkg was interrupted, you must manually run", 100, /dpkg --configure -a/],
  ["cat: /nosuch: No such file or directory", 1, /path is missing/],
];

describe("report: hints", () => {
  for (const [output, rc, hint] of CASES) {
    it(`knows "${output || `exit status ${rc}`}"`, () => {
      assert.match(hintFor({ message: "the command failed", rc, output }) ?? "", hint);
    });
  }

  it("leaves a hint that is there, and says nothing where nothing is known", () => {
    assert.equal(hintFor({ message: "Permission denied", hint: "own" }), "own");
    assert.equal(hintFor({ message: "did not converge", rc: 1, output: "42" }), undefined);
  });
});
