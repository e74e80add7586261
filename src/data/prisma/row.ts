/** A row of whatever model, with the columns and relations that its query selected. */
export interface Row {
  readonly id: string;
  readonly [field: string]: unknown;
}
