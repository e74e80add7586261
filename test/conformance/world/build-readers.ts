import { conditionFor } from './build-conditions.js';
import { hold } from './build-writers.js';
import { choose, type Draft } from './draft.js';
import type { Spec } from './spec.js';
import { CASCADING, type Row, rootOf, type TypeName } from './types.js';

/** What can be read by a grant alone, or otherwise by one than without: of people a reach decides otherwise than of rows (D7). */
const TYPES = [
  'Config',
  'User',
  'Team',
  'Form',
  'Config',
  'Workflow',
  'User',
  'Agent',
  'Team',
  'App',
  'Role',
] as const satisfies readonly TypeName[];

/**
 * In a world that is read in, most people hold something narrow where there is something for it: a reach, a pattern, a condition.
 * Who may read all of it, or nothing, comes to few rules.
 */
export function buildReaders(draft: Draft, spec: Spec): void {
  const users = draft.of('User');
  spec.users.forEach(({ name: choice }, index) => {
    const user = users[index];
    if (user === undefined || choice % 5 === 0) return;
    const home = user.one.organization as string;
    const below = draft.of('Scope').filter((scope) => scope.one.organization === home);
    const scopeId = choose([rootOf(home), rootOf(home), choose(below, choice).id], choice >> 2);
    const permissions = [0, 1, 2].flatMap((turn) => {
      const type = choose(TYPES, choice * 3 + turn * 5);
      return permissionOn(draft, scopeId, type, choice * 7 + turn * 11);
    });
    const reaches = ['OWN_DATA', 'TEAM_DATA', 'TEAM_DATA', 'ALL_DATA'];
    const cells = {
      name: `reader ${index}`,
      description: null,
      dataAccess: choose(reaches, choice >> 1),
      isSystem: false,
    };
    const one = { organization: home, scope: scopeId };
    const id = draft.next('Role');
    draft.add('Role', id, { cells, one, many: { permissions } }, choice);
    hold(draft, user.id, scopeId, id);
  });
}

/** To read rows of a type that there are in the organization. */
function permissionOn(draft: Draft, scopeId: string, type: TypeName, choice: number): string[] {
  const organization = draft.tenantOf(scopeId);
  const rows = draft.of(type).filter((row) => row.one.organization === organization);
  const resourceType = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const pattern = patternFor(type, rows, choice);
  const key = `${resourceType}:read:${pattern}`;
  if (!draft.take('permission', scopeId, key)) return [];
  const logic = conditionFor(
    draft,
    resourceType,
    rows,
    choice % 3 === 0 ? choice * 4 : choice * 2 + 1,
  );
  const condition = logic === null ? null : JSON.stringify(logic);
  const cells = {
    key,
    resourceType,
    action: 'read',
    resourcePattern: pattern,
    label: null,
    condition,
  };
  const id = draft.next('Permission');
  draft.add('Permission', id, { cells, one: { organization, scope: scopeId }, many: {} }, choice);
  return [id];
}

/** Of people all, or one of them: a name says nothing of who they are. */
function patternFor(type: TypeName, rows: readonly Row[], choice: number): string {
  if (rows.length === 0 || choice % 3 === 0 || !(type in CASCADING)) return '*';
  const { id, cells } = choose(rows, choice >> 3);
  const name = String(cells.key ?? cells.name ?? 'a').replaceAll('*', '') || 'a';
  const [stem, ...rest] = name.split('/');
  const prefix = rest.length > 0 && stem !== '' ? `${stem}/*` : 'a/*';
  return choose(['owned', prefix, name, id, prefix], choice >> 1);
}
