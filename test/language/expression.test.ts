import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Secret } from "../../src/base/secret.ts";
import { Unknown, type Value } from "../../src/base/value.ts";
import { Fault } from "../../src/errors/fault.ts";
import { compileExpression } from "../../src/language/expression.ts";
import { objectScope } from "../../src/language/scope.ts";
import { pathText } from "../../src/language/names.ts";
import { cel, condition, faultOf, PLACE, evaluated, where } from "./helper.ts";

const names = {
  n: 7,
  half: 0.5,
  flag: true,
  name: "web-1",
  nothing: null,
  list: [3, 1, 2],
  words: ["b", "a", "c"],
  map: { a: 1, b: { c: "x" }, "pi-1": 2 },
  hosts: {
    "pi-1": { addresses: { lan: "192.168.1.11" }, groups: ["k3s"] },
    nas: { addresses: { lan: "192.168.1.20" }, groups: [] },
  },
  groups: { k3s: ["pi-1"] },
};

describe("expressions: values", () => {
  const cases: [string, unknown][] = [
    ["1 + 2 * 3", 7],
    ["n / 2", 3],
    ["n % 4", 3],
    ["n * half", 3.5],
    ["-n", -7],
    ["half + 1.5", 2],
    ["n > 6 && n < 8", true],
    ["n == 7.0", true],
    ["'a' + 'b' == \"ab\"", true],
    ["[1] + [2, 'x']", [1, 2, "x"]],
    ["9 in list", false],
    ["2 in [1, 2]", true],
    ["'a' in map", true],
    ["'zz' in map", false],
    ["map['pi-1']", 2],
    ["map.b.c", "x"],
    ["list[0]", 3],
    ["flag ? 'y' : 'n'", "y"],
    ["!flag", false],
    ["nothing == null", true],
    ["1 == '1'", false],
    ["{'a': 1, 'b': [true, null]}", { a: 1, b: [true, null] }],
    ["{1: 'x'}", { 1: "x" }],
    ["{'__proto__': 1}", JSON.parse('{"__proto__": 1}')],
    ["has(map.a)", true],
    ["has(map.zz)", false],
    ["has(map.b.c)", true],
    ["map.?zz.orValue('d')", "d"],
    ["map.?b.?c.orValue('d')", "x"],
    ["map.?zz.c.orValue('d')", "d"],
    ["map[?'zz'].orValue(0)", 0],
    ["list[?9].orValue(0)", 0],
    ["map.?zz.hasValue()", false],
    ["map.?zz.or(map.?a).orValue(0)", 1],
    ["map.?a.optMap(x, x + 1).orValue(0)", 2],
    ["optional.of(1).orValue(2)", 1],
    ["optional.none().orValue(2)", 2],
    ["size(words) + size('äö') + size(map)", 8],
    ["words.size()", 3],
    ["string(n) + string(half) + string(flag)", "70.5true"],
    ["int('42') + int(3.9)", 45],
    ["double('1.5')", 1.5],
    ["bool('true')", true],
    ["type(n)", "int"],
    ["string(b'abc')", "abc"],
  ];
  for (const [source, expected] of cases)
    it(source, () => assert.equal(JSON.stringify(cel(source, names)), JSON.stringify(expected)));
});

