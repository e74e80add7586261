import type { Database } from '../../src/data/clients.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { type Person, type Spot, SYSTEM, World } from '../../test/support/world.js';

/** Who attacks, and whose small question must go on being answered meanwhile. */
export interface Planted {
  /** An ordinary member with three agents to see. */
  readonly few: string;
  /** A member of an organization whose agents all delegate to each other. */
  readonly many: string;
  /** A member of an organization with forms of much JSON. */
  readonly json: string;
  readonly neighbour: string;
}

const AGENTS = 200;
const FORMS = 200;
const JSON_BYTES = 96_000;
const A_STATEMENT = 4_000;

/** Plants the organizations that are attacked from, and the one beside them. */
export async function plant(database: Database, issuer: string): Promise<Planted> {
  const world = new World(database.client, issuer);
  const few = await member(world, 'few');
  for (const n of [1, 2, 3]) {
    const agent = await world.row('agent', few.at, `agent ${n}`);
    const workflow = await world.row('workflow', few.at, `workflow ${n}`);
    await database.client.agentTool.create({
      data: { agentId: agent.id, workflowId: workflow.id },
    });
  }
  const neighbour = await member(world, 'neighbour');
  for (const n of [1, 2, 3]) await world.row('workflow', neighbour.at, `workflow ${n}`);
  const many = await member(world, 'many');
  await plantDelegates(database, many.at);
  const json = await member(world, 'json');
  await plantForms(database, json.at);
  await database.sql.script('ANALYZE');
  return {
    few: few.who.email,
    many: many.who.email,
    json: json.who.email,
    neighbour: neighbour.who.email,
  };
}

async function member(world: World, name: string): Promise<{ at: Spot; who: Person }> {
  const at = await world.organization(name);
  const who = await world.user(at, name);
  await world.hold(who, SYSTEM.Member, at);
  return { at, who };
}

async function plantDelegates({ client }: Database, { id }: Spot): Promise<void> {
  const place = { organizationId: id, scopeId: rootScopeId(id) };
  await client.agent.createMany({
    data: Array.from({ length: AGENTS }, (_, n) => ({ name: `agent ${n}`, ...place })),
  });
  const agents = await client.agent.findMany({
    where: { organizationId: id },
    select: { id: true },
  });
  const edges = agents.flatMap((one) =>
    agents
      .filter((other) => other !== one)
      .map((other) => ({ agentId: one.id, delegateId: other.id })),
  );
  for (let from = 0; from < edges.length; from += A_STATEMENT) {
    await client.agentDelegate.createMany({ data: edges.slice(from, from + A_STATEMENT) });
  }
}

async function plantForms({ client }: Database, { id }: Spot): Promise<void> {
  const label = 'x'.repeat(80);
  const length = Math.ceil(JSON_BYTES / (label.length + 40));
  for (let n = 0; n < FORMS; n += 1) {
    const fields = Array.from({ length }, (_, key) => ({ key: `field ${n} ${key}`, label }));
    await client.form.create({
      data: { name: `form ${n}`, fields, organizationId: id, scopeId: rootScopeId(id) },
    });
  }
}
