import { Worker } from 'node:worker_threads';
import { type Issue, unavailable } from '../../errors.js';
import { CHECKER } from './checker.js';
import { SlowSchemas } from './slow-schemas.js';

/** Whose words a schema is in: what a workflow says of its parameters, or what was made of a form's fields. */
export type Dialect = 'parameters' | 'fields';

/** A schema and a value for it, as text. */
export interface Job {
  /** The organization that it is asked for, by whatever names it. */
  readonly of: string;
  readonly dialect: Dialect;
  readonly schema: string;
  readonly value: string;
}

interface Waiting {
  readonly job: Job;
  readonly settle: (found: Found | Error) => void;
}

type Found =
  | { readonly mistakes: readonly { readonly path: string; readonly message: string }[] }
  /** The schema is none that can be used. */
  | { readonly unusable: true };

/** How long one value may take: a pattern can be made to take for ever. */
const MOST_MS = 500;

/** How long the thread may take to begin: that is no fault of any schema. */
const MOST_START_MS = 10_000;

/** How long a value waits for its turn: whoever launches waits for it. */
const MOST_TURN_MS = 2_000;

/** How many wait for their turn; and of one organization, so that none takes all the turns. */
const MOST_WAITING = 100;
const MOST_WAITING_EACH = 4;

/**
 * Compares values with schemas that tenants wrote, in a thread of its own, one at a time: neither a schema that is made to
 * take for ever nor what becomes of it reaches the thread that answers requests.
 */
class Validator {
  #worker: Worker | undefined;
  /** Whether it has begun: until then no time of a schema has been taken. */
  #isReady = false;
  readonly #waiting: Waiting[] = [];
  readonly #slow = new SlowSchemas();
  #current: { readonly waiting: Waiting; readonly timer: NodeJS.Timeout } | undefined;

  check(job: Job): Promise<Found> {
    if (this.#slow.has(textOf(job))) return Promise.resolve({ unusable: true });
    const own = this.#waiting.filter(({ job: { of } }) => of === job.of);
    if (this.#waiting.length >= MOST_WAITING || own.length >= MOST_WAITING_EACH) {
      throw unavailable(new Error('too many values wait to be compared with their schemas'));
    }
    return new Promise((resolve, reject) => {
      const settle = (found: Found | Error): void =>
        found instanceof Error ? reject(found) : resolve(found);
      const waiting: Waiting = { job, settle };
      this.#waiting.push(waiting);
      this.#next();
      if (this.#current?.waiting === waiting) return;
      // So that who launches is held up by others' schemas for two seconds at most, and by their own for another half.
      setTimeout(() => this.#leave(waiting), MOST_TURN_MS).unref();
    });
  }

  /** One whose turn has not come in time waits no longer. */
  #leave(waiting: Waiting): void {
    const at = this.#waiting.indexOf(waiting);
    if (at === -1) return;
    this.#waiting.splice(at, 1);
    waiting.settle(unavailable(new Error('other values are compared with their schemas for long')));
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) {
      // Idle, it keeps no process from ending.
      this.#worker?.unref();
      return;
    }
    // One that waited for another of its schema, which took too long.
    if (this.#slow.has(textOf(waiting.job))) {
      waiting.settle({ unusable: true });
      this.#next();
      return;
    }
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#current = { waiting, timer: this.#timer() };
    this.#worker.postMessage(waiting.job);
  }

  #timer(): NodeJS.Timeout {
    return this.#isReady
      ? setTimeout(() => this.#giveUp(), MOST_MS)
      : setTimeout(() => this.#startOver(), MOST_START_MS);
  }

  #start(): Worker {
    this.#isReady = false;
    const worker = new Worker(CHECKER, {
      eval: true,
      workerData: { from: import.meta.url },
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 64, stackSizeMb: 2 },
    });
    worker.on('message', (found: Found | 'ready') => {
      if (worker !== this.#worker) return;
      if (found === 'ready') this.#begun();
      else this.#settle(found);
    });
    worker.on('error', () => {
      if (worker !== this.#worker) return;
      if (this.#isReady) this.#giveUp();
      else this.#startOver();
    });
    return worker;
  }

  #begun(): void {
    this.#isReady = true;
    if (this.#current === undefined) return;
    clearTimeout(this.#current.timer);
    this.#current = { ...this.#current, timer: this.#timer() };
  }

  #settle(found: Found | Error): void {
    const current = this.#current;
    if (current === undefined) return;
    clearTimeout(current.timer);
    this.#current = undefined;
    current.waiting.settle(found);
    this.#next();
  }

  /** What takes too long, or too much, ends with its thread, and is not tried again for a while. */
  #giveUp(): void {
    if (this.#current !== undefined) this.#slow.add(textOf(this.#current.waiting.job));
    this.#end();
    this.#settle({ unusable: true });
  }

  #startOver(): void {
    this.#end();
    this.#settle(unavailable(new Error('the thread that compares values does not begin')));
  }

  #end(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }
}

const textOf = ({ dialect, schema }: Job): string => dialect + schema;

const validator = new Validator();

/**
 * What is wrong with a value, by a schema that a tenant wrote; paths begin at the value. Bounded in time and memory: two seconds
 * and a half at most, and so for no transaction that is open.
 *
 * @returns undefined where the schema cannot be used, or takes too long, or did within the last minute
 * @throws DomainError UNAVAILABLE: too many wait, or too many of the organization
 */
export async function mistakesIn(job: Job): Promise<readonly Issue[] | undefined> {
  const found = await validator.check(job);
  if ('unusable' in found) return undefined;
  return found.mistakes.map(({ path, message }) => ({ path: pathOf(path), message }));
}

/** A JSON pointer as a path. */
function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
