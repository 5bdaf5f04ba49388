import assert from "node:assert/strict";
import Handlebars from "handlebars";
import fc from "fast-check";
import { Secret } from "../../src/base/secret.ts";
import { Unknown, type Value } from "../../src/base/value.ts";
import { compileTemplate, compileText } from "../../src/language/text.ts";
import { objectScope } from "../../src/language/scope.ts";
import { pathText } from "../../src/language/names.ts";
import { faultOf, PLACE, text, evaluated, where } from "./helper.ts";

const names: { [name: string]: Value } = {
  n: 1,
  m: 2,
  zero: 0,
  pi: 1.5,
  yes: true,
  no: false,
  empty: "",
  name: "web <1>",
  nothing: null,
  list: ["a", "b"],
  none: [],
  ports: { http: 80, https: 443 },
  k3s: { role: "server", server: { url: "u" }, "node-name": "x" },
  hosts: { "pi-1": { addresses: { lan: "10.0.0.1" } } },
  people: [
    { name: "ann", keys: ["k1"] },
    { name: "bob", keys: [] },
  ],
};

describe("text: what prints", () => {
  const cases: [string, string][] = [
    ["plain", "plain"],
    ["{{n}}{{m}}", "12"],
    ["{{ name }} & {{{name}}}", "web <1> & web <1>"],
    ["{{yes}} {{no}} {{pi}} {{empty}}|", "true false 1.5 |"],
    ["{{k3s.role}} {{k3s.[node-name]}} {{list.[1]}}", "server x b"],
    ["{{'literal'}} {{5}} {{true}}", "literal 5 true"],
    ["{{managed}}", "This file is managed by provision: changes made here will be lost."],
    ["{{#if yes}}1{{else}}2{{/if}}", "1"],
    ["{{#if no}}1{{else if n}}3{{else}}2{{/if}}", "3"],
    ["{{#if k3s.token}}1{{else}}2{{/if}}", "2"],
    ["{{#if k3s.a.b.c}}1{{else}}2{{/if}}", "2"],
    ["{{#if none}}1{{/if}}{{#if empty}}1{{/if}}{{#if zero}}1{{/if}}{{#if nothing}}1{{/if}}{{#if ports}}2{{/if}}", "2"],
    ["{{#unless no}}1{{else}}2{{/unless}}", "1"],
    ["{{^if no}}1{{/if}}", "1"],
    ["{{#each list as |x|}}{{x}}{{n}},{{/each}}", "a1,b1,"],
    ["{{#each list as |x i|}}{{i}}{{x}}{{#unless @last}},{{/unless}}{{/each}}", "0a,1b"],
    ["{{#each ports as |port name|}}{{name}}={{port}} {{/each}}", "http=80 https=443 "],
    ["{{#each ports as |port|}}{{@key}}{{@index}}{{@first}} {{/each}}", "http0true https1false "],
    ["{{#each none as |x|}}{{x}}{{else}}-{{/each}}", "-"],
    ["{{#each k3s.list as |x|}}{{x}}{{else}}-{{/each}}", "-"],
    ["{{#each people as |p|}}{{p.name}}:{{#each p.keys as |k|}}{{p.name}}{{k}}{{/each}};{{/each}}", "ann:annk1;bob:;"],
    ["{{#with k3s.server as |s|}}{{s.url}}{{n}}{{/with}}", "u1"],
    ["{{#with k3s.zz as |s|}}{{s.url}}{{else}}-{{/with}}", "-"],
    ["{{{{raw}}}}{{.Names}}{{{{/raw}}}}", "{{.Names}}"],
    ["\\{{n}} {{n}}", "{{n}} 1"],
    ["{{!-- {{x}} --}}{{! c }}a", "a"],
    ["${#array[@]} %{http_code} {#}", "${#array[@]} %{http_code} {#}"],
    ["{{default k3s.token 'none'}} {{default k3s.role 'none'}}", "none server"],
    ["{{default nothing k3s.a.b 'z'}}", "z"],
    ["{{get hosts 'pi-1' 'addresses' 'lan'}}", "10.0.0.1"],
    ["{{default (get hosts 'x' 'addresses') '-'}}", "-"],
    ["{{#if (eq n 1)}}1{{/if}}{{#if (and yes (gt m n) (not no))}}2{{/if}}{{#if (or no k3s.zz)}}3{{/if}}", "12"],
    ["{{join list ', '}} {{join (concat list none list) '+'}}", "a, b a+b+a+b"],
    ["{{concat n '-' name}}", "1-web <1>"],
    ["{{json ports}} {{json name}}", '{"http":80,"https":443} "web <1>"'],
    ["{{yaml list}}", "- a\n- b"],
    ["  {{indent (yaml ports) 2}}", "  http: 80\n  https: 443"],
    ["{{quote name}} {{quote n}}", '"web <1>" "1"'],
    ["{{shellQuote name}} {{shellQuote list}}", "'web <1>' a b"],
    ["{{upperAscii (replace name 'web' 'x')}} {{size list}} {{math.greatest 1 m}}", "X <1> 2 2"],
    ["{{cidr.netmask '10.0.0.0/8'}} {{toJson list}} {{base64.encode 'a'}}", '255.0.0.0 ["a","b"] YQ=='],
    ["a\n{{#if yes}}\nb\n{{/if}}\nc\n", "a\nb\nc\n"],
    ["a {{~n~}} b", "a1b"],
    ["{{#each list as |x|}}\n- {{x}}\n{{/each}}\n", "- a\n- b\n"],
  ];
  for (const [source, expected] of cases)
    it(source.replaceAll("\n", "⏎"), () => assert.equal(text(source, names), expected));
});

