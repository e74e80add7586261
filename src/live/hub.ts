import { setTimeout as wait } from 'node:timers/promises';
import {
  type AsksSql,
  type Change,
  type Page,
  type Position,
  readChanges,
  snapshotNow,
} from '../data/changes.js';
import type { Listen } from '../data/listen.js';
import {
  cursorExpired,
  type DomainError,
  isDomainError,
  limitExceeded,
  unauthenticated,
  unavailable,
} from '../errors.js';
import type { Limits } from '../limits/limits.js';
import type { Live, LiveAsked, LiveEvent, LiveKind } from '../request/live.js';
import { type Cursor, readCursor, writeCursor } from './cursor.js';
import { endAll, type Group, isStale, knownOf, type Read, tell, watchedBy } from './group.js';
import { type AskDatabase, decideChanges, type Sight } from './sight.js';
import { Subscriber } from './subscriber.js';

/** What a hub needs. */
export interface HubParts {
  readonly sql: AsksSql;
  /** Undefined: nothing can be heard, and it is looked now and then. */
  readonly listen: Listen | undefined;
  /** What somebody may see now. Null: they may not act any more. */
  readonly read: (
    asked: Pick<LiveAsked, keyof Group['asked'] | 'subscribing'>,
  ) => Promise<Read | null>;
  /** Which rows the database says to be seen. */
  readonly ask: (sight: Sight) => AskDatabase;
  readonly limits: Limits;
  readonly onFailure: (error: unknown) => void;
}

/** What the database notifies when something was changed; which, the table says. */
const CHANNEL = 'heimdall_changed';
/** So many changes are read at once. */
const AT_ONCE = 100;
/** Of many changes the next are read once these are read by their subscribers, but no later than after so many waits. */
const WAITS = 10;
const WAIT_MS = 5;
/** So many read their authority anew at once. */
const READ_AT_ONCE = 4;
/** What has gone by then is not waited for by a timer. */
const LONGEST_MS = 2_147_483_647;

/**
 * Tells the subscribers of one process what was changed: one reader of changes for all, one decision for all who see alike.
 *
 * INVARIANT: each page of changes comes with the versions of authority of the same snapshot; whoever's are not those that they
 * were read with is read anew before anything of the page is decided for them (D18).
 */
export class Hub implements Live {
  readonly #parts: HubParts;
  readonly #groups = new Map<string, Group>();
  readonly #joined = new Map<Subscriber, Group>();
  readonly #perWho = new Map<string, number>();
  #count = 0;
  #position: Position | undefined;
  #turns: Promise<unknown> = Promise.resolve();
  #isRung = false;
  #ear: Promise<(() => Promise<void>) | undefined> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  /** How many are subscribed. */
  get count(): number {
    return this.#count;
  }

  async subscribe(asked: LiveAsked): Promise<AsyncIterableIterator<LiveEvent>> {
    const after = asked.after === null ? undefined : readCursor(asked.after);
    const subscriber = this.#admit(asked);
    try {
      await this.#inTurn(() => this.#join(asked, after, subscriber));
      return subscriber;
    } catch (error) {
      await subscriber.return();
      throw error;
    }
  }

