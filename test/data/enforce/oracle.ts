import { type Filter, MANAGED, type Model, RELATIONS } from './arbitrary-where.js';
import type { Planted } from './fixture.js';

export type Viewer = 'plain' | 'manager' | 'owning';
type Row = Readonly<Record<string, unknown>>;
export type OracleWorld = Record<Model, readonly Row[]>;

/** All rows there are, each with the rows that it is related to. */
export async function loadWorld({ client }: Planted): Promise<OracleWorld> {
  const workflow = { include: { owner: true, scope: true } };
  const agent = { include: { scope: true } };
  const tools = { include: { workflow, agent } };
  const delegates = { include: { agent, delegate: agent } };
  const link = async (id: string) => ({
    tools: await client.agentTool.findMany({ where: { agentId: id }, ...tools }),
    delegates: await client.agentDelegate.findMany({ where: { agentId: id }, ...delegates }),
  });
  const agents = await client.agent.findMany({ include: { scope: true } });
  const full = new Map<string, Row>();
  for (const one of agents) full.set(one.id, { ...one, ...(await link(one.id)) });
  // Links lead back to agents as complete as these.
  for (const one of full.values()) {
    for (const to of [...(one.tools as Record<string, unknown>[])]) {
      to.agent = full.get(to.agentId as string);
    }
    for (const to of [...(one.delegates as Record<string, unknown>[])]) {
      to.agent = full.get(to.agentId as string);
      to.delegate = full.get(to.delegateId as string);
    }
  }
  return {
    Form: await client.form.findMany({
      include: { workflow, owner: true, createdBy: true, scope: true },
    }),
    Workflow: await client.workflow.findMany(workflow),
    Agent: [...full.values()],
    AgentTool: [],
    AgentDelegate: [],
    User: await client.user.findMany(),
  };
}

/** The ids, sorted, of the rows that the viewer is to find. */
export function select(
  world: OracleWorld,
  planted: Planted,
  viewer: Viewer,
  model: Model,
  where: Filter,
): string[] {
  const { a, root, people } = planted;
  const me = { plain: people.tess, manager: people.ann, owning: people.otto }[viewer];

  /** Manage(read), for these three: within A and outside of the boundary, by reach (D7, D8). */
  function manages(row: Row): boolean {
    if (viewer === 'plain' || row.organizationId !== a) return false;
    const scope = row.scope as { inheritsFrom: string[] };
    if (!scope.inheritsFrom.includes(root)) return false;
    if (viewer === 'manager') return true;
    const owners = [row.createdById, row.ownerId, row.teamId];
    return owners.every((one) => one === null) || row.createdById === me || row.ownerId === me;
  }

  function sees(of: Model, row: Row): boolean {
    if (of === 'User') return viewer === 'manager' && row.organizationId === a;
    if (of === 'AgentTool') {
      return sees('Agent', row.agent as Row) && sees('Workflow', row.workflow as Row);
    }
    if (of === 'AgentDelegate') {
      return sees('Agent', row.agent as Row) && sees('Agent', row.delegate as Row);
    }
    const mine = row.organizationId === a || row.organizationId === null;
    // None of the three holds a role: ROLE_BASED and all else is closed to them (D6).
    return mine && ((row.isActive === true && row.accessLevel === 'AUTHENTICATED') || manages(row));
  }

  /** Whether the filter holds of the row (D45); a condition on a management field, for who manages it. */
  function holds(of: Model, row: Row, filter: Filter): boolean {
    return Object.entries(filter).every(([key, value]) => {
      const each = () =>
        ((Array.isArray(value) ? value : [value]) as Filter[]).map((one) => holds(of, row, one));
      if (key === 'AND') return each().every(Boolean);
      if (key === 'OR') return each().some(Boolean);
      if (key === 'NOT') return !each().some(Boolean);
      if (MANAGED[of].includes(key) && !manages(row)) return false;
      const relation = RELATIONS[of][key];
      return relation === undefined
        ? column(row[key], value)
        : related(relation.to, row[key] as Row | Row[] | null, value as Filter | null);
    });
  }

  function related(to: Model, target: Row | readonly Row[] | null, test: Filter | null): boolean {
    if (Array.isArray(target)) {
      const seen = (target as Row[]).filter((row) => sees(to, row));
      const [[quantifier, inner]] = Object.entries(test ?? {}) as [[string, Filter]];
      if (quantifier === 'every') return seen.every((row) => holds(to, row, inner));
      const some = seen.some((row) => holds(to, row, inner));
      return quantifier === 'some' ? some : !some;
    }
    const row = target !== null && sees(to, target as Row) ? (target as Row) : null;
    const is = (inner: Filter | null): boolean =>
      inner === null ? row === null : row !== null && holds(to, row, inner);
    if (test !== null && 'is' in test) return is(test.is as Filter | null);
    if (test !== null && 'isNot' in test) return !is(test.isNot as Filter | null);
    return is(test);
  }

  return world[model]
    .filter((row) => sees(model, row) && holds(model, row, where))
    .map((row) => String(row.id))
    .sort();
}

/** A comparison with a missing value is false, and what is negated is the complement. */
function column(value: unknown, test: unknown): boolean {
  if (typeof test !== 'object' || test === null) return value === test;
  const [[operator, operand]] = Object.entries(test) as [[string, unknown]];
  switch (operator) {
    case 'equals':
      return value === operand;
    case 'not':
      return value !== operand;
    case 'in':
      return (operand as unknown[]).includes(value);
    case 'notIn':
      return !(operand as unknown[]).includes(value);
    case 'contains':
      return value !== null && String(value).includes(String(operand));
    default:
      throw new Error(`unknown operator ${operator}`);
  }
}