describe("text: faults", () => {
  const cases: [string, string][] = [
    ["a {{naem}}", "undefined-name 1:5+4"],
    ["{{#if typo}}{{/if}}", "undefined-name 1:7+4"],
    ["{{#each typo as |x|}}{{/each}}", "undefined-name 1:9+4"],
    ["{{default typo 1}}", "undefined-name 1:11+4"],
    ["{{join typo ','}}", "undefined-name 1:8+4"],
    ["{{k3s.token}}", "undefined-key 1:3+9"],
    ["{{upperAscii k3s.token}}", "undefined-key 1:14+9"],
    ["{{#if (eq k3s.token 1)}}{{/if}}", "undefined-key 1:11+9"],
    ["{{get hosts 'x'}}", "undefined-key 1:3+3"],
    ["{{nothing}}", "text-print 1:3+7"],
    ["{{list}}x", "text-print 1:3+4"],
    ["{{ports}}x", "text-print 1:3+5"],
    ["{{#each list}}{{this}}{{/each}}", "text-context 1:17+4"],
    ["{{#each list}}{{/each}}", "text-context 1:4+4"],
    ["{{#each people as |p|}}{{../n}}{{/each}}", "text-context 1:26+4"],
    ["{{#with k3s}}{{/with}}", "text-context 1:4+4"],
    ["{{.}}", "text-context 1:3+1"],
    ["{{this.n}}", "text-context 1:3+6"],
    ["{{#list}}{{/list}}", "text-helper 1:4+4"],
    ["{{#each n as |x|}}{{/each}}", "text-helper 1:9+1"],
    ["{{> part}}", "text-syntax 1:1+10"],
    ["{{nope n}}", "unknown-function 1:3+4"],
    ["{{join}}", "undefined-name 1:3+4"],
    ["{{eq n}}", "text-helper 1:3+2"],
    ["{{upperAscii n}}", "text-helper 1:3+10"],
    ["{{@index}}", "undefined-name 1:3+6"],
    ["{{list.0}}", "text-syntax 1:8+1"],
    ["{{list.length}}", "undefined-key 1:3+11"],
    ["{{#if n}}", "text-syntax 1:10+1"],
    ["{{#if n}}{{/unless}}", "text-syntax 1:4+2"],
    ["a\n{{#if n}}\n{{else}}\n{{/each}}", "text-syntax 2:4+2"],
    ["{{n", "text-syntax 1:3+1"],
    ["{{ n n n ] }}", "text-syntax 1:10+1"],
    ["{{ name | default('x') }}", "text-jinja 1:1+25"],
    ["{% if n %}", "text-jinja 1:1+10"],
    ["a {# b #}", "text-jinja 1:3+7"],
    ["{{ list[0] }}", "text-jinja 1:1+13"],
    ["{{ hostvars['x'].y }}", "text-jinja 1:1+21"],
    ["{{ n + 1 }}", "text-jinja 1:1+11"],
    ["{{hostvars}}", "undefined-name 1:3+8"],
  ];
  for (const [source, expected] of cases)
    it(source.replaceAll("\n", "⏎"), () => assert.equal(where(faultOf(() => text(source, names))), expected));

  const translations: [string, string][] = [
    ["{{ x | default('y') }}", 'write {{default x "y"}}'],
    ["{{ x.y | join(',') }}", 'write {{join x.y ","}}'],
    ["{{ x | lower }}", "write {{lowerAscii x}}"],
    ["{{ x | to_nice_json }}", "write {{json x 2}}"],
    ["{{ x[0] }}", "write {{x.[0]}}"],
    ["{{ x['k'] }}", "write {{x.k}}"],
    ["{{ x['a-b'] }}", "write {{x.[a-b]}}"],
    ["{{ x[y] }}", "write {{get x y}}"],
    ["{{ hostvars['h'].ip }}", 'write {{get hosts "h" "ip"}}'],
    ["{{ hostvars[h]['ip'] }}", 'write {{get hosts h "ip"}}'],
    ["{% for u in users %}", "write {{#each users as |u|}} … {{/each}}"],
    ["{% for k, v in m.items() %}", "write {{#each m as |v k|}} … {{/each}}"],
    ["{% if x.y %}", "write {{#if x.y}} … {{/if}}"],
    ["{%- endif -%}", "write {{/if}}"],
  ];
  for (const [source, hint] of translations)
    it(`${source} is translated`, () => assert.equal(faultOf(() => text(source)).details.hint, hint));

  it("points into quoted, block and file text", () => {
    assert.equal(where(faultOf(() => evaluated('x: "\\"é\\t{{ foo }}"', names))), "undefined-name 1:13+3");
    assert.equal(where(faultOf(() => evaluated("x: |\n  a {{n}}\n    {{ foo }}\n", names))), "undefined-name 3:8+3");
    assert.equal(where(faultOf(() => evaluated("x: >\n  a\n  b {{ foo }}\n", names))), "undefined-name 3:8+3");
    assert.equal(where(faultOf(() => evaluated("x: it is\n  {{ foo }}\n", names))), "undefined-name 2:6+3");
    assert.equal(
      where(faultOf(() => compileTemplate("a\n\tb {{foo}}\n", "x.conf").render(objectScope(names)))),
      "undefined-name 2:6+3",
    );
  });
});

