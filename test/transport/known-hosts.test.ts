import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { ConnectError } from "../../src/transport/connect-error.ts";
import { fingerprint, hostKeys } from "../../src/transport/host-key.ts";
import { knownHostName, matchesKnownHost, parseKnownHosts } from "../../src/transport/known-hosts.ts";
import { firstOf, scratch } from "../agent/shells.ts";

function makeKey(type = "ssh-ed25519"): Buffer {
  const text = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return Buffer.concat([text(Buffer.from(type)), text(randomBytes(32))]);
}

const line = (names: string, key: Buffer, type = "ssh-ed25519"): string => `${names} ${type} ${key.toString("base64")}`;

function refusal(check: () => unknown): ConnectError {
  try {
    check();
  } catch (error) {
    assert.ok(error instanceof ConnectError);
    assert.equal(error.kind, "host-key");
    return error;
  }
  throw new Error("nothing was refused");
}

describe("known_hosts", () => {
  it("reads entries and skips what is none", () => {
    const key = makeKey();
    const text = [
      "# comment",
      "",
      `  ${line("a,b", key)} who@where`,
      "@revoked * ssh-ed25519 AAAA",
      `@revoked\t*\t${line("", key).trim()}`,
      `@other x ${line("", key).trim()}`,
      "nonsense",
      `x ssh-rsa ${key.toString("base64")}`,
      `${line("crlf", key)}\r`,
    ].join("\n");
    assert.deepEqual(
      parseKnownHosts(text, "f").map(({ names, marker, line: at }) => [names, marker, at]),
      [
        ["a,b", undefined, 3],
        ["*", "revoked", 5],
        ["crlf", undefined, 9],
      ],
    );
  });

  it("names a host as OpenSSH does", () => {
    assert.equal(knownHostName("Example.NET", 22), "example.net");
    assert.equal(knownHostName("::1", 2222), "[::1]:2222");
  });

  it("matches patterns", () => {
    const yes = [
      ["a", "a"],
      ["*.example.net", "x.example.net"],
      ["h?st", "host"],
      ["*", "[h]:22"],
      ["a,b,c", "c"],
      ["A.B", "a.b"],
      ["[h]:*", "[h]:2222"],
      ["*a*b", "xaxxb"],
    ];
    const no = [
      ["a", "b"],
      ["*.example.net", "example.net"],
      ["*,!bad", "bad"],
      ["!bad", "good"],
      ["h?st", "hst"],
      ["", "x"],
      ["|1|x", "x"],
      ["|2|a|b", "x"],
    ];
    for (const [names = "", name = ""] of yes) assert.ok(matchesKnownHost(names, name), `${names} ${name}`);
    for (const [names = "", name = ""] of no) assert.ok(!matchesKnownHost(names, name), `${names} ${name}`);
  });

  it("does not take long over hostile patterns", () => {
    const began = performance.now();
    assert.ok(!matchesKnownHost("*a".repeat(5000), `${"a".repeat(4000)}b`));
    assert.ok(performance.now() - began < 2000);
  });

  it("finds what ssh-keygen -F finds", function () {
    this.timeout(60_000);
    const keygen = firstOf("ssh-keygen");
    if (keygen === undefined) {
      console.warn("      SKIPPED: ssh-keygen is not installed");
      this.skip();
    }
    const folder = scratch();
    const key = makeKey();
    const label = fc.constantFrom("a", "ab", "b.c", "10.0.0.1", "[a]:22", "[ab]:2222", "fe80::1");
    const pattern = fc.oneof(
      label,
      fc.constantFrom("*", "a*", "?", "*.c", "[*]:2222", "10.0.0.*", "?b", "*:*", "A"),
      label.map((name) => `!${name}`),
    );
    const entry = fc.record({
      names: fc.array(pattern, { minLength: 1, maxLength: 3 }).map((list) => list.join(",")),
      hash: fc.boolean(),
    });
    let hashedSeen = 0;
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 4 }), label, (entries, name) => {
        const file = join(folder, "known");
        const texts = entries.map(({ names, hash }) => {
          if (!hash || /[*?!,]/.test(names)) return line(names, key);
          hashedSeen += 1;
          const one = join(folder, "one");
          writeFileSync(one, `${line(names, key)}\n`);
          execFileSync(keygen, ["-H", "-f", one], { stdio: "ignore" });
          return readFileSync(one, "utf8").trim();
        });
        writeFileSync(file, `${texts.join("\n")}\n`);
        const theirs = spawnSync(keygen, ["-F", name, "-f", file], { encoding: "utf8" })
          .stdout.split("\n")
          .flatMap((text) => /found: line ([0-9]+)/.exec(text)?.slice(1) ?? []);
        const ours = parseKnownHosts(readFileSync(file, "utf8"), file)
          .filter((known) => matchesKnownHost(known.names, name))
          .map((known) => String(known.line));
        assert.deepEqual(ours, theirs, `${name} in ${texts.join(" / ")}`);
      }),
      { numRuns: 150 },
    );
    assert.ok(hashedSeen > 0);
  });
});

