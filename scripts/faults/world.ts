import type { Database } from '../../src/data/clients.js';
import { ISSUER } from '../../test/support/gateway.js';
import { PLATFORM, SYSTEM, World } from '../../test/support/world.js';
import { signed } from './ask.js';
import { Register } from './register.js';

/** How many writers count, each in a config of its own. */
const COUNTERS = 3;

/** A config whose value only one writer changes. */
export interface Counter {
  readonly id: string;
  readonly key: string;
  readonly value: Register<string>;
}

/** The people as who they sign in, what there is to see, and what each of them has to see of it. */
export interface Planted {
  readonly tokens: Readonly<Record<Somebody, string>>;
  readonly emails: Readonly<Record<Somebody, string>>;
  /** Every form in the organization of Ada, Bob and Olga, by its name; `gated` is for who holds the role. */
  readonly gated: string;
  readonly shut: string;
  readonly role: string;
  /** Bob's, on which the role is put and taken away. */
  readonly membership: string;
  readonly isGiven: Register<boolean>;
  readonly counters: readonly Counter[];
}

/**
 * Ada: an ordinary user. Bob: one who is given a role and loses it again. Olga: their owner, who gives it. Dora: of another organization.
 * Will: the owner of a third one, who writes there; Wanda only reads there.
 */
export const PEOPLE = ['ada', 'bob', 'olga', 'dora', 'will', 'wanda'] as const;
export type Somebody = (typeof PEOPLE)[number];

export const OPEN = ['open 1', 'open 2', 'open 3', 'open 4', 'open 5'] as const;
export const COMMON = 'common';
export const GATED = 'gated';
export const SHUT = 'shut';
export const OTHERS = 'of others';

/** Plants the world of all faults, whose answers are known by heart. */
export async function plant({ client }: Pick<Database, 'client'>): Promise<Planted> {
  const world = new World(client, ISSUER);
  const [a, b, w] = [
    await world.organization('A'),
    await world.organization('B'),
    await world.organization('W'),
  ];
  const people = {
    ada: await world.user(a, 'ada'),
    bob: await world.user(a, 'bob'),
    olga: await world.user(a, 'olga'),
    dora: await world.user(b, 'dora'),
    will: await world.user(w, 'will'),
    wanda: await world.user(w, 'wanda'),
  };
  await world.hold(people.olga, SYSTEM.Owner, a);
  await world.hold(people.will, SYSTEM.Owner, w);
  await world.hold(people.wanda, SYSTEM.Viewer, w);
  const role = await world.role(a, [], { name: 'the role' });
  await world.hold(people.bob, await world.role(a, [], { name: 'nothing' }), a);
  const membership = await client.membership.findFirstOrThrow({ where: { userId: people.bob.id } });
  for (const name of OPEN) await world.row('form', a, name);
  await world.row('form', PLATFORM, COMMON);
  await world.row('form', b, OTHERS);
  const gated = await world.row('form', a, GATED, { access: 'ROLE_BASED', roles: [role] });
  const shut = await world.row('form', a, SHUT, { access: 'ROLE_BASED' });
  const counters: Counter[] = [];
  for (let nth = 0; nth < COUNTERS; nth += 1) {
    const key = `counter ${nth}`;
    const { id } = await world.row('config', w, key, { more: { value: '0' } });
    counters.push({ id, key, value: new Register('0') });
  }
  const each = await Promise.all(
    PEOPLE.map(async (name) => [name, await signed(people[name].email)] as const),
  );
  return {
    tokens: Object.fromEntries(each) as unknown as Planted['tokens'],
    emails: Object.fromEntries(
      PEOPLE.map((name) => [name, people[name].email]),
    ) as unknown as Planted['emails'],
    gated: gated.id,
    shut: shut.id,
    role: role.id,
    membership: membership.id,
    isGiven: new Register(false),
    counters,
  };
}