describe("text: values", () => {
  it("one path keeps its type", () => {
    assert.deepEqual(evaluated('"{{ list }}"', names), ["a", "b"]);
    assert.equal(evaluated('"{{n}}"', names), 1);
    assert.equal(evaluated('"{{n}} "', names), "1 ");
    assert.equal(evaluated('"{{nothing}}"', names), null);
  });
  it("raw and data are no templates", () => {
    assert.equal(evaluated('!raw "{{.Names}}"'), "{{.Names}}");
  });
  it("a secret makes the text secret", () => {
    const value = text("p={{pw}} {{name}}", { pw: new Secret("hunter2"), name: "x" });
    assert.ok(value instanceof Secret);
    assert.equal(value.reveal(), "p=hunter2 x");
    assert.ok(!(text("{{name}}", { pw: new Secret("hunter2"), name: "x" }) instanceof Secret));
    assert.ok(evaluated('"{{pw}}"', { pw: new Secret("x") }) instanceof Secret);
  });
  it("json and yaml of secrets are secret texts", () => {
    const value = text("{{json a}}", { a: { b: new Secret("hunter2") } });
    assert.ok(value instanceof Secret);
    assert.equal(value.reveal(), '{"b":"hunter2"}');
  });
  it("an unknown makes the text unknown", () => {
    const unknown = new Unknown("later");
    const scope = objectScope(
      Object.defineProperty({ a: 1 }, "u", {
        enumerable: true,
        get: () => {
          throw unknown;
        },
      }),
    );
    assert.throws(
      () => compileText("{{a}}{{u}}", PLACE).render(scope),
      (error) => error === unknown,
    );
    assert.throws(
      () => compileText("{{default u 1}}", PLACE).render(scope),
      (error) => error === unknown,
    );
    assert.equal(compileText("{{#if a}}x{{else}}{{u}}{{/if}}", PLACE).render(scope), "x");
  });
});

