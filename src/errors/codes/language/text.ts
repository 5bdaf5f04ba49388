import type { CodePage } from "../code-page.ts";

/** Codes of text with {{ }}. */
export const textCodes = {
  "text-syntax": {
    title: "The text cannot be read as a template",
    page: `Text with \`{{ }}\` is a Handlebars template: \`{{name}}\`, \`{{helper argument}}\`, and blocks that are closed with their name:

    {{#if k3s.token}}token: {{k3s.token}}{{else}}no token{{/if}}
    {{#each servers as |server|}}{{server}} {{/each}}

The place is where the reader gave up; a block that is not closed is the usual cause. Text that must keep its braces is
\`!raw "{{.Names}}"\` in YAML, and \`{{{{raw}}}} … {{{{/raw}}}}\` in a template file.`,
  },
  "text-jinja": {
    title: "Jinja where Handlebars is used",
    page: `Templates are Handlebars. The common forms of Jinja translate like this:

    {{ x | default('y') }}              {{default x "y"}}
    {{ list | join(',') }}              {{join list ","}}
    {{ list[0] }}, {{ map['key'] }}     {{list.[0]}}, {{map.key}} or {{get map "key"}}
    {{ hostvars['h'].x }}               {{get hosts "h" "x"}} or !expr hosts["h"].x
    {% if x %} … {% else %} … {% endif %}    {{#if x}} … {{else}} … {{/if}}
    {% for i in list %} … {% endfor %}  {{#each list as |i|}} … {{/each}}
    {# comment #}                       {{!-- comment --}}

What is more than that is a computed value: \`!expr\` with CEL, in a variable or an argument.`,
  },
  "text-context": {
    title: "this and ../ are not used",
    page: `Blocks do not change what a name means, so \`this\`, \`.\` and \`../\` are not needed and not allowed. A block names its item:

    {{#each servers as |server|}}{{server.name}} in {{site.domain}}{{/each}}
    {{#each ports as |port name|}}{{name}}={{port}} {{/each}}
    {{#with k3s.server as |server|}}{{server.url}}{{/with}}

The index, the key and the end of a list are \`@index\`, \`@key\`, \`@first\` and \`@last\`.`,
  },
  "text-print": {
    title: "A value that does not print",
    page: `Only texts, numbers, true and false print. A list, a map or null in the middle of a text would be a mistake nobody sees
until it is on a host.

    {{join k3s.disable ","}}       a list as text
    {{json settings}}              as JSON
    {{yaml settings}}              as YAML
    {{default k3s.token ""}}       a value that may be missing

A value that is exactly one \`"{{ name }}"\` and nothing else keeps its type and may be a list or a map.`,
  },
  "text-helper": {
    title: "A helper is used in the wrong way",
    page: `The helper exists, but its arguments do not fit, it got named arguments (\`key=value\`, which no helper takes), or a block
was written without its item.

    {{default k3s.token "none"}}
    {{#each list as |item|}} … {{/each}}
    {{#if (eq a b)}} … {{else if (gt n 3)}} … {{/if}}`,
  },
} satisfies Record<string, CodePage>;
