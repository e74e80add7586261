import { choose, chooseSome, type Draft, nameFor } from './draft.js';
import type { RowSpec, Spec } from './spec.js';
import type { Cell, Row, TypeName } from './types.js';

/** Forms, workflows, agents, apps and configs, still without the roles bound to them. */
export function buildExecutables(draft: Draft, spec: Spec): void {
  spec.workflows.forEach((row, index) => {
    add(draft, 'Workflow', row, index, 'name', { endpoint: nameFor(row.text) });
  });
  spec.forms.forEach((row, index) => {
    const made = add(draft, 'Form', row, index, 'name', {});
    if (made === null || row.workflow === null) return;
    const workflows = referable(draft, 'Workflow', made);
    if (workflows.length === 0) return;
    replace(draft, made, { one: { ...made.one, workflow: choose(workflows, row.workflow).id } });
  });
  const agents = spec.agents.map((row, index) => ({
    row,
    made: add(draft, 'Agent', row, index, 'name', { instructions: nameFor(row.text) }),
  }));
  for (const { row, made } of agents) {
    if (made === null) continue;
    const tools = chooseSome(referable(draft, 'Workflow', made), row.tools);
    const delegates = chooseSome(referable(draft, 'Agent', made), row.delegates);
    const many = { tools: tools.map((one) => one.id), delegates: delegates.map((one) => one.id) };
    replace(draft, draft.get('Agent', made.id), { many });
  }
  spec.apps.forEach((row, index) => {
    add(draft, 'App', row, index, 'slug', { name: nameFor(row.name), slug: nameFor(row.slug) });
  });
  spec.configs.forEach((row, index) => {
    const type = choose(['STRING', 'NUMBER', 'JSON', 'SECRET', 'WEIRD'], row.kind);
    const secret = type === 'SECRET' ? `hush ${index}` : null;
    add(draft, 'Config', row, index, 'key', { type, isFinal: row.final, secret });
  });
  openOverridden(draft);
}

/** D5: what is overridden below is not final. */
function openOverridden(draft: Draft): void {
  for (const row of draft.of('Config')) {
    const isOverridden = draft
      .of('Config')
      .some(
        ({ cells, one }) =>
          cells.key === row.cells.key &&
          one.scope !== row.one.scope &&
          draft.path(one.scope as string).includes(row.one.scope as string),
      );
    if (isOverridden) replace(draft, row, { cells: { ...row.cells, isFinal: false } });
  }
}

/** What a config of a type holds. */
function heldBy(type: Cell | undefined): Cell {
  if (type === 'SECRET') return null;
  return type === 'NUMBER' ? 1 : 'v';
}

const LEVELS = ['AUTHENTICATED', 'AUTHENTICATED', 'ROLE_BASED', 'ROLE_BASED', 'ROLE_BASED'];

/** Null where the name is taken there already. */
function add(
  draft: Draft,
  type: TypeName,
  row: RowSpec,
  index: number,
  namedBy: string,
  extra: Record<string, Cell>,
): Row | null {
  const scopeId = draft.place(row.at);
  const tenant = draft.tenantOf(scopeId);
  const named: Record<string, Cell> = namedBy === 'slug' ? extra : { [namedBy]: nameFor(row.name) };
  if (named.slug === '') return null;
  for (const key of ['name', 'slug', 'key']) {
    const text = named[key];
    if (typeof text === 'string' && !draft.take(type, key, scopeId, text)) return null;
  }
  const level = choose(
    [...LEVELS, null, 'WEIRD', ...(type === 'Agent' ? ['PRIVATE'] : [])],
    row.level,
  );
  const cells = {
    ...extra,
    ...named,
    description: row.text % 3 === 0 ? null : nameFor(row.text),
    isActive: row.active,
    ...(type === 'Config'
      ? { value: heldBy(extra.type) }
      : { accessLevel: level, spec: String(index) }),
  };
  const users = owners(draft, 'User', tenant);
  const teams = owners(draft, 'Team', tenant);
  const one = {
    organization: tenant,
    scope: scopeId,
    createdBy: row.createdBy === null ? null : (choose(users, row.createdBy)?.id ?? null),
    owner: row.owner === null ? null : (choose(users, row.owner)?.id ?? null),
    team: row.team === null || teams.length === 0 ? null : (choose(teams, row.team)?.id ?? null),
    ...(type === 'Form' ? { workflow: null } : {}),
  };
  return draft.add(type, draft.next(type), { cells, one, many: {} }, row.time);
}

/** Mostly of the row's organization, if it has any; of others as well, as nothing forbids them. */
function owners(draft: Draft, type: 'User' | 'Team', tenant: string | null): Row[] {
  const all = draft.of(type);
  const home = all.filter((row) => row.one.organization === tenant);
  return [...home, ...home, ...home, ...all];
}

/** What a row may refer to (D20): the same organization's, and global ones. */
function referable(draft: Draft, type: TypeName, from: Row): Row[] {
  return draft
    .of(type)
    .filter(
      (row) => row.one.organization === null || row.one.organization === from.one.organization,
    );
}

function replace(draft: Draft, row: Row, change: Partial<Row>): void {
  const index = draft.rows.findIndex((one) => one.id === row.id);
  draft.rows[index] = { ...(draft.rows[index] as Row), ...change };
}
