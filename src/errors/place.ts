/** A position in a text that people wrote. Lines and columns count from 1; columns count UTF-16 units. */
export interface Place {
  /** Path as it is shown to people: relative to the working directory where that is shorter. */
  file: string;
  line: number;
  column: number;
  /** Length in UTF-16 units of what the caret underlines; 1 when unknown. */
  length?: number;
}