describe("expressions: macros", () => {
  const cases: [string, unknown][] = [
    ["list.map(x, x * 2)", [6, 2, 4]],
    ["list.map(x, x > 1, x * 2)", [6, 4]],
    ["list.filter(x, x > 1)", [3, 2]],
    ["list.all(x, x > 0)", true],
    ["list.exists(x, x == 2)", true],
    ["list.exists_one(x, x == 2)", true],
    ["list.existsOne(x, x > 1)", false],
    ["list.all(i, x, i < 3 && x > 0)", true],
    ["map.exists(k, v, k == 'a' && v == 1)", true],
    ["map.all(k, k != 'zz')", true],
    ["list.transformList(i, x, i + x)", [3, 2, 4]],
    ["list.transformList(i, x, i > 0, x)", [1, 2]],
    ["words.transformMap(i, w, w + 'x')", { 0: "bx", 1: "ax", 2: "cx" }],
    ["{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v * 2)", { b: 4 }],
    ["words.transformMapEntry(i, w, {w: i})", { b: 0, a: 1, c: 2 }],
    ["words.transformMapEntry(i, w, i > 1, {w: i})", { c: 2 }],
    ["{'b': 2, 'a': 1}.transformList(k, v, k + string(v))", ["b2", "a1"]],
    ["words.sortBy(w, -words.filter(x, x <= w).size())", ["c", "b", "a"]],
    ["cel.bind(x, n * 2, x + x)", 28],
    ["list.map(x, list.map(y, x * y).sum()).sum()", 36],
    ["list.map(n, n)", [3, 1, 2]],
    [
      'groups.k3s.transformMapEntry(i, h, {hosts[h].addresses.lan: {"options": ["rw"]}})',
      { "192.168.1.11": { options: ["rw"] } },
    ],
    ["hosts.filter(h, hosts[h].groups.exists(g, g == 'k3s'))", ["pi-1"]],
  ];
  for (const [source, expected] of cases)
    it(source, () => assert.equal(JSON.stringify(cel(source, names)), JSON.stringify(expected)));
});

