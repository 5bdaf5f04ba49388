/** The page of a code: `title` is its heading, `page` its Markdown body: what happened, an example, what to do. */
export interface CodePage {
  title: string;
  page: string;
}
