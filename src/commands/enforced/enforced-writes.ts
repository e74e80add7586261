import { parseWhere } from '../../data/enforce/parse-where.js';
import { delegateName } from '../../data/prisma/delegate.js';
import type { Row } from '../../data/prisma/reader.js';
import { badUserInput } from '../../errors.js';
import { EnforcementError } from '../../query/enforcement-error.js';
import { changeRow } from '../change-row.js';
import { createRow } from '../create-row.js';
import { deleteRow } from '../delete-row.js';
import type { Session } from '../session.js';
import { actionsOf, assertMaySet, changeOf, type SetBy } from '../settings.js';
import { spotOf } from '../spot.js';
import type { Writable } from '../writable.js';
import { objectOf, parseData, parseId } from './parse-data.js';

/** What a write of Prisma can say here. */
interface Arguments {
  readonly where?: unknown;
  readonly data?: unknown;
}

/** The writes of one model, in the words of Prisma. */
export interface EnforcedDelegate {
  create(args: Arguments): Promise<Row>;
  createMany(args: Arguments): Promise<{ readonly count: number }>;
  createManyAndReturn(args: Arguments): Promise<Row[]>;
  update(args: Arguments): Promise<Row>;
  updateMany(args: Arguments): Promise<{ readonly count: number }>;
  delete(args: Arguments): Promise<Row>;
  deleteMany(args: Arguments): Promise<{ readonly count: number }>;
}

export type EnforcedWrites = Readonly<Record<string, EnforcedDelegate>>;

type Operation = (session: Session, writable: Writable, args: Arguments) => Promise<unknown>;

/**
 * Writes of Prisma that are written by hand in a command. Each is made of the steps that all commands are made of: so
 * it is decided before and after, stamped, checked, and recorded. Rows are made where the request acts. `updateMany` and
 * `deleteMany` touch what may be written of the rows that match and may be read; the others refuse as a mutation does.
 *
 * INVARIANT: what is not in this table throws, as does every argument that is not known: upserts, raw SQL,
 * selections, and whatever Prisma adds next.
 *
 * @throws DomainError as the commands do; EnforcementError on what is not known
 */
export function enforcedWrites(session: Session, writables: readonly Writable[]): EnforcedWrites {
  const byDelegate = new Map(writables.map((one) => [delegateName(one.model), one]));
  return facade((name) => {
    const writable = byDelegate.get(name);
    if (writable === undefined) throw new EnforcementError(`${name} is not for enforced writes`);
    return facade((operation) => {
      const run = OPERATIONS.get(operation);
      if (run === undefined) throw new EnforcementError(`${operation} is not for enforced writes`);
      return (args: unknown) => run(session, writable, objectOf(args, operation));
    });
  }) as EnforcedWrites;
}

const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['create', (session, writable, args) => create(session, writable, dataOf(args, []))],
  ['createMany', async (...call) => ({ count: (await createAll(...call)).length })],
  ['createManyAndReturn', createAll],
  [
    'update',
    (session, writable, args) =>
      update(session, writable, idOf(writable, args, ['data']), dataOf(args, ['where'])),
  ],
  [
    'updateMany',
    async (session, writable, args) => {
      const data = dataOf(args, ['where']);
      const input = parseData(writable, data);
      const actions = updatesOf(writable, input);
      const ids = await permittedIds(session, writable, args.where, actions);
      for (const id of ids) await update(session, writable, id, data);
      return { count: ids.length };
    },
  ],
  [
    'delete',
    (session, writable, args) => deleteRow(session, writable, { id: idOf(writable, args) }),
  ],
  [
    'deleteMany',
    async (session, writable, args) => {
      assertOnly(args, ['where']);
      const ids = await permittedIds(session, writable, args.where, ['delete']);
      for (const id of ids) await deleteRow(session, writable, { id });
      return { count: ids.length };
    },
  ],
]);

async function create(session: Session, writable: Writable, data: unknown): Promise<Row> {
  const { settings } = writable;
  const input = parseData(writable, data);
  const missing = settings.find(({ name, required }) => required && input[name] === undefined);
  if (missing !== undefined) {
    throw new EnforcementError(`${writable.model} is not made without ${missing.name}`);
  }
  const change = changeOf(settings, input);
  assertMaySet(session.principal, settings, input, true);
  const spot = await spotOf(session, undefined);
  return createRow(session, writable, spot, change, ['create', ...actionsOf(settings, input)]);
}

async function createAll(session: Session, writable: Writable, args: Arguments): Promise<Row[]> {
  const data = dataOf(args, []);
  if (!Array.isArray(data)) throw new EnforcementError('the data of many is a list');
  assertFew(session, data.length);
  const made: Row[] = [];
  for (const one of data) made.push(await create(session, writable, one));
  return made;
}

/** One change for each action that sets a part of it. */
async function update(
  session: Session,
  writable: Writable,
  id: string,
  data: unknown,
): Promise<Row> {
  const input = parseData(writable, data);
  assertMaySet(session.principal, writable.settings, input, false);
  let after: Row | undefined;
  for (const action of updatesOf(writable, input)) {
    const settings = writable.settings.filter(({ by }) => by === action);
    after = await changeRow(session, writable, action, { id }, changeOf(settings, input));
  }
  if (after === undefined) throw new EnforcementError('the data set nothing');
  return after;
}

function updatesOf({ settings }: Writable, input: Readonly<Record<string, unknown>>): SetBy[] {
  return [...new Set(settings.filter(({ name }) => input[name] !== undefined).map(({ by }) => by))];
}

/** The rows that match, may be read and permit all of the actions, in the order of their ids. */
async function permittedIds(
  session: Session,
  { model }: Writable,
  where: unknown,
  actions: readonly string[],
): Promise<string[]> {
  if (where === undefined) throw new EnforcementError(`many of ${model} are named by a filter`);
  const { batchItems } = session.limits;
  let rows = await session.readerAt(session.place).find({
    model,
    where: parseWhere(session.guarding.dataModel, model, where),
    order: [{ field: 'id', direction: 'asc' }],
    page: { take: batchItems + 1 },
    select: { columns: 'unsealed' },
  });
  assertFew(session, rows.length);
  for (const action of actions) {
    const allowed = await session.permitting(model, action, rows);
    rows = rows.filter(({ id }) => allowed.has(id));
  }
  return rows.map(({ id }) => id);
}

function assertFew({ limits: { batchItems } }: Session, count: number): void {
  if (count > batchItems) throw badUserInput(`at most ${batchItems} at once`);
}

function dataOf(args: Arguments, others: readonly string[]): unknown {
  assertOnly(args, ['data', ...others]);
  return args.data;
}

function idOf({ model }: Writable, args: Arguments, others: readonly string[] = []): string {
  assertOnly(args, ['where', ...others]);
  return parseId(args.where, model);
}

function assertOnly(args: Arguments, known: readonly string[]): void {
  const unknown = Object.keys(args).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new EnforcementError(`${unknown} is not for enforced writes`);
}

/** An object without a prototype, whose properties are looked up: a prototype leads on. */
function facade(find: (name: string) => unknown): object {
  return new Proxy(Object.freeze(Object.create(null) as object), {
    get(_target, name) {
      // `then` is what awaiting asks everything for, `$$typeof` what printers do.
      if (typeof name !== 'string' || name === 'then' || name === '$$typeof') return undefined;
      return find(name);
    },
  });
}