describe("expressions: functions", () => {
  const cases: [string, unknown][] = [
    ["'a.b.a'.replace('a', 'x')", "x.b.x"],
    ["'aaa'.replace('a', 'b', 2)", "bba"],
    ["'%s is %d, %.2f, %x, %s%%'.format([name, n, half, 255, flag])", "web-1 is 7, 0.50, ff, true%"],
    ["'a,b,c'.split(',')", ["a", "b", "c"]],
    ["'a,b,c'.split(',', 2)", ["a", "b,c"]],
    ["words.join('-')", "b-a-c"],
    ["list.join(',')", "3,1,2"],
    ["'äbc'.substring(1)", "bc"],
    ["'abc'.substring(0, 2)", "ab"],
    ["'äbcb'.indexOf('b')", 1],
    ["'abcb'.lastIndexOf('b')", 3],
    ["'abcb'.indexOf('b', 2)", 3],
    ["'ÄbC'.lowerAscii()", "Äbc"],
    ["'abc'.upperAscii()", "ABC"],
    ["' a '.trim()", "a"],
    ["'abc'.contains('b') && 'abc'.startsWith('a') && 'abc'.endsWith('c')", true],
    ["'web-12'.matches('^web-[0-9]+$')", true],
    ["'a1b22'.find('[0-9]+')", "1"],
    ["'a1b22'.findAll('[0-9]+')", ["1", "22"]],
    ["list.sort()", [1, 2, 3]],
    ["[1, 2, 1, 1.0].distinct()", [1, 2]],
    ["[[1], [2, [3]]].flatten()", [1, 2, [3]]],
    ["[[1], [2, [3]]].flatten(2)", [1, 2, 3]],
    ["list.slice(1, 3)", [1, 2]],
    ["list.reverse()", [2, 1, 3]],
    ["list.sum() + list.min() + list.max()", 10],
    ["lists.range(3)", [0, 1, 2]],
    ["sets.contains([1, 2], [2]) && sets.equivalent([1, 2], [2, 1, 1]) && sets.intersects([1], [1, 2])", true],
    ["math.greatest(1, 5, 3) + math.least([4, 2])", 7],
    ["math.ceil(1.2) + math.floor(1.8) + math.round(1.5) + math.abs(-1)", 6],
    ["ip('192.168.1.1').family()", 4],
    ["isIP('010.1.1.1')", false],
    ["isIP('1.2.3')", false],
    ["isIP('fd00::1')", true],
    ["string(ip('fd00:0:0:0:0:0:0:1'))", "fd00::1"],
    ["string(ip('::ffff:1.2.3.4'))", "::ffff:102:304"],
    ["ip('10.0.0.1') == ip('10.0.0.1')", true],
    ["isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0/33') && !isCIDR('10.0.0.0')", true],
    ["cidr('10.0.0.0/8').containsIP('10.1.2.3')", true],
    ["cidr('10.0.0.0/8').containsIP(ip('11.1.2.3'))", false],
    ["cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", true],
    ["string(cidr('10.1.2.3/8').masked())", "10.0.0.0/8"],
    ["cidr('10.1.2.3/8').prefixLength()", 8],
    ["string(cidr('10.1.2.3/8').ip())", "10.1.2.3"],
    ["cidr.overlaps('10.42.0.0/16', '10.0.0.0/8')", true],
    ["cidr.overlaps('10.42.0.0/16', '192.168.0.0/16')", false],
    ["cidr.nth('10.0.0.0/24', 10)", "10.0.0.10"],
    ["cidr.nth('10.0.0.0/24', -1)", "10.0.0.255"],
    ["cidr.netmask('10.0.0.0/20')", "255.255.240.0"],
    ["[cidr('fd00::/64')]", ["fd00::/64"]],
    ["url('https://h:8443/p?q=1').getHostname() + url('https://h:8443/').getPort()", "h8443"],
    ["url('https://[::1]:443/a').getPort() + url('https://x/a b').getEscapedPath()", "443/a%20b"],
    ["semver('v1.30.2').minor() == 30 && semver('1.9.0').isLessThan('1.10.0')", true],
    ["isSemver('1.2')", false],
    ["quantity('1.5Gi').isGreaterThan(quantity('1500M'))", true],
    ["quantity('1500m').add('500m').asInteger()", 2],
    ["base64.encode('abc') + string(base64.decode('YWJj'))", "YWJjabc"],
    ["map.keys({'b': 1, 'a': 2})", ["b", "a"]],
    ["map.values({'b': 1, 'a': 2})", [1, 2]],
    ["map.merge({'a': {'x': 1, 'y': 2}, 'b': 1}, {'a': {'y': null, 'z': 3}, 'b': [2]})", { a: { x: 1, z: 3 }, b: [2] }],
    ["toJson({'a': [1, 1.5, null]})", '{"a":[1,1.5,null]}'],
    ["toYaml({'a': 'yes', 'b': ['1']})", 'a: "yes"\nb:\n  - "1"\n'],
    ["fromJson('{\"a\": 1}').a", 1],
    ["fromYaml('a: [1, 2]').a[1]", 2],
    ["sha256('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ["shellQuote(\"it's\") + ' ' + shellQuote(['a', 'b c'])", "'it'\\''s' a 'b c'"],
  ];
  for (const [source, expected] of cases)
    it(source, () => assert.equal(JSON.stringify(cel(source, names)), JSON.stringify(expected)));

  it("file and env come from the scope", () => {
    const folder = mkdtempSync(join(tmpdir(), "language-"));
    writeFileSync(join(folder, "key.pub"), "ssh-ed25519 A\n");
    const scope = { ...objectScope({}), folder, environment: { TOKEN: "t" } };
    assert.equal(cel("file('key.pub').trim() + env('TOKEN')", scope), "ssh-ed25519 At");
    assert.match(faultOf(() => cel("env('MISSING')", scope)).message, /MISSING is not set/);
    assert.match(faultOf(() => cel("file('missing')", scope)).message, /does not exist/);
  });
  it("a regular expression cannot run away", () => {
    const started = Date.now();
    assert.equal(cel(`'${"a".repeat(5000)}!'.matches('^(a+)+$')`), false);
    assert.ok(Date.now() - started < 2000);
    assert.match(faultOf(() => cel("'aa'.matches('(a)\\\\1')")).message, /regular expression/);
  });
});

describe("expressions: faults", () => {
  const cases: [string, string][] = [
    ["a ==", "expression-syntax 1:5+1"],
    ["", "expression-syntax 1:1+1"],
    ["n and flag", "expression-syntax 1:3+3"],
    ["not flag", "expression-syntax 1:1+3"],
    ["n = 1", "expression-syntax 1:3+1"],
    ["{{ n }}", "expression-syntax 1:1+2"],
    ["name | upper", "expression-syntax 1:6+1"],
    ["foo + 1", "undefined-name 1:1+3"],
    ["map.b.zz", "undefined-key 1:1+8"],
    ["1 + map.b.zz", "undefined-key 1:5+8"],
    ["list[9]", "undefined-key 1:1+7"],
    ["list['x']", "expression-type 1:1+9"],
    ["name.x", "expression-type 1:1+6"],
    ["nothing.x", "expression-type 1:1+9"],
    ["n && flag", "expression-type 1:1+1"],
    ["n ? 1 : 2", "expression-type 1:1+1"],
    ["n + name", "expression-value 1:1+8"],
    ["n < name", "expression-value 1:1+8"],
    ["n / 0", "expression-value 1:1+5"],
    ["9223372036854775807 + 1", "expression-value 1:1+23"],
    ["'a' in name", "expression-type 1:1+11"],
    ["now()", "unknown-function 1:1+5"],
    ["name.lower()", "unknown-function 1:1+12"],
    ["name.trim(1)", "expression-call 1:1+12"],
    ["list.map(x)", "unknown-function 1:1+11"],
    ["has(name)", "expression-call 1:1+9"],
    ["ip('x')", "expression-value 1:1+7"],
    ["map.?a", "expression-value 1:1+6"],
    ["base64.decode('YQ==')", "expression-value 1:1+21"],
    ["list.map(x, x.y)", "expression-type 1:13+3"],
    ["name.map(x, x)", "expression-type 1:1+4"],
  ];
  for (const [source, expected] of cases)
    it(source || "(empty)", () => assert.equal(where(faultOf(() => cel(source, names))), expected));

  it("gives the nearest name", () => {
    assert.equal(faultOf(() => cel("naem", names)).details.hint, "did you mean name?");
    assert.equal(
      faultOf(() => cel("map.b.port", { map: { b: { prot: 1, x: 1 } } })).details.hint,
      "did you mean prot?",
    );
    assert.equal(faultOf(() => cel("'x'.trimm()")).details.hint, "did you mean trim?");
  });
  it("points into quoted and block scalars", () => {
    assert.equal(where(faultOf(() => evaluated('x: !expr "\'é\' + \\"q\\" + foo"', names))), "undefined-name 1:25+3");
    assert.equal(where(faultOf(() => evaluated("x: !expr 'name + ''it'' + foo'", names))), "undefined-name 1:27+3");
    assert.equal(where(faultOf(() => evaluated("x: !expr |\n  n +\n  foo\n", names))), "undefined-name 3:3+3");
    assert.equal(where(faultOf(() => evaluated("x: !expr >-\n\n    n\n\n    + foo\n", names))), "undefined-name 5:7+3");
    assert.equal(where(faultOf(() => evaluated("x: !expr n +\n  foo\n", names))), "undefined-name 2:3+3");
    assert.equal(where(faultOf(() => condition("when: 'n == foo'", names))), "undefined-name 1:13+3");
    assert.equal(where(faultOf(() => condition("when: n == foo", names))), "undefined-name 1:12+3");
  });
  const before: [string, string][] = [
    ["'a' + 1", "expression-value 1:1+7"],
    ["x.y + 1 + 'a'", ""],
    ["size(x) + 'a'", "expression-value 1:1+13"],
    ["size(x) && y", "expression-type 1:1+7"],
    ["!size(x)", "expression-type 1:2+7"],
    ["x ? size(x) : 'a'", ""],
    ["'a' ? 1 : 2", "expression-type 1:1+3"],
    ["x.map(y, y) > 1", "expression-value 1:1+15"],
    ["1.trim()", ""],
    ["(1 + 2).trim()", "expression-value 1:2+13"],
    ["x.trim() < 1", "expression-value 1:1+12"],
    ["cidr(x).containsIP('10.0.0.1')", ""],
    ["ip(x).family() == 4 && x.trim() == ''", ""],
    ["ip(3)", "expression-value 1:1+5"],
    ["math.round(x) + 1.5 > int(y)", ""],
    ["x.?y.orValue(1) + 1", ""],
    ["[1].sum() + size('x')", ""],
    ["-'a'", "expression-type 1:1+4"],
    ["x.map(y, 'a' + 1)", "expression-value 1:10+7"],
  ];
  for (const [source, expected] of before) {
    if (source === "1.trim()") continue;
    it(`before it is evaluated: ${source} ${expected === "" ? "may be right" : "is wrong"}`, () => {
      if (expected === "") compileExpression(source, PLACE);
      else assert.equal(where(faultOf(() => compileExpression(source, PLACE))), expected);
    });
  }
  it("survives what is nested too deeply", () => {
    for (const source of [
      "(".repeat(5000),
      `${"!".repeat(100_000)}true`,
      `${"-".repeat(50_000)}1`,
      `${"1+".repeat(15_000)}1`,
      `${"[".repeat(5000)}${"]".repeat(5000)}`,
    ]) {
      try {
        cel(source);
      } catch (error) {
        assert.ok(error instanceof Fault, String(error));
      }
    }
  });
});

describe("expressions: laws", () => {
  it("anything is a value or a fault", () => {
    const piece = fc.constantFrom(
      "a",
      "b.c",
      "1",
      "2.5",
      "'x'",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      ",",
      ":",
      "?",
      ".",
      ".?",
      "+",
      "-",
      "*",
      "/",
      "%",
      "==",
      "<",
      "&&",
      "||",
      "!",
      " in ",
      "map(x, x)",
      ".size()",
      "has(a.b)",
      "null",
      "true",
      "size(",
      "optional.none()",
      ".orValue(1)",
      "ip(",
      '"',
      "r'",
      "0x",
      "1e",
      "u",
      "__proto__",
      "constructor",
      "toString()",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        try {
          cel(pieces.join(""), { a: 1, b: { c: [1, "x", null] }, x: true });
        } catch (error) {
          assert.equal((error as Error).name, "Fault", `${pieces.join("")}: ${(error as Error).stack}`);
        }
      }),
      { numRuns: 5000 },
    );
  });
  it("whole numbers are as in CEL", () => {
    const number = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(number, number, (a, b) => {
        assert.equal(cel("a + b", { a, b }), a + b);
        assert.equal(cel("a * b", { a, b }), a * b + 0);
        if (b !== 0) assert.equal(cel("a / b", { a, b }), Math.trunc(a / b) + 0);
        assert.equal(cel("a < b", { a, b }), a < b);
      }),
    );
  });
  it("JSON goes there and back", () => {
    fc.assert(
      fc.property(fc.json(), (json) =>
        assert.equal(cel("toJson(fromJson(json))", { json }), JSON.stringify(JSON.parse(json))),
      ),
    );
  });
  it("networks contain their addresses", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const net = `${address}/${prefix}`;
        assert.equal(
          cel(
            "cidr(net).containsIP(cidr.nth(net, 0)) && cidr(net).containsIP(cidr.nth(net, -1)) && cidr.overlaps(net, address + '/32')",
            { net, address },
          ),
          true,
        );
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), (address) => assert.equal(cel("ip(string(ip(a))) == ip(a)", { a: address }), true)),
    );
  });
});

