import fc from 'fast-check';

/**
 * A world as a generator sees it: numbers that `build` takes for choices among whatever there is.
 * So every spec is a world, and every smaller spec is a smaller world.
 */
const pick = fc.nat(997);
const list = <T>(of: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> =>
  fc.array(of, { maxLength, size: 'max' });
/** True this often in ten. */
const often = (times: number): fc.Arbitrary<boolean> => fc.nat(9).map((n) => n < times);
const maybe = (times: number): fc.Arbitrary<number | null> =>
  fc.tuple(fc.nat(9), pick).map(([n, value]) => (n < times ? value : null));

const row = {
  name: pick,
  at: pick,
  active: often(8),
  level: pick,
  roles: list(pick, 3),
  createdBy: maybe(4),
  owner: maybe(4),
  team: maybe(3),
  time: pick,
  text: pick,
};

export const specArbitrary = fc.record({
  organizations: fc.array(fc.record({ name: pick, active: often(9), provider: often(5) }), {
    minLength: 1,
    maxLength: 3,
    size: 'max',
  }),
  types: list(fc.record({ organization: pick, mode: pick, name: pick, contains: pick }), 4),
  scopes: list(fc.record({ parent: pick, type: pick, name: pick, external: pick }), 9),
  users: fc.array(
    fc.record({ organization: pick, name: pick, active: often(9), admin: often(1) }),
    { minLength: 1, maxLength: 7, size: 'max' },
  ),
  teams: list(
    fc.record({ organization: pick, name: pick, creator: pick, members: list(pick, 4) }),
    4,
  ),
  permissions: list(fc.record({ at: pick, what: pick, pattern: pick }), 10),
  roles: list(
    fc.record({
      at: pick,
      name: pick,
      reach: pick,
      permissions: fc.array(pick, { minLength: 1, maxLength: 7, size: 'max' }),
    }),
    8,
  ),
  memberships: list(
    fc.record({
      subject: pick,
      where: pick,
      at: pick,
      roles: fc.array(pick, { minLength: 1, maxLength: 3, size: 'max' }),
      ends: pick,
    }),
    16,
  ),
  overrides: list(fc.record({ at: pick, of: pick, role: pick, permission: pick, state: pick }), 20),
  workflows: list(fc.record(row), 8),
  forms: list(fc.record({ ...row, workflow: maybe(7) }), 8),
  agents: list(fc.record({ ...row, tools: list(pick, 3), delegates: list(pick, 3) }), 8),
  apps: list(fc.record({ ...row, slug: pick }), 8),
  configs: list(fc.record({ ...row, kind: pick, final: often(2) }), 8),
});

export type Spec = typeof specArbitrary extends fc.Arbitrary<infer T> ? T : never;
export type RowSpec = Spec['workflows'][number];
