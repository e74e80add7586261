/** One tab of GraphiQL. */
export interface GraphiqlTab {
  readonly query: string;
  /** JSON. */
  readonly variables?: string;
}