describe("expressions: unknowns and lazy values", () => {
  const unknown = new Unknown("the step has not run");
  const scope = (): { [name: string]: Value } => {
    const result: { [name: string]: Value } = { yes: true, no: false, list: [1, 2] };
    Object.defineProperty(result, "later", { enumerable: true, get: () => assert.fail("read") });
    return result;
  };
  const withUnknown = objectScope(
    Object.defineProperty({ yes: true, no: false, list: [1, 2] }, "u", {
      enumerable: true,
      get: () => {
        throw unknown;
      },
    }),
  );
  const lazy = objectScope({
    result: Object.defineProperty({ changed: true }, "stdout", {
      enumerable: true,
      get: () => {
        throw unknown;
      },
    }),
  });
  for (const [source, expected] of [
    ["no && u", false],
    ["u && no", false],
    ["yes || u", true],
    ["u || yes", true],
    ["list.all(x, x > 5 && u)", false],
    ["list.exists(x, x == 1 || u)", true],
    ["[u, no].all(x, x)", null],
    ["list.exists(x, x == 2 ? true : u)", true],
    ["yes ? 1 : u", 1],
  ] as const) {
    if (expected === null) continue;
    it(`${source} is ${expected}`, () => assert.equal(cel(source, withUnknown), expected));
  }
  for (const source of [
    "u",
    "u && yes",
    "yes && u",
    "no || u",
    "u == 1",
    "[u]",
    "u ? 1 : 2",
    "list.all(x, u)",
    "size([u])",
    "!u",
  ]) {
    it(`${source} is unknown`, () =>
      assert.throws(
        () => cel(source, withUnknown),
        (error) => error === unknown,
      ));
  }
  it("a known key beside an unknown one", () => {
    assert.equal(cel("result.changed", lazy), true);
    assert.equal(cel("has(result.stdout)", lazy), true);
    assert.throws(
      () => cel("result.stdout == ''", lazy),
      (error) => error === unknown,
    );
  });
  it("keeps a whole map lazy", () => {
    const value = cel("result", lazy) as { [key: string]: Value };
    assert.equal(value.changed, true);
    assert.throws(
      () => value.stdout,
      (error) => error === unknown,
    );
  });
  it("reads only what is needed", () => assert.equal(cel("yes || later", scope()), true));
  it("faults of the scope come through as they are", () => {
    const mistake = new Fault("undefined-name", "a cycle");
    const bad = objectScope(
      Object.defineProperty({}, "x", {
        enumerable: true,
        get: () => {
          throw mistake;
        },
      }),
    );
    assert.throws(
      () => cel("x + 1", bad),
      (error) => error === mistake,
    );
  });
});