  /** Ends all subscriptions, and says that it does. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const stopping = unavailable(new Error('the gateway stops'));
    for (const group of [...this.#groups.values()]) endAll(group, stopping);
    await this.#inTurn(async () => {});
    const stop = await this.#ear;
    this.#ear = undefined;
    await stop?.();
  }

  /** Counts somebody until their subscription is over. */
  #admit({ subscribing: { who, endsAt } }: LiveAsked): Subscriber {
    const { subscriptions, subscriptionsPerPrincipal, subscriptionBytes } = this.#parts.limits;
    if (this.#isClosed) throw unavailable(new Error('the gateway stops'));
    if (this.#count >= subscriptions) throw limitExceeded('too many subscriptions here');
    const own = this.#perWho.get(who) ?? 0;
    if (own >= subscriptionsPerPrincipal) {
      throw limitExceeded(`you have ${own} subscriptions already`);
    }
    this.#count += 1;
    this.#perWho.set(who, own + 1);
    let timer: NodeJS.Timeout | undefined;
    const subscriber = new Subscriber(subscriptionBytes, () => {
      clearTimeout(timer);
      this.#left(who, subscriber);
    });
    if (endsAt !== null) {
      const ms = Math.min(LONGEST_MS, Math.max(0, endsAt - Date.now()));
      timer = setTimeout(
        () => subscriber.end(unauthenticated(new Error('the token has ended'))),
        ms,
      );
      timer.unref();
    }
    return subscriber;
  }

  #left(who: string, subscriber: Subscriber): void {
    this.#count -= 1;
    const own = (this.#perWho.get(who) ?? 1) - 1;
    if (own > 0) this.#perWho.set(who, own);
    else this.#perWho.delete(who);
    const group = this.#joined.get(subscriber);
    this.#joined.delete(subscriber);
    group?.subscribers.delete(subscriber);
    if (group?.subscribers.size === 0) this.#groups.delete(group.key);
    if (this.#count > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    // Nobody is told anything meanwhile: who comes next begins then.
    this.#position = undefined;
  }

  async #join(asked: LiveAsked, after: Cursor | undefined, subscriber: Subscriber): Promise<void> {
    this.#wakeUp();
    this.#position ??= { from: await snapshotNow(this.#parts.sql) };
    // Who has a cursor may be ahead of what was read here.
    if (after !== undefined) await this.#look();
    const group = await this.#groupOf(asked);
    const at = this.#position ?? { from: await snapshotNow(this.#parts.sql) };
    if (after === undefined) subscriber.push(eventOf(group, at, 'STARTED'));
    else if (after.sight !== group.sight.hash) {
      // What came after it was decided otherwise than what they have.
      subscriber.push(eventOf(group, at, 'ACCESS_CHANGED'));
    } else await this.#catchUp(group, after, at, subscriber);
    // INVARIANT: who has gone meanwhile is not kept.
    if (subscriber.isOver) return;
    this.#joined.set(subscriber, group);
    group.subscribers.add(subscriber);
    this.#groups.set(group.key, group);
  }

  async #groupOf(asked: LiveAsked): Promise<Group> {
    const { subscribing, scope, scopeHeader, models } = asked;
    const key = JSON.stringify([subscribing.who, scopeHeader, scope ?? [scope === null], models]);
    const found = this.#groups.get(key);
    if (found !== undefined) return found;
    const read = await this.#parts.read(asked);
    if (read === null) throw unauthenticated(new Error('who subscribes may not act'));
    return {
      ...{ key, subscribing, asked: { scope, scopeHeader, models }, subscribers: new Set() },
      ...partsOf(read, undefined),
    };
  }