describe("text: names", () => {
  const uses = (source: string): string[] =>
    compileText(source, PLACE).names.map(
      (use) =>
        `${pathText(use.root, use.path)}${use.guardedParts.includes(true) ? ` ?${use.guardedParts.map((one) => (one ? "y" : "n")).join("")}` : ""}`,
    );
  const cases: [string, string[]][] = [
    ["{{a.b}} {{managed}}", ["a.b"]],
    ["{{#if a.b}}{{a.b}}{{a.b.c}}{{else}}{{a.b}}{{/if}}", ["a.b ?y", "a.b ?y", "a.b.c ?yn", "a.b"]],
    ["{{#unless a.b}}{{a.b}}{{else}}{{a.b}}{{/unless}}", ["a.b ?y", "a.b", "a.b ?y"]],
    ["{{#each a.b as |x i|}}{{x.y}}{{i}}{{z}}{{/each}}", ["a.b ?y", "z"]],
    ["{{default a.b c.d}}", ["a.b ?y", "c.d"]],
    ["{{#if (and a.b c)}}{{a.b}}{{/if}}", ["a.b ?y", "c", "a.b ?y"]],
    ["{{join (sort a.b) c}}", ["a.b", "c"]],
    ["{{{{raw}}}}{{x}}{{{{/raw}}}}", []],
  ];
  for (const [source, expected] of cases) it(source, () => assert.deepEqual(uses(source), expected));
});

describe("text: laws", () => {
  it("white space as the library itself leaves it", () => {
    const piece = fc.constantFrom(
      "a",
      " ",
      "\n",
      "\n\n",
      "  ",
      "{{n}}",
      "{{~n~}}",
      "{{#if yes}}",
      "{{/if}}",
      "{{else}}",
      "{{~/if}}",
      "{{#if yes~}}",
      "{{! c }}",
      "\t",
      "x\n",
      "{{!-- d --}}\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const source = pieces.join("");
        let expected: string;
        try {
          expected = Handlebars.compile(source)({ n: "N", yes: true });
        } catch {
          return;
        }
        assert.equal(text(source, { n: "N", yes: true }), expected, JSON.stringify(source));
      }),
      { numRuns: 1500 },
    );
  });
  it("survives anything", () => {
    const piece = fc.constantFrom(
      "{{",
      "}}",
      "{{{",
      "#if",
      "/if",
      "each",
      " a",
      " as |x|",
      "|",
      "(",
      ")",
      '"',
      "'",
      "[",
      "]",
      "!",
      "--",
      "~",
      "^",
      "else",
      ".",
      "/",
      "@",
      "{%",
      "%}",
      "{#",
      "#}",
      "\\",
      "\n",
      ">",
      "*",
      "&",
      "=",
      "1",
      "{{{{raw}}}}",
      "{{{{/raw}}}}",
    );
    const survives = (source: string): void => {
      try {
        text(source, { a: 1 });
      } catch (error) {
        assert.equal((error as Error).name, "Fault", String(error));
      }
    };
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => survives(pieces.join(""))),
      { numRuns: 3000 },
    );
    survives("{{#if a}}".repeat(5000) + "{{/if}}".repeat(5000));
    survives(`{{${"(not ".repeat(5000)}a${")".repeat(5000)}}}`);
    survives("{{".repeat(50_000));
  });
  it("text without braces is itself", () => {
    fc.assert(
      fc.property(
        fc.string().filter((one) => !/\{[{%#]/.test(one)),
        (one) => assert.equal(text(one), one),
      ),
    );
  });
});
