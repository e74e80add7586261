import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLErrorExtensions,
} from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Limits } from '../limits/limits.js';
import { querySize } from '../limits/query-size.js';
import type { Principal } from '../policy/principal.js';
import type { RequestFacts } from '../request/reading.js';
import { type EventResult, withCursor } from './event-result.js';
import type { Exchange, Releasable } from './exchange.js';
import type { Authenticated } from './graphql-request.js';
import { requestError } from './request-error.js';

/** What of an event is for its transport: who is told, and by what they come back. */
interface SourceEvent {
  readonly principal?: Principal;
  readonly cursor?: string;
}

/** So many events of all subscriptions are executed at once: each may ask the database. */
const AT_ONCE = 8;

/**
 * Executes each event of a subscription with a context of its own: what it shows is read at that moment, by who its subscriber is
 * then (D18). Why a subscription ends is told as its last answer.
 *
 * INVARIANT: what a context has loaded or decided is not used for a second event.
 */
export function useSubscriptions(
  contextFor: (principal: Principal, facts: RequestFacts) => Promise<Releasable>,
  limits: Limits,
  recorded: (exchange: Exchange) => Promise<void>,
): Plugin<object, Authenticated> {
  const slots = new Slots(AT_ONCE);
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const { schema, document, operationName } = args;
        const variables = args.variableValues ?? {};
        const { cost } = querySize(document, schema, limits, { variables, operationName });
        if (cost > limits.cost) {
          const message =
            'the subscription could answer too much: ask for fewer rows of nested lists';
          return { errors: [requestError(400, message, { onlyIfAsked: true })] };
        }
        const source = await createSourceEventStream(args);
        if (!isAsyncIterable(source)) return source;
        const { principal: first, facts, exchange } = args.contextValue as Authenticated;
        try {
          await recorded(exchange);
        } catch (error) {
          await (source as AsyncIterableIterator<unknown>).return?.();
          return { errors: [asGraphql(error)] };
        }
        const told = async (event: SourceEvent): Promise<EventResult> =>
          slots.run(async () => {
            // Where it acts is the event's own.
            const own = { ...facts, scopeHeader: null, subscribing: undefined, closed: undefined };
            const contextValue = await contextFor(event.principal ?? first, own);
            try {
              const result = await execute({ ...args, rootValue: event, contextValue });
              return withCursor(withheldIn(result, contextValue), event.cursor);
            } finally {
              contextValue.release?.();
            }
          });
        return answers(source as AsyncIterable<SourceEvent>, told);
      });
    },
  };
}

/** INVARIANT: no generator: whoever leaves is not to wait for the event that comes next. */
function answers(
  source: AsyncIterable<SourceEvent>,
  told: (event: SourceEvent) => Promise<EventResult>,
): AsyncIterableIterator<ExecutionResult> {
  const events = source[Symbol.asyncIterator]();
  let isOver = false;
  const over = { done: true, value: undefined } as const;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (isOver) return over;
      try {
        const { done, value } = await events.next();
        if (done === true) isOver = true;
        return done === true ? over : { done: false, value: await told(value) };
      } catch (error) {
        isOver = true;
        await events.return?.();
        return { done: false, value: { errors: [asGraphql(error)] } };
      }
    },
    async return() {
      isOver = true;
      await events.return?.();
      return over;
    },
  };
}

const asGraphql = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('', {
        originalError: error instanceof Error ? error : new Error(String(error)),
      });

function withheldIn(result: ExecutionResult, context: object): ExecutionResult {
  const { withheld } = context as { readonly withheld?: ReadonlySet<string> };
  if (withheld === undefined || withheld.size === 0) return result;
  const extensions: GraphQLErrorExtensions = {
    ...result.extensions,
    withheld: [...withheld].sort(),
  };
  return { ...result, extensions };
}

/** Has only so many at work at once; the others wait, first come first served. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
