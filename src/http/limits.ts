/** How much one request may ask for. Sizes in bytes, times in milliseconds. */
export interface Limits {
  readonly bodyBytes: number;
  /** Lexical tokens of the document; the parser stops there. */
  readonly tokens: number;
  /** Levels of nested fields, fragments counted where they are spread. */
  readonly depth: number;
  /** Fields and aliases after every fragment has been put in its places. */
  readonly fields: number;
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
  tokens: 5_000,
  depth: 15,
  fields: 1_000,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 5_000,
  healthMs: 2_000,
};
