import type { Caller } from '../principal.js';

/** What the questions need of a model; Prisma and ZenStack share this part of their interface. */
interface Model {
  findMany(args: object): Promise<unknown[]>;
  findFirst(args: object): Promise<unknown>;
  findUnique(args: object): Promise<unknown>;
}

/** A client that sees only what its caller may read. */
export type Guarded = Readonly<Record<'form' | 'workflow' | 'config' | 'scope', Model>>;

interface Row {
  readonly id: string;
  readonly name: string;
}

const PAGE = 50;
const NAMED = { id: true, name: true };
const BY_NAME = [{ name: 'asc' }, { id: 'asc' }];
const FORM = {
  ...NAMED,
  workflow: { select: NAMED },
  roles: { select: { role: { select: NAMED } } },
};

/** The rows that are looked up by name: of the caller's organization, and of the platform unless shadowed (D3). */
const notShadowed = ({ rootScopeId }: Caller) => ({
  organizationId: null,
  shadows: { none: { nearScopeId: rootScopeId } },
});

/**
 * A page of forms by name. An index serves the tenant's rows in order and another one the global ones, but
 * none both at once: two questions, merged.
 */
export async function formsOf(db: Guarded, caller: Caller, after: Row | undefined) {
  const behind =
    after === undefined
      ? {}
      : {
          name: { gte: after.name },
          OR: [{ name: { gt: after.name } }, { name: after.name, id: { gt: after.id } }],
        };
  const arms = await Promise.all(
    [{ organizationId: caller.organizationId }, notShadowed(caller)].map((arm) =>
      db.form.findMany({
        where: { ...arm, ...behind },
        select: FORM,
        orderBy: BY_NAME,
        take: PAGE,
      }),
    ),
  );
  const forms = (arms.flat() as Row[]).sort(
    (a, b) => compare(a.name, b.name) || compare(a.id, b.id),
  );
  return forms.slice(0, PAGE);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const formOf = (db: Guarded, id: string) =>
  db.form.findUnique({ where: { id }, select: FORM });

/** The nearest config of this key by what exists, if it may be read (D2). */
export const configOf = (db: Guarded, caller: Caller, key: string) =>
  db.config.findFirst({
    where: { key, OR: [{ scopeId: caller.rootScopeId }, notShadowed(caller)] },
    select: { id: true, key: true, value: true },
  });

export const scopeOf = (db: Guarded, id: string) =>
  db.scope.findUnique({
    where: { id },
    select: { ...NAMED, children: { select: NAMED, orderBy: BY_NAME, take: PAGE } },
  });

const ENTITIES = {
  Form: { model: 'form', select: NAMED },
  Workflow: { model: 'workflow', select: NAMED },
  Config: { model: 'config', select: { id: true, key: true } },
} as const;

interface Representation {
  readonly __typename: string;
  readonly id: string;
}

/** Rows of several types by their ids: a question a type. */
export async function entitiesOf(db: Guarded, representations: readonly Representation[]) {
  const found = await Promise.all(
    Object.entries(ENTITIES).map(async ([type, { model, select }]) => {
      const ids = representations.filter((one) => one.__typename === type).map(({ id }) => id);
      if (ids.length === 0) return [];
      const rows = (await db[model].findMany({ where: { id: { in: ids } }, select })) as Row[];
      return rows.map((row) => [`${type} ${row.id}`, { __typename: type, ...row }] as const);
    }),
  );
  const byId = new Map(found.flat());
  return representations.map(({ __typename, id }) => byId.get(`${__typename} ${id}`) ?? null);
}
