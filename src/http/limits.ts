/** How much one request may ask for. Sizes in bytes, times in milliseconds. */
export interface Limits {
  readonly bodyBytes: number;
  /** Characters of the document, which is kept in a cache; variables have the rest of the body. */
  readonly documentLength: number;
  /** Lexical tokens of the document; the parser stops there. */
  readonly tokens: number;
  /** Levels of nested fields, fragments counted where they are spread. */
  readonly depth: number;
  /** Levels of objects and lists within one another in the variables. */
  readonly variablesDepth: number;
  /** Fields and aliases after every fragment has been put in its places. */
  readonly fields: number;
  /** How often one field may stand among its neighbours, under whatever aliases. */
  readonly repeats: number;
  /** Fields of the answer, counted as if every list were as long as it may be. */
  readonly cost: number;
  readonly headersMs: number;
  /** To receive the whole request. */
  readonly requestMs: number;
  readonly keepAliveMs: number;
  /** How long a ping of the database may take before the gateway counts as unhealthy. */
  readonly healthMs: number;
}

/** The limits that hold unless told otherwise. */
export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 1_000_000,
  documentLength: 50_000,
  tokens: 5_000,
  depth: 15,
  variablesDepth: 100,
  fields: 1_000,
  repeats: 50,
  cost: 1_000_000,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 5_000,
  healthMs: 2_000,
};
