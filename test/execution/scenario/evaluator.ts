import type { Actor, Planted, Target } from './world.js';

/** An execution, as the evaluator has it: D30 to D34 once more, without a line of the gateway's. */
export interface Model {
  readonly id: string;
  readonly who: number;
  readonly what: number;
  /** Where it runs. */
  readonly at: number;
  readonly isAgents: boolean;
  readonly tries: number;
  status: string;
  code: string | null;
  attempt: number;
  released: number;
  isDue: boolean;
  isLeaseOver: boolean;
  isTimeOver: boolean;
  late: boolean;
  /** What ended it, to be said again. */
  said: string | null;
  readonly leases: { readonly leaseToken: string; readonly token: string }[];
}

/** What of a world changes while it is played in. */
export class State {
  readonly models: Model[] = [];
  /** By the numbers of the actors: whether they are active, and whether who ranges still does. */
  readonly acts: boolean[];
  readonly ranges: boolean[];
  /** By the numbers of the targets: whether workflow and agent are active. */
  readonly opens: { workflow: boolean; agent: boolean }[];
  readonly #actors: readonly Actor[];
  readonly #targets: readonly Target[];

  constructor({ actors, targets }: Pick<Planted, 'actors' | 'targets'>) {
    this.#actors = actors;
    this.#targets = targets;
    this.acts = actors.map(() => true);
    this.ranges = actors.map(({ ranges }) => ranges);
    this.opens = targets.map(() => ({ workflow: true, agent: true }));
  }

  add(of: Pick<Model, 'id' | 'who' | 'what' | 'at' | 'isAgents' | 'tries'>): void {
    this.models.push({
      ...of,
      ...{ status: 'QUEUED', code: null, attempt: 0, released: 0, isDue: true },
      ...{ isLeaseOver: false, isTimeOver: false, late: false, said: null, leases: [] },
    });
  }

  /** D4: at home, and elsewhere as a platform admin or as who ranges. */
  mayActIn(who: number, at: number): boolean {
    const actor = this.#actor(who);
    return actor.home === at || actor.isAdmin || this.ranges[who] === true;
  }

  /** What comes of running a workflow by the API: `QUEUED`, or why it does not. */
  launching({ who, what, at }: Pick<Model, 'who' | 'what' | 'at'>): string {
    if (!this.acts[who]) return 'UNAUTHENTICATED';
    if (!this.mayActIn(who, at)) return 'SCOPE_FORBIDDEN';
    const { home } = this.#target(what);
    if (home !== null && !this.mayActIn(who, home)) return 'NOT_FOUND';
    if (!this.opens[what]?.workflow) return this.#actor(who).isAdmin ? 'FORBIDDEN' : 'NOT_FOUND';
    return home === null || home === at ? 'QUEUED' : 'BAD_USER_INPUT';
  }

  /** D33: whether what was launched may run, as its launcher is now. */
  mayRun({ who, what, at, isAgents }: Pick<Model, 'who' | 'what' | 'at' | 'isAgents'>): boolean {
    const opens = this.opens[what];
    if (!this.acts[who] || !this.mayActIn(who, at)) return false;
    const { home } = this.#target(what);
    return (isAgents ? opens?.agent : opens?.workflow) === true && (home === null || home === at);
  }

  /** D33: an attempt acts while it has its lease and its time, and its launcher may act where it runs. */
  mayCall(model: Model): boolean {
    return (
      isHandedOut(model) && this.acts[model.who] === true && this.mayActIn(model.who, model.at)
    );
  }

