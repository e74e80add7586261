import { randomUUID } from 'node:crypto';
import { type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { Asked } from '../data/given-up.js';
import { unauthenticated } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import type { EventResult } from './event-result.js';
import type { Exchange } from './exchange.js';
import type { Answered } from './graphql-request.js';
import type { RequestHeaders } from './request-headers.js';
import { parseWithin } from './use-limits.js';

/** One subscription over a socket, as the same way takes it that answers requests. */
interface Subscribed {
  readonly body: string;
  readonly headers: RequestHeaders;
  readonly exchange: Exchange;
  readonly closed: AbortSignal;
}

/** What subscribing takes. */
export interface SubscribeParts {
  /** What is answered instead of events, which the exchange takes; or the error that it comes to. It never rejects. */
  readonly subscribe: (asked: Subscribed) => Promise<Response | Answered | GraphQLError>;
}

/** What is subscribed, before anybody has looked at it. */
export interface Prepared {
  readonly payload: SubscribePayload;
  readonly headers: RequestHeaders | undefined;
}

/** @returns what is executed, or why it is not */
export function prepared(
  headers: RequestHeaders | undefined,
  payload: SubscribePayload,
  limits: Limits,
) {
  const { query, operationName, variables } = payload;
  const refused = (message: string) => [
    new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } }),
  ];
  if (query.length > limits.documentLength) {
    return refused(`a document has at most ${limits.documentLength} characters`);
  }
  try {
    const document = parseWithin(limits)(query);
    if (getOperationAST(document, operationName)?.operation !== 'subscription') {
      return refused('over a socket there are subscriptions alone');
    }
    const contextValue: Prepared = { payload, headers };
    // It is validated, and executed, where every request is: nothing here is asked of this schema.
    return {
      ...{ schema: undefined as never, document, contextValue },
      ...{ operationName: operationName ?? null, variableValues: variables ?? {} },
    };
  } catch (error) {
    return refused(error instanceof Error ? error.message : 'this is no document');
  }
}

/** The events of a subscription, or why there are none. */
export async function subscribed(
  { subscribe }: SubscribeParts,
  { payload, headers }: Prepared,
): Promise<AsyncGenerator<EventResult, void> | ExecutionResult> {
  if (headers === undefined) throw unauthenticated(new Error('nobody has said who it is'));
  const gone = new AbortController();
  const acts: (() => void)[] = [];
  let events: AsyncIterator<EventResult> | undefined;
  const exchange: Exchange = {
    id: randomUUID(),
    ...{ method: 'POST', route: '/graphql', startedAt: performance.now(), asked: new Asked() },
    onceClosed: (act) => void acts.push(act),
    takeEvents: (taken) => {
      events = taken[Symbol.asyncIterator]();
    },
  };
  const over = (): void => {
    gone.abort();
    for (const act of acts.splice(0)) act();
  };
  const answer = await subscribe({
    ...{ body: JSON.stringify(payload), headers, exchange, closed: gone.signal },
  });
  if (events !== undefined) return untilOver(events, over);
  over();
  if (answer instanceof GraphQLError) return { errors: [answer] };
  return { errors: errorsIn(await textOf(answer)) };
}

const textOf = async (answer: Response | Answered): Promise<string> =>
  typeof answer.text === 'string' ? answer.text : answer.text();

/** Errors as they were written for who asks by HTTP: alone, or as the only event of a stream. */
function errorsIn(text: string): GraphQLError[] {
  const json = /^data: (.+)$/m.exec(text)?.[1] ?? text;
  const { errors = [] } = JSON.parse(json) as {
    readonly errors?: { readonly message: string; readonly extensions: Record<string, unknown> }[];
  };
  return errors.map(({ message, extensions }) => new GraphQLError(message, { extensions }));
}

/** INVARIANT: no generator: whoever leaves is not to wait for the event that comes next. */
function untilOver(
  events: AsyncIterator<EventResult>,
  over: () => void,
): AsyncGenerator<EventResult, void> {
  const done = { done: true, value: undefined } as const;
  const leave = async () => {
    await events.return?.();
    over();
    return done;
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const step = await events.next();
      if (step.done !== true) return step;
      over();
      return done;
    },
    return: leave,
    throw: leave,
    // Newer libraries of the compiler ask for more than the protocol calls.
  } as unknown as AsyncGenerator<EventResult, void>;
}
