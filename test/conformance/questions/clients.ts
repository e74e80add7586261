import { evaluate } from '../../../src/policy/evaluate.js';
import { factsFor } from '../../../src/policy/facts.js';
import { residualFor } from '../../../src/policy/resolve.js';
import type { Place as SourcePlace } from '../../../src/policy/situation.js';
import { resolvePlace } from '../../../src/request/place.js';
import { policies } from '../../../src/schema.js';
import { mayManage, mayRead, mayUse } from '../oracle/decide.js';
import { listed } from '../oracle/names.js';
import { type Row, TYPES, type TypeName } from '../world/types.js';
import { expectSame } from './difference.js';
import { nameSomewhere, resolve } from './places.js';
import type { Random } from './random.js';
import type { Session } from './session.js';

type Rows = {
  findMany(args: object): Promise<Record<string, unknown>[]>;
  count(): Promise<number>;
};

function delegate(client: unknown, type: TypeName): Rows {
  const name = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  return (client as Record<string, Rows>)[name] as Rows;
}

const PLACED = { kind: 'placed' } as const;

const sorted = (ids: Iterable<unknown>): unknown[] => [...ids].sort();

/** What the enforced client returns of every type, by id and in a place, and what it counts. */
export async function askClient(session: Session, random: Random): Promise<void> {
  const { asking } = session;
  const context = await session.open();
  const scope = nameSomewhere(session, random);
  const place = resolve(session, scope === undefined ? {} : { scope });
  const there =
    typeof place === 'string'
      ? null
      : await resolvePlace(session.principal, scope, context.findScope, context.place);
  for (const type of TYPES) {
    const readable = asking.tree.of(type).filter((row) => mayRead(asking, row));
    await compare(
      session,
      `the client: ${type}`,
      delegate(context.clientAt(context.place), type),
      readable,
    );
    if (there === null || typeof place === 'string') continue;
    const title = `the client at ${JSON.stringify(scope)}: ${type}`;
    const near = delegate(context.clientAt(there, PLACED), type);
    await compare(session, title, near, listed(asking, type, place, false));
    const all = delegate(context.clientAt({ ...there, includeShadowed: true }, PLACED), type);
    await compare(session, `${title}, shadowed too`, all, listed(asking, type, place, true));
  }
}

async function compare(
  session: Session,
  title: string,
  rows: Rows,
  expected: readonly Row[],
): Promise<void> {
  const found = sorted((await rows.findMany({ select: { id: true } })).map(({ id }) => id));
  const count = await rows.count();
  session.note({ title, found: { ids: found, count } });
  expectSame(title, found, sorted(expected.map((row) => row.id)));
  expectSame(`${title}, counted`, count, expected.length);
}

const EXECUTABLE: readonly TypeName[] = ['Form', 'Workflow', 'Agent', 'App'];

/** The same policies in memory, on rows that bring along no more than the policy asks for. */
export async function askEvaluate(session: Session, random: Random): Promise<void> {
  const { asking, principal } = session;
  const context = await session.open();
  const scope = nameSomewhere(session, random);
  const place = resolve(session, scope === undefined ? {} : { scope });
  const holds = { read: mayRead, manage: mayManage, use: mayUse };
  for (const type of TYPES) {
    for (const action of ['read', 'manage', ...(EXECUTABLE.includes(type) ? ['use'] : [])]) {
      const rows = asking.tree.of(type);
      const allowed = rows.filter((row) => holds[action as keyof typeof holds](asking, row));
      await inMemory(session, type, action, context.place, 'reachable', allowed);
    }
    if (typeof place === 'string') continue;
    const there = await resolvePlace(principal, scope, context.findScope, context.place);
    await inMemory(session, type, 'read', there, 'placed', listed(asking, type, place, false));
  }
}

async function inMemory(
  session: Session,
  type: TypeName,
  action: string,
  place: SourcePlace,
  kind: 'reachable' | 'placed',
  allowed: readonly Row[],
): Promise<void> {
  const { database, principal } = session;
  const policy = policies.get(type);
  if (policy === undefined) throw new Error(`no policy for ${type}`);
  const condition = residualFor(policies, policy, action, { principal, place, extent: { kind } });
  const select = { id: true, ...factsFor(condition) };
  const found = await delegate(database.client, type).findMany({ select });
  const ids = new Set(allowed.map((row) => row.id));
  const answers = found.map((row) => [String(row.id), evaluate(condition, row)]);
  const expected = found.map((row) => [String(row.id), ids.has(String(row.id)) ? 'yes' : 'no']);
  const title = `in memory, ${kind}: ${action} ${type}`;
  const others = answers.filter(([, answer]) => answer !== 'no').map((pair) => pair.join(' '));
  session.note({ title, found: { rows: found.length, allowed: others.sort() } });
  expectSame(title, Object.fromEntries(answers), Object.fromEntries(expected));
}
