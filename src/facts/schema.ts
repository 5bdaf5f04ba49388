/** placeholder replaced by the typed schema of facts */
export interface Facts {
  [name: string]: unknown;
}