  /** What came after a cursor, up to where all others are. */
  async #catchUp(
    group: Group,
    after: Cursor,
    { from: until }: Position,
    subscriber: Subscriber,
  ): Promise<void> {
    let position: Position = after;
    for (let read = 0; ; ) {
      const page = await readChanges(this.#parts.sql, position, AT_ONCE, { until });
      read += page.changes.length;
      if (page.isLost || read > this.#parts.limits.resumedChanges) throw cursorExpired();
      await this.#decide([group], page, position, (_, event) => subscriber.push(event));
      if (subscriber.isOver) throw cursorExpired();
      const isDone = position.to === undefined && !page.isFull;
      position = next(position, page);
      if (isDone) return;
    }
  }

  /** Looks for what was changed, and tells it; one at a time. */
  #ring = (): void => {
    if (this.#isRung) return;
    this.#isRung = true;
    void this.#inTurn(async () => {
      this.#isRung = false;
      await this.#look();
    }).catch(this.#parts.onFailure);
  };

  async #look(): Promise<void> {
    while (this.#position !== undefined && this.#groups.size > 0) {
      const position = this.#position;
      const watched = watchedBy(this.#groups.values());
      const page = await readChanges(this.#parts.sql, position, AT_ONCE, { watched });
      if (page.isLost) {
        this.#position = { from: await snapshotNow(this.#parts.sql) };
        await this.#renew(page, () => true);
        for (const one of this.#groups.values()) {
          tell(one, eventOf(one, this.#position, 'ACCESS_CHANGED'));
        }
        return;
      }
      await this.#renew(page, (group) => isStale(group, page) || this.#isProvedAnew(group, page));
      await this.#decide([...this.#groups.values()], page, position, tell);
      // All may have gone meanwhile.
      if (this.#position !== undefined) this.#position = next(position, page);
      if (!page.isFull) return;
      await this.#taken();
    }
  }

  /** Lets subscribers read what they were told of many changes; who does not is cut off by the next. */
  async #taken(): Promise<void> {
    for (let waits = 0; waits < WAITS; waits += 1) {
      await wait(WAIT_MS);
      if ([...this.#joined.keys()].every(({ isReading }) => isReading)) return;
    }
  }

  /** Keys can end, and conditions be met, without a version being raised. */
  #isProvedAnew({ subscribing, sight, asked, readAt }: Group, { changes }: Page): boolean {
    if (!subscribing.isProvedAnew && sight.principal.conditional.length === 0) return false;
    if (changes.some(({ model }) => asked.models.includes(model))) return true;
    return performance.now() - readAt >= this.#parts.limits.subscriptionsMs;
  }

  /** Reads anew what groups may see; who may not act any more is told so, and whose sight is another one to read again. */
  async #renew(page: Page, isDue: (group: Group) => boolean): Promise<void> {
    const due = [...this.#groups.values()].filter(isDue);
    const one = async (group: Group): Promise<void> => {
      try {
        const read = await this.#parts.read({ ...group.asked, subscribing: group.subscribing });
        if (read === null)
          throw unauthenticated(new Error('who is subscribed may not act any more'));
        const isOther = read.sight.hash !== group.sight.hash;
        Object.assign(group, partsOf(read, page));
        if (isOther) tell(group, eventOf(group, { from: page.to }, 'ACCESS_CHANGED'));
      } catch (error) {
        // INVARIANT: whoever cannot be proved is told nothing more.
        endAll(group, reasonOf(error));
      }
    };
    const working = Array.from({ length: READ_AT_ONCE }, async () => {
      for (let group = due.pop(); group !== undefined; group = due.pop()) await one(group);
    });
    await Promise.all(working);
  }

  /** Decides a page once for all who see alike, and tells each in the order of the changes. */
  async #decide(
    groups: readonly Group[],
    { changes, to }: Page,
    { from }: Position,
    told: (group: Group, event: LiveEvent) => void,
  ): Promise<void> {
    if (changes.length === 0) return;
    const byModel = byModelOf(changes);
    const decided = new Map<string, ReadonlyMap<Change, LiveKind | null>>();
    for (const { sight } of groups) {
      for (const [model, seen] of sight.of) {
        const own = byModel.get(model);
        if (own === undefined || decided.has(seen.key)) continue;
        const kinds = await decideChanges(model, seen, own, this.#parts.ask(sight));
        decided.set(seen.key, new Map(own.map((change, index) => [change, kinds[index] ?? null])));
      }
    }
    // INVARIANT: nothing is told before all is decided: what fails is read once more, and would be told twice.
    for (const group of groups) {
      const { of, isRelated } = group.sight;
      for (const change of changes) {
        const key = of.get(change.model)?.key;
        const kind =
          change.model === 'Scope' && isRelated
            ? 'ACCESS_CHANGED'
            : (key && decided.get(key)?.get(change)) || null;
        if (kind !== null) told(group, eventOf(group, { from, to, seq: change.seq }, kind, change));
      }
    }
  }

  #wakeUp(): void {
    const { listen, limits, onFailure } = this.#parts;
    this.#timer ??= setInterval(this.#ring, limits.subscriptionsMs).unref();
    if (this.#ear !== undefined || listen === undefined) return;
    this.#ear = listen([CHANNEL], this.#ring, this.#ring).catch((error: unknown) => {
      this.#ear = undefined;
      onFailure(error);
      return undefined;
    });
    // What was notified before it could be heard.
    void this.#ear.then(this.#ring);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turns.then(work);
    this.#turns = turn.catch(() => {});
    return turn;
  }
}

const partsOf = (read: Read, before: Page | undefined) => ({
  sight: read.sight,
  scopeId: read.scope?.id ?? null,
  known: knownOf(read, before),
  readAt: performance.now(),
});

function byModelOf(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const byModel = new Map<string, Change[]>();
  for (const change of changes) {
    const own = byModel.get(change.model);
    if (own === undefined) byModel.set(change.model, [change]);
    else own.push(change);
  }
  return byModel;
}

/** Where a page leads to. */
const next = ({ from }: Position, { to, isFull, changes }: Page): Position =>
  isFull ? { from, to, seq: changes.at(-1)?.seq } : { from: to };

function eventOf(
  { sight: { principal, hash, decisions } }: Group,
  at: Position,
  kind: LiveKind,
  change?: Change,
): LiveEvent {
  const isOfRow = kind !== 'ACCESS_CHANGED' && change !== undefined;
  return {
    kind,
    model: isOfRow ? change.model : null,
    id: isOfRow ? change.id : null,
    cursor: writeCursor({ ...at, sight: hash }),
    principal,
    place: decisions.place,
  };
}

function reasonOf(error: unknown): DomainError {
  return isDomainError(error) ? error : unavailable(error);
}
