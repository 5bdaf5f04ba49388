/**
 * The table of codes. `title` is the heading of the code's page, `page` its body: what happened, why it matters,
 * what to do. The pages in docs/errors are generated from here.
 */
export const codes = {
  "yaml-syntax": { title: "The file is not valid YAML", page: "" },
} satisfies Record<string, { title: string; page: string }>;

export type Code = keyof typeof codes;