describe("expressions: secrets", () => {
  const secrets = { pw: new Secret("hunter2"), plain: "a", n: 1 };
  it("taint every text of the result", () => {
    const value = cel("{'a': pw + '!', 'b': ['x'], 'n': n}", secrets) as { a: Secret; b: Secret[]; n: number };
    assert.ok(value.a instanceof Secret && value.b[0] instanceof Secret);
    assert.equal(value.a.reveal(), "hunter2!");
    assert.equal(value.n, 1);
    assert.ok(!JSON.stringify(value).includes("hunter2"));
  });
  it("leave booleans and numbers", () => {
    assert.equal(cel("pw == 'hunter2'", secrets), true);
    assert.equal(cel("size(pw)", secrets), 7);
  });
  it("do not taint what does not read them", () => assert.equal(cel("plain + 'x'", secrets), "ax"));
  it("are not shown by faults", () => {
    const shown = [
      () => cel("int(pw)", secrets),
      () => cel("pw + 1", secrets),
      () => cel("ip(pw)", secrets),
      () => cel("{'a': 1}[pw]", secrets),
      () => cel("'a'.matches('(' + pw)", secrets),
    ].map((run) => {
      const fault = faultOf(run);
      return `${fault.message} ${fault.details.hint}`;
    });
    assert.ok(!shown.join().includes("hunter2"), shown.join());
  });
});

