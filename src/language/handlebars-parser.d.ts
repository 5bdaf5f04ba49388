/** The parser of the library alone: the rest of it (compiler, runtime) is not used and need not be loaded. */
declare module "handlebars/dist/cjs/handlebars/compiler/base.js" {
  export function parse(text: string): hbs.AST.Program;
}
