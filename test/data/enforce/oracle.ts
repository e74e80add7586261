import { type Filter, MANAGED, type Model, RELATIONS } from './arbitrary-where.js';
import type { Planted } from './fixture.js';

export type Viewer = 'plain' | 'manager' | 'owning';
type Row = Readonly<Record<string, unknown>>;
/** SQL's three values: true, false, unknown. */
type Truth = true | false | null;
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
  const { a, people } = planted;
  const me = { plain: people.tess, manager: people.ann, owning: people.otto }[viewer];

  /** Manage(read), for these three: within A and outside of the boundary, by reach (D7, D8). */
  function manages(row: Row): boolean {
    if (viewer === 'plain' || row.organizationId !== a) return false;
    const scope = row.scope as { inheritsFrom: string[] };
    if (!scope.inheritsFrom.includes(a)) return false;
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

  /**
   * Whether the filter holds of the row or, negated, whether its contrary does: what is a
   * junction of all then becomes one of any (De Morgan), and a management field stays guarded.
   */
  function holds(of: Model, row: Row, filter: Filter, negated: boolean): Truth {
    const parts = Object.entries(filter).map(([key, value]) => {
      const each = (sign: boolean) =>
        ((Array.isArray(value) ? value : [value]) as Filter[]).map((one) =>
          holds(of, row, one, sign),
        );
      if (key === 'AND') return negated ? any(each(true)) : all(each(false));
      if (key === 'OR') return negated ? all(each(true)) : any(each(false));
      if (key === 'NOT') return negated ? any(each(false)) : all(each(true));
      const relation = RELATIONS[of][key];
      const base =
        relation === undefined
          ? column(row[key], value)
          : related(relation.to, row[key] as Row | Row[] | null, value as Filter | null);
      const signed = negated ? not(base) : base;
      return MANAGED[of].includes(key) ? all([manages(row), signed]) : signed;
    });
    return negated ? any(parts) : all(parts);
  }

  function related(to: Model, target: Row | readonly Row[] | null, test: Filter | null): Truth {
    if (Array.isArray(target)) {
      const seen = (target as Row[]).filter((row) => sees(to, row));
      const [[quantifier, inner]] = Object.entries(test ?? {}) as [[string, Filter]];
      if (quantifier === 'every') return !seen.some((row) => holds(to, row, inner, true) === true);
      const some = seen.some((row) => holds(to, row, inner, false) === true);
      return quantifier === 'some' ? some : !some;
    }
    const row = target !== null && sees(to, target as Row) ? (target as Row) : null;
    const is = (inner: Filter | null): Truth => {
      if (inner === null) return row === null;
      // There is such a row, or there is none: never neither.
      return row !== null && holds(to, row, inner, false) === true;
    };
    if (test !== null && 'is' in test) return is(test.is as Filter | null);
    if (test !== null && 'isNot' in test) return not(is(test.isNot as Filter | null));
    return is(test);
  }

  return world[model]
    .filter((row) => sees(model, row) && holds(model, row, where, false) === true)
    .map((row) => String(row.id))
    .sort();
}

function column(value: unknown, test: unknown): Truth {
  if (typeof test !== 'object' || test === null) {
    if (test === null) return value === null;
    return value === null ? null : value === test;
  }
  const [[operator, operand]] = Object.entries(test) as [[string, unknown]];
  if (operator === 'not' && operand === null) return value !== null;
  if (operator === 'in' && (operand as unknown[]).length === 0) return false;
  if (operator === 'notIn' && (operand as unknown[]).length === 0) return true;
  if (value === null) return null;
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
      return String(value).includes(String(operand));
    default:
      throw new Error(`unknown operator ${operator}`);
  }
}

function all(parts: readonly Truth[]): Truth {
  if (parts.includes(false)) return false;
  return parts.includes(null) ? null : true;
}

const any = (parts: readonly Truth[]): Truth => not(all(parts.map(not)));

function not(x: Truth): Truth {
  return x === null ? null : !x;
}
