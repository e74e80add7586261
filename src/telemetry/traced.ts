/** What is told apart in a trace. */
export type SpanName = 'request' | 'authenticate' | 'operation' | 'decision' | 'sql';

/** What a span says. INVARIANT: no variable, no value of a row, no credential. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Does work within a span, below the one that it is called in. */
export type Traced = <T>(
  name: SpanName,
  attributes: Attributes,
  work: () => Promise<T>,
) => Promise<T>;

/** The same where nothing is traced. */
export const untraced: Traced = (_, __, work) => work();

/** What a statement says of itself: its first word alone, for its text has what callers name their fields. */
export const ofStatement = (sql: string): Attributes => ({
  'db.system.name': 'postgresql',
  'db.operation.name': /^\s*(\w{1,20})/.exec(sql)?.[1]?.toUpperCase() ?? '',
});
