import {
  type Identified,
  type Person,
  PLATFORM,
  type Spot,
  type World,
} from '../../support/world.js';

/** Somebody of a scenario, and what they hold there. */
export interface Actor {
  readonly person: Person;
  /** Of which organization, by its number. */
  readonly home: number;
  readonly isAdmin: boolean;
  /** Of the provider, and holds `organization:actIn` there: may act in every organization, as long as they do (D4). */
  readonly ranges: boolean;
  /** Holds `execution:read` at home, or that and `execution:inspect`. */
  readonly manages: 'nothing' | 'read' | 'inspect';
}

/** What runs: of one organization, by its number, or global. */
export interface Target {
  readonly home: number | null;
  readonly workflow: Identified;
  readonly agent: Identified;
  /** A row beside it, which only who may act there reads, and only with a right or the privilege (D30). */
  readonly config: Identified;
}

export interface Planted {
  readonly at: readonly Spot[];
  readonly actors: readonly Actor[];
  readonly targets: readonly Target[];
  /** Gives `organization:actIn` to an actor who ranges, or takes it. */
  readonly setRanging: (actor: Actor, is: boolean) => Promise<void>;
}

let counter = 0;

/** Two organizations and a provider, with the same of each in every one of them. */
export async function plant(world: World): Promise<Planted> {
  const n = ++counter;
  const at = [
    await world.organization(`A ${n}`),
    await world.organization(`B ${n}`),
    await world.organization(`provider ${n}`, { isProvider: true }),
  ];
  const [a, b, provider] = at as [Spot, Spot, Spot];
  const targets: Target[] = [];
  for (const [home, spot] of [...at.entries(), [null, PLATFORM] as const]) {
    targets.push({
      home,
      workflow: await world.row('workflow', spot, `work ${n}`),
      agent: await world.row('agent', spot, `agent ${n}`),
      config: await world.row('config', spot, `config ${n}`),
    });
  }
  const nobody = { isAdmin: false, ranges: false, manages: 'nothing' } as const;
  const range = await world.role(provider, ['organization:actIn']);
  const ranger = await world.user(provider, 'ranger');
  await world.hold(ranger, range, provider);
  const reading = ['execution:read'];
  const actors: Actor[] = [
    { ...nobody, person: await world.user(a, 'one'), home: 0 },
    {
      ...{ ...nobody, manages: 'inspect' },
      ...{ person: await world.manager(a, [...reading, 'execution:inspect']), home: 0 },
    },
    { ...nobody, person: await world.user(b, 'other'), home: 1 },
    { ...nobody, manages: 'read', person: await world.manager(b, reading), home: 1 },
    { ...nobody, ranges: true, person: ranger, home: 2 },
    {
      ...{ ...nobody, isAdmin: true },
      ...{ person: await world.user(a, 'admin', { isPlatformAdmin: true }), home: 0 },
    },
  ];
  return {
    ...{ at, actors, targets },
    async setRanging({ person }, is) {
      await world.client.membership.deleteMany({ where: { userId: person.id } });
      if (is) await world.hold(person, range, provider);
    },
  };
}