describe("host keys", () => {
  it("writes a new key down once, for this user only", () => {
    const file = join(scratch(), ".ssh", "known_hosts");
    const key = makeKey();
    const notice = hostKeys("H.example", 2222, "accept-new", [file]).check(key);
    assert.match(notice ?? "", /the key of \[h\.example\]:2222 was not known and is accepted: ssh-ed25519 SHA256:/);
    assert.equal(readFileSync(file, "utf8"), `${line("[h.example]:2222", key)}\n`);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(join(file, "..")).mode & 0o777, 0o700);
    assert.equal(hostKeys("h.example", 2222, "strict", [file]).check(key), undefined);
  });

  it("starts on a line of its own where the file has no last newline", () => {
    const file = join(scratch(), "known");
    const [first, second] = [makeKey(), makeKey()];
    writeFileSync(file, line("one", first));
    hostKeys("two", 22, "accept-new", [file]).check(second);
    assert.equal(readFileSync(file, "utf8"), `${line("one", first)}\n${line("two", second)}\n`);
  });

  it("refuses a changed key and shows both", () => {
    const file = join(scratch(), "known");
    const [old, fresh] = [makeKey(), makeKey()];
    writeFileSync(file, `\n${line("h", old)}\n`);
    const error = refusal(() => hostKeys("h", 22, "accept-new", [file]).check(fresh));
    assert.ok(
      error.message.includes(fingerprint(old)) &&
        error.message.includes(fingerprint(fresh)) &&
        error.message.includes(`${file}:2`),
    );
    assert.match(error.hint, /ssh-keygen -R 'h'/);
    assert.equal(hostKeys("h", 22, "off", [file]).check(fresh), undefined);
  });

  it("takes any of several keys, asks for the known types, and no type that is not known", () => {
    const file = join(scratch(), "known");
    const [first, second] = [makeKey(), makeKey("ssh-rsa")];
    writeFileSync(file, `${line("h,g", first)}\n${line("h", second, "ssh-rsa")}\n`);
    const keys = hostKeys("h", 22, "strict", [file]);
    assert.deepEqual(keys.types, ["ssh-ed25519", "ssh-rsa"]);
    assert.equal(keys.check(second), undefined);
    refusal(() => hostKeys("g", 22, "accept-new", [file]).check(makeKey("ssh-rsa")));
  });

  it("refuses what is revoked, unknown under strict, or known by an authority only", () => {
    const folder = scratch();
    const [user, system] = [join(folder, "user"), join(folder, "system")];
    const key = makeKey();
    writeFileSync(user, `${line("h", key)}\n`);
    writeFileSync(system, `@revoked ${line("*", key)}\n@cert-authority ${line("*.lan", makeKey())}\n`);
    assert.match(refusal(() => hostKeys("h", 22, "accept-new", [user, system]).check(key)).message, /revoked/);
    assert.match(refusal(() => hostKeys("x", 22, "strict", [user, system]).check(makeKey())).hint, /ssh-keyscan x >>/);
    assert.match(
      refusal(() => hostKeys("a.lan", 22, "accept-new", [user, system]).check(makeKey())).message,
      /certificate authority/,
    );
  });

  it("accepts a new key although it cannot be written down, and says so", () => {
    const notice = hostKeys("h", 22, "accept-new", ["/proc/none/known"]).check(makeKey());
    assert.match(notice ?? "", /could not be written/);
  });

  it("keeps every line when many runs write at once", function () {
    this.timeout(60_000);
    const file = join(scratch(), "known");
    const code = `
      import { hostKeys } from ${JSON.stringify(new URL("../../src/transport/host-key.ts", import.meta.url).href)};
      for (let i = 0; i < 50; i += 1) {
        const key = Buffer.alloc(51); key.writeUInt32BE(11); key.write("ssh-ed25519", 4); key.writeUInt32BE(32, 15); key.writeUInt32BE(i, 20);
        hostKeys("h" + process.argv[1] + "-" + i, 22, "accept-new", [${JSON.stringify(file)}]).check(key);
      }`;
    execFileSync("/bin/sh", [
      "-c",
      'for i in 1 2 3; do "$0" --import tsx --input-type=module -e "$1" $i & done; wait',
      process.execPath,
      code,
    ]);
    assert.equal(parseKnownHosts(readFileSync(file, "utf8"), file).length, 150);
  });

  it("finds HOME when it runs", () => {
    const home = scratch();
    const before = process.env.HOME;
    process.env.HOME = home;
    try {
      hostKeys("h", 22, "accept-new").check(makeKey());
    } finally {
      process.env.HOME = before;
    }
    assert.ok(existsSync(join(home, ".ssh/known_hosts")));
  });

  it("shows the fingerprint as OpenSSH does", () => {
    const key = makeKey();
    assert.equal(fingerprint(key), `SHA256:${createHash("sha256").update(key).digest("base64").slice(0, 43)}`);
  });
});
