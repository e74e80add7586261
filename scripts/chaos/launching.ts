import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayProcess } from '../../test/support/gateway-process.js';
import type { Identified, Person, World } from '../../test/support/world.js';
import { any } from './any.js';

/** What is launched over the API, and by whom. */
interface Launchable {
  readonly user: Person;
  readonly workflows: readonly Identified[];
}

/** One thing that somebody wanted launched once, and what they were told in the end. */
export interface Wanted {
  /** Its `Idempotency-Key`, and its input: so it is found whoever launched it, and however often. */
  readonly key: string;
  readonly user: Person;
  /** Null: it was refused. */
  readonly id: string | null;
  /** How many answers of it were lost. */
  readonly lost: number;
}

/** What the callers did so far. */
export interface Calls {
  readonly acknowledged: number;
  readonly refused: number;
  /** Requests that had no answer, and were sent again with the same key. */
  readonly lost: number;
  /** How many of these had been done: what was sent again found them there. */
  readonly doneBefore: number;
}

const MUTATION =
  'mutation ($input: RunWorkflowInput!) { runWorkflow(input: $input) { execution { id } } }';

/**
 * A caller as docs/writing.md has it: one key for each thing that is to be done, and the same request at whichever gateway answers
 * until there is an answer.
 */
export class Launching {
  readonly wanted: Wanted[] = [];
  #doneBefore = 0;
  /** Whom is asked at the moment, once for each request. */
  readonly #asked: GatewayProcess[] = [];
  readonly #world: World;
  readonly #gateways: readonly GatewayProcess[];
  readonly #signal: AbortSignal;

  /** @param gateways as they are at each moment; @param signal ends it at once, in the middle of anything */
  constructor(world: World, gateways: readonly GatewayProcess[], signal: AbortSignal) {
    this.#world = world;
    this.#gateways = gateways;
    this.#signal = signal;
  }

  get calls(): Calls {
    const acknowledged = this.wanted.filter(({ id }) => id !== null).length;
    const lost = this.wanted.reduce((sum, one) => sum + one.lost, 0);
    const refused = this.wanted.length - acknowledged;
    return { acknowledged, refused, lost, doneBefore: this.#doneBefore };
  }

  isAsking(gateway: GatewayProcess): boolean {
    return this.#asked.includes(gateway);
  }

  /** One thing after another, until it is over. */
  async launchUntil(isOver: () => boolean, what: readonly Launchable[]): Promise<void> {
    while (!isOver()) {
      this.wanted.push(await this.#launch(any(what)));
      await sleep(Math.random() * 400);
    }
  }

  async #launch({ user, workflows }: Launchable): Promise<Wanted> {
    const key = randomUUID();
    const input = { workflow: any(workflows).id, input: { key } };
    for (let lost = 0; ; await sleep(50)) {
      this.#signal.throwIfAborted();
      const gateway = any(this.#gateways);
      this.#asked.push(gateway);
      try {
        const { data, errors } = await gateway.ask(
          ...[user.email, MUTATION, { input }, { 'idempotency-key': key }],
        );
        const code = errors?.[0]?.extensions?.code;
        if (code === undefined) return { key, user, id: data.runWorkflow.execution.id, lost };
        if (code !== 'UNAVAILABLE') return { key, user, id: null, lost };
      } catch (error) {
        if (wasNotSent(error)) continue;
        lost += 1;
        if ((await launchedWith(this.#world, key)).length > 0) this.#doneBefore += 1;
      } finally {
        this.#asked.splice(this.#asked.indexOf(gateway), 1);
      }
    }
  }
}

/** Nobody was there to take it. */
const wasNotSent = (error: unknown): boolean =>
  error instanceof TypeError && (error.cause as { code?: unknown })?.code === 'ECONNREFUSED';

/** All that was launched with a key. */
export function launchedWith({ client }: World, key: string): Promise<Identified[]> {
  return client.execution.findMany({
    where: { input: { path: ['key'], equals: key } },
    select: { id: true },
  });
}
