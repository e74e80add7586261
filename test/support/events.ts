import { onTestFinished } from 'vitest';

/** An event as a subscriber has it. */
export interface Told {
  readonly kind: string;
  readonly type: string | null;
  readonly id: string | null;
  readonly cursor: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a row.
  readonly node?: any;
}

/** What a stream said, in its own words: an event, why it ended, that it is over. */
export type Said =
  | { readonly is: 'event'; readonly event: Told; readonly lastId: string | undefined }
  | { readonly is: 'error'; readonly code: string }
  | { readonly is: 'complete' };

export interface Stream {
  /** The next that it says; waits for it. */
  next(): Promise<Said>;
  /** The next event. Throws where something else comes. */
  event(): Promise<Told>;
  close(): void;
}

export const CHANGED = `subscription ($types: [String!], $scope: ID, $after: String) {
  changed(types: $types, scope: $scope, after: $after) { kind type id cursor }
}`;

interface Asked {
  readonly query?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Subscribes over server-sent events. */
export async function subscribe(
  url: string,
  headers: Readonly<Record<string, string>>,
  { query = CHANGED, variables = {} }: Asked = {},
): Promise<Stream> {
  const gone = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    signal: gone.signal,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const close = (): void => gone.abort();
  onTestFinished(close);
  const said = response.body === null ? none() : parts(response.body);
  const next = async (): Promise<Said> => {
    const { done, value } = await said.next();
    return done === true ? { is: 'complete' } : value;
  };
  return {
    next,
    async event() {
      const one = await next();
      if (one.is !== 'event') throw new Error(`no event, but ${JSON.stringify(one)}`);
      return one.event;
    },
    close,
  };
}

async function* none(): AsyncGenerator<Said, void> {}

async function* parts(body: ReadableStream<Uint8Array>): AsyncGenerator<Said, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const said = saidBy(text.slice(0, end));
      text = text.slice(end + 2);
      if (said !== undefined) yield said;
    }
  }
}

function saidBy(part: string): Said | undefined {
  const fields = new Map(
    part
      .split('\n')
      .filter((line) => !line.startsWith(':'))
      .map((line) => {
        const at = line.indexOf(':');
        return [line.slice(0, at), line.slice(at + 1).trim()] as const;
      }),
  );
  if (fields.get('event') === 'complete') return { is: 'complete' };
  const data = fields.get('data');
  if (data === undefined) return undefined;
  const { data: answer, errors = [] } = JSON.parse(data);
  const [error] = errors;
  if (error !== undefined) return { is: 'error', code: error.extensions.code };
  return { is: 'event', event: answer.changed, lastId: fields.get('id') };
}
