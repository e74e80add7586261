import { type EnforcedClient, enforcedClient } from '../../../src/data/enforce/enforced-client.js';
import { dataModel } from '../../../src/data/generated-data-model.js';
import { Decisions } from '../../../src/policy/decisions.js';
import { ANONYMOUS, type Grant, type Principal } from '../../../src/policy/principal.js';
import { rootScopeId } from '../../../src/policy/root-scope.js';
import { ownPlace, type Place, REACHABLE, type Situation } from '../../../src/policy/situation.js';
import { completePolicies } from '../../../src/query/complete-policies.js';
import { declaredPolicies } from '../../../src/resources/registry.js';
import { freshDatabase } from '../../support/database.js';
import { PROJECT, TENANT, World } from '../world.js';

export const policies = completePolicies(dataModel, declaredPolicies(dataModel));

/** Some user's principal: nothing is held unless the test says so. */
function principal(own: Partial<Principal> = {}): Principal {
  return { ...ANONYMOUS, kind: 'USER', label: 'somebody', ...own };
}

/** A grant by its permission's name, `resource:action`. */
function grant(permission: string, scopeIds: readonly string[], more: Partial<Grant> = {}): Grant {
  const [resourceType = '', action = ''] = permission.split(':');
  return { resourceType, action, pattern: '*', dataAccess: 'ALL_DATA', scopeIds, ...more };
}

const MANAGED = [
  ...['form', 'workflow', 'agent', 'role', 'scope', 'user', 'team', 'config', 'virtualKey'],
  ...['organization', 'membership'],
];

/**
 * Two organizations, A and B; in A an open project and one behind a DEFINE boundary; and for every
 * reason why a workflow can be hidden, one such workflow and a form that launches it.
 */
export async function plant() {
  const database = await freshDatabase();
  const world = new World(database);
  const a = await world.organization('a');
  const b = await world.organization('b');
  const root = rootScopeId(a);
  const user = async (organization: string) => world.user(organization);
  const people = {
    ann: await user(a),
    otto: await user(a),
    tess: await user(a),
    bob: await user(b),
  };
  const team = await world.insert('team', {
    id: '00000000-0000-7000-8000-00000000f001',
    name: 'team',
    organization_id: a,
    created_by_id: people.ann,
  });
  for (const member of [people.otto, people.tess]) {
    await world.insert('team_member', { team_id: team, user_id: member });
  }
  const boundary = await world.type(a, 'DEFINE', [TENANT]);
  const project = await world.scope(a, a, PROJECT);
  const walled = await world.scope(a, a, boundary);
  const clerk = await world.at('role', a, a, { name: 'clerk' });

  const row = (table: string, name: string, organization: string | null, values: object = {}) =>
    world.at(table, organization, organization, { name, ...values });
  const workflows = {
    open: await row('workflow', 'open', a, { description: 'x', endpoint: 'https://secret/open' }),
    bare: await row('workflow', 'bare', a, { endpoint: 'https://secret/bare' }),
    roleless: await row('workflow', 'roleless', a, { access_level: 'ROLE_BASED' }),
    bound: await row('workflow', 'bound', a, { access_level: 'ROLE_BASED', description: 'x' }),
    // Null makes a SQL comparison neither true nor false: the trap of every negation.
    nameless: await row('workflow', 'nameless', a, { access_level: null }),
    inactive: await row('workflow', 'inactive', a, { is_active: false }),
    everywhere: await row('workflow', 'everywhere', null),
    nowhere: await row('workflow', 'nowhere', null, { access_level: 'ROLE_BASED' }),
    walled: await row('workflow', 'walled', a, { scope_id: walled, access_level: null }),
    other: await row('workflow', 'other', b, { description: 'x' }),
  };
  await world.insert('workflow_role', { workflow_id: workflows.bound, role_id: clerk });

  const forms: Record<string, string> = {};
  const form = async (name: string, organization: string | null, values: object = {}) => {
    forms[name] = await row('form', name, organization, values);
  };
  for (const [name, id] of Object.entries(workflows)) {
    const organization = name === 'other' ? b : a;
    await form(`to ${name}`, organization, { workflow_id: id });
  }
  await form('to nothing', a, { description: 'none', created_by_id: people.ann });
  await form('hidden', a, { access_level: 'ROLE_BASED', workflow_id: workflows.open });
  await form('hidden too', a, { access_level: null, workflow_id: workflows.everywhere });
  await form('own', a, { scope_id: project, owner_id: people.otto, access_level: null });
  await form('walled', a, { scope_id: walled, access_level: null, owner_id: people.otto });
  await form("ann's", a, { created_by_id: people.ann, access_level: null });
  await form('global', null, { workflow_id: workflows.everywhere });

  const agents: Record<string, string> = {};
  const tools: Record<string, (keyof typeof workflows)[]> = {
    mixed: ['open', 'bound', 'nameless', 'everywhere'],
    blind: ['roleless', 'nameless'],
    bare: [],
    hidden: ['open'],
  };
  for (const [name, used] of Object.entries(tools)) {
    const more = { instructions: `secret ${name}`, access_level: 'AUTHENTICATED' };
    if (name === 'hidden') more.access_level = 'PRIVATE';
    agents[name] = await row('agent', name, a, more);
    for (const tool of used) {
      await world.insert('agent_tool', { agent_id: agents[name], workflow_id: workflows[tool] });
    }
  }
  for (const delegate of ['blind', 'hidden']) {
    const link = { agent_id: agents.mixed, delegate_id: agents[delegate] };
    await world.insert('agent_delegate', link);
  }
  await world.at('config', a, a, { key: 'secret', type: 'SECRET', ciphertext: 'sealed' });
  await world.at('config', b, b, { key: 'theirs', value: '1' });
  await world.at('virtual_key', a, a, { name: 'key', hash: 'sealed' });

  /** A client that sees what the principal may, by id and along relations unless a place is given. */
  const as = (who: Principal, at: Partial<Situation> & { place?: Place } = {}): EnforcedClient => {
    const place = at.place ?? ownPlace(who);
    const decisions = new Decisions(policies, who, place);
    return enforcedClient(database.client, { dataModel, decisions }, at.extent ?? REACHABLE);
  };
  /** Signed in at A, and no more: uses what is AUTHENTICATED. */
  const plain = principal({ userId: people.tess, organizationId: a });
  /** Manages every form and workflow of A outside of the boundary. */
  const manager = principal({
    userId: people.ann,
    organizationId: a,
    grants: MANAGED.map((type) => grant(`${type}:read`, [root])),
  });
  /** Manages those forms and workflows of A that are the user's own. */
  const owning = (userId: string) =>
    principal({
      userId,
      organizationId: a,
      grants: ['form', 'workflow', 'agent'].map((type) =>
        grant(`${type}:read`, [root], { dataAccess: 'OWN_DATA' }),
      ),
    });
  const platformAdmin = principal({ userId: people.bob, organizationId: b, isPlatformAdmin: true });
  return {
    database,
    client: database.client,
    world,
    as,
    owning,
    a,
    b,
    root,
    project,
    walled,
    clerk,
    team,
    people,
    workflows,
    forms,
    agents,
    principals: { plain, manager, platformAdmin },
    isOpen: (model: string, field: string) =>
      policies.get(model)?.fields.open.includes(field) === true,
    close: () => database.close(),
  };
}

export type Planted = Awaited<ReturnType<typeof plant>>;

/** The names of rows, sorted: what most tests compare. */
export function names(rows: readonly { name: string | null }[]): string[] {
  return rows.map((row) => row.name ?? '').sort();
}
