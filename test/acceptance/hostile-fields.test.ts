import { beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.js';
import { gatewayWith } from '../support/gateway.js';
import { fieldsWithText, hostileDocuments, type Reached, within } from '../support/hostile.js';
import { type Identified, SYSTEM, type World } from '../support/world.js';

// Either quote ends a text that was put into a statement, and what follows is no SQL: the gateway would be surprised.
const SQL = `x'"); DROP TABLE form; --`;
const NUL = 'a\0b';
/** Nothing fires while texts are tried. */
const NEVER = new Date('2999-01-01');

const FIELDS = fieldsWithText(schema);

// Every question goes through `ask`, which fails on an INTERNAL_SERVER_ERROR. Of what a request may ask for another test says.
const shared = gatewayWith(plant, {
  cost: 999_999_999,
  filterRelations: 10_000,
  filterConditions: 10_000,
  filterSearches: 10_000,
});
const ask = (source: string, variables: Readonly<Record<string, unknown>> = {}) =>
  shared.ask(shared.w.owner.email, source, variables);

/** One row of each type that has fields with arguments, so that all of these are asked. */
async function plant(world: World) {
  const a = await world.organization('A');
  const at = { scopeId: a.scopeId, organizationId: a.id };
  const owner = await world.user(a, 'owner');
  await world.hold(owner, SYSTEM.Owner, a);
  const team = await world.team(a, owner, [owner]);
  await world.scope(a, 'project');
  const role = await world.role(a, ['form:read'], { name: 'reader' });
  await world.hold({ team }, role, a);
  await world.scopeType(a, 'INHERIT');
  await world.row('config', a, 'config');
  await world.row('app', a, 'app');
  const workflow = await world.row('workflow', a, 'workflow');
  await world.row('form', a, 'form', { more: { workflowId: workflow.id } });
  const tools = { create: [{ workflowId: workflow.id }] };
  const agent = await world.row('agent', a, 'agent', { more: { tools } });
  await world.key(a, 'API_KEY', { owner, operations: ['form:read'] });
  await world.key(a, 'VIRTUAL_KEY', { owner, operations: ['form:read'] });
  await plantMore(world, { at, owner, workflow, agent, role });
  return { owner, workflow };
}

interface Planted {
  readonly at: { readonly scopeId: string; readonly organizationId: string };
  readonly owner: Identified;
  readonly workflow: Identified;
  readonly agent: Identified;
  readonly role: Identified;
}

async function plantMore({ client }: World, { at, owner, workflow, agent, role }: Planted) {
  await client.scopeOverride.create({ data: { ...at, roleId: role.id, state: 'disabled' } });
  await client.conversation.create({ data: { ...at, agentId: agent.id, createdById: owner.id } });
  await client.schedule.create({
    data: {
      ...{ ...at, name: 'schedule', cron: '0 0 1 1 *', timezone: 'UTC', nextAt: NEVER },
      ...{ workflowId: workflow.id, createdById: owner.id, ownerId: owner.id },
    },
  });
}

/** How many rows each table has. */
async function rowCounts(): Promise<Record<string, number>> {
  const { client } = shared.world;
  const tables = await client.$queryRaw<{ name: string }[]>`
    SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`;
  const counted = tables.map(
    ({ name }) => `SELECT '${name}' AS name, count(*)::int FROM "${name}"`,
  );
  const rows = await client.$queryRawUnsafe<{ name: string; count: number }[]>(
    counted.join(' UNION ALL '),
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

let before: Record<string, number> = {};
beforeAll(async () => {
  const source =
    'mutation ($workflow: ID!) { runWorkflow(input: { workflow: $workflow }) { execution { id } } }';
  const { errors } = await ask(source, { workflow: shared.w.workflow.id });
  expect(errors).toEqual([]);
  before = await rowCounts();
});

it('there is a row of every type that has such fields', async () => {
  const paths = new Map(FIELDS.map(({ type, path }) => [type, path] as const));
  expect(paths.size).toBeGreaterThan(15);
  for (const [type, path] of paths) {
    const { data } = await ask(`{ ${within(path, '__typename')} }`);
    expect(JSON.stringify(data)).toContain(`"__typename":"${type}"`);
  }
});

/** As many questions as a request may hold. */
const AT_ONCE = 40;

/** Asks all of them; where one that is refused leaves nothing of the answer, each alone. */
async function askAll(reached: Reached, text: string, atOnce = AT_ONCE): Promise<void> {
  for (const { source, variables, names } of hostileDocuments(reached, text, atOnce)) {
    const { status, data, errors } = await ask(source, variables);
    expect(status).toBe(200);
    if (data === null && names.length > 1) {
      await askAll(reached, text, 1);
      continue;
    }
    // Each was asked, and is answered or refused for itself.
    const refused = errors.flatMap(({ path: [name] = [] }) => name ?? []);
    expect([...Object.keys(data ?? {}), ...refused]).toEqual(expect.arrayContaining([...names]));
  }
}

describe.each([
  ['SQL', SQL],
  ['a null character', NUL],
])('%s', (_, text) => {
  it.each(FIELDS.map((one) => [`${one.type}.${one.field.name}`, one] as const))(
    'does not surprise %s',
    (_name, reached) => askAll(reached, text),
  );
});

it('changed no row of any table', async () => {
  expect(await rowCounts()).toEqual(before);
});