  /**
   * D30: the numbers of the targets whose config it reads by id, where it asks in an organization; null: it may not ask there, by
   * what is compared here.
   */
  configsOf({ who, what, at, isAgents }: Model, there: number): number[] | null {
    const { home } = this.#target(what);
    const { isAdmin, home: own } = this.#actor(who);
    const isGlobal = home === null;
    const asAdmin = isAdmin && isGlobal && !isAgents;
    const asProvider = this.ranges[who] === true && (isGlobal || home === own) && !isAgents;
    if (there !== at && !asAdmin && !asProvider) return null;
    const all = this.#targets.map((_, index) => index);
    if (asAdmin) return all;
    if (isAgents) return [];
    return all.filter((one) => [null, at, there].includes(this.#target(one).home));
  }

  /** D31: what somebody sees of an execution. */
  sight(who: number, { who: launcher, at }: Model): 'nothing' | 'metadata' | 'payload' | 'all' {
    if (!this.mayActIn(who, at)) return 'nothing';
    const { isAdmin, home, manages } = this.#actor(who);
    if (isAdmin || (home === at && manages === 'inspect')) return 'all';
    if (who === launcher) return 'payload';
    return home === at && manages === 'read' ? 'metadata' : 'nothing';
  }

  /** D32: what comes of cancelling it: its state afterwards, or why it has none. Nobody here holds `execution:cancel`. */
  cancelling(who: number, model: Model): string {
    if (!this.acts[who]) return 'UNAUTHENTICATED';
    if (this.sight(who, model) === 'nothing') return 'NOT_FOUND';
    if (who !== model.who && !this.#actor(who).isAdmin) return 'FORBIDDEN';
    const to = { QUEUED: 'CANCELLED', RUNNING: 'CANCELLING', CANCELLING: 'CANCELLING' };
    return to[model.status as keyof typeof to] ?? 'CONFLICT';
  }

  #actor(who: number): Actor {
    return this.#actors[who] as Actor;
  }

  #target(what: number): Target {
    return this.#targets[what] as Target;
  }
}

export const isLive = ({ status }: Model) => ['RUNNING', 'CANCELLING'].includes(status);
const hasTries = ({ attempt, released, tries }: Model) => attempt - released < tries;

/** An attempt ends with its lease, and with its time (D33). */
export const isHandedOut = (model: Model): boolean =>
  isLive(model) && !model.isLeaseOver && !model.isTimeOver;

/** What a worker is told of what it says, and what becomes of it. */
export function told(
  model: Model,
  kind: 'complete' | 'fail' | 'retry' | 'release',
  isOld: boolean,
): string {
  if (isOld) return 'LEASE_LOST';
  const { status } = model;
  const end = (to: string, said: string): string => {
    Object.assign(model, { status: to, said, code: to === 'FAILED' ? 'CHANCE' : null });
    return to;
  };
  const requeue = (isDue: boolean): string => {
    Object.assign(model, { status: 'QUEUED', isDue });
    return 'QUEUED';
  };
  if (kind === 'release') {
    if (status === 'RUNNING') {
      model.released += 1;
      return requeue(true);
    }
    if (status === 'CANCELLING') return end('CANCELLED', 'cancelled');
    return status === 'QUEUED' || status === 'CANCELLED' ? status : 'LEASE_LOST';
  }
  if (kind === 'retry') {
    if (status === 'CANCELLING') return end('CANCELLED', 'cancelled');
    if (status === 'RUNNING' && hasTries(model)) return requeue(false);
    if (status === 'QUEUED' || status === 'CANCELLED') return status;
  }
  const [to, said] = kind === 'complete' ? ['SUCCEEDED', 'result'] : ['FAILED', 'failure'];
  if (isLive(model)) return end(String(to), String(said));
  if (status === 'FAILED' && model.code === 'LEASE_LOST') {
    model.late = true;
    return end(String(to), String(said));
  }
  if (['SUCCEEDED', 'FAILED'].includes(status)) return model.said === said ? status : 'CONFLICT';
  return 'LEASE_LOST';
}

/** What the reaper makes of one that is live (D32). */
export function reaped(model: Model, acts: boolean): void {
  if (model.isTimeOver) model.status = 'TIMED_OUT';
  else if (model.status === 'RUNNING' && model.isLeaseOver) {
    if (hasTries(model)) Object.assign(model, { status: 'QUEUED', isDue: false });
    else Object.assign(model, { status: 'FAILED', code: 'LEASE_LOST' });
  } else if (model.status === 'RUNNING' && !acts) model.status = 'CANCELLING';
}