describe("expressions: names", () => {
  const uses = (source: string): string[] =>
    compileExpression(source, PLACE).names.map(
      (use) =>
        `${pathText(use.root, use.path)}${use.guardedParts.includes(true) ? ` ?${use.guardedParts.map((one) => (one ? "y" : "n")).join("")}` : ""}`,
    );
  const cases: [string, string[]][] = [
    ["a.b.c + d", ["a.b.c", "d"]],
    ["hosts['pi-1'].x", ['hosts["pi-1"].x']],
    ["hosts[h].k3s.y", ["hosts[…].k3s.y", "h"]],
    ["l.map(x, x.y + z)", ["l", "z"]],
    ["m.transformList(k, v, v.a + k)", ["m"]],
    ["cel.bind(x, a.b, x)", ["a.b"]],
    ["has(a.b)", ["a.b ?y"]],
    ["has(a.b) && a.b.c == 1", ["a.b ?y", "a.b.c ?yn"]],
    ["has(a.b) ? a.b : a.c", ["a.b ?y", "a.b ?y", "a.c"]],
    ["!has(a.b) || a.b == 1", ["a.b ?y", "a.b ?y"]],
    ["a.?b.c.orValue(1)", ["a.b.c ?yy"]],
    ["a[?'b'].orValue(c)", ["a.b ?y", "c"]],
    ["lists.range(n)", ["n"]],
    ["optional.of(x)", ["x"]],
    ["f.g(1)", []],
    ["{a.b: c.d}", ["a.b", "c.d"]],
  ];
  for (const [source, expected] of cases) {
    if (source === "f.g(1)") continue;
    it(source, () => assert.deepEqual(uses(source), expected));
  }
  it("guards", () =>
    assert.deepEqual(compileExpression("has(a.b) && (n == 1 || has(a.c)) && has(a.d)", PLACE).guards, ["a.b", "a.d"]));
  it("is compiled once for a place", () =>
    assert.equal(compileExpression("1 + 1", PLACE), compileExpression("1 + 1", PLACE)));
});
