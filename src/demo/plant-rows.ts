import type { Prisma } from '../data/generated/client.js';
import { AGENTS, type DemoAgent } from './agents.js';
import { APPS } from './apps.js';
import { CONFIGS } from './configs.js';
import { type DemoForm, FORMS } from './forms.js';
import { DEMO_IDS } from './ids.js';
import { type Part, rowsIn } from './part.js';
import type { PersonKey } from './people.js';
import { type OrganizationKey, organizationOf } from './places.js';
import { placeOf } from './plant-places.js';
import { type DemoRow, type DemoUsable, demoRowId, type RowKind } from './row.js';
import { WORKFLOWS } from './workflows.js';

/** Who made and owns what is not said to be somebody's or nobody's. */
const STEWARDS: Readonly<Record<OrganizationKey | 'platform', PersonKey>> = {
  platform: 'odin',
  asgard: 'frigg',
  acme: 'alice',
  globex: 'gina',
  initech: 'bill',
  hooli: 'gavin',
  playground: 'pia',
};

/** What refers to something, or is bound to roles. */
interface Rows {
  readonly workflows: readonly DemoUsable[];
  readonly forms: readonly DemoForm[];
  readonly agents: readonly DemoAgent[];
  readonly apps: readonly DemoUsable[];
}

/** Makes the forms, workflows, agents, apps and configs, and what they refer to. */
export async function plantRows(tx: Prisma.TransactionClient, part: Part): Promise<void> {
  const rows = {
    workflows: rowsIn(WORKFLOWS, part),
    forms: rowsIn(FORMS, part),
    agents: rowsIn(AGENTS, part),
    apps: rowsIn(APPS, part),
  };
  await tx.workflow.createMany({
    data: rows.workflows.map((workflow) => ({
      ...usable('workflow', workflow),
      endpoint: `https://workflows.example/${workflow.at}/${encodeURIComponent(workflow.name)}`,
      parameters: { type: 'object', properties: { note: { type: 'string' } } },
    })),
  });
  await tx.form.createMany({
    data: rows.forms.map((form) => ({
      ...usable('form', form),
      fields: [{ name: 'note', label: 'Note', type: 'text', required: true }],
      workflowId: form.workflow === undefined ? null : demoRowId('workflow', form.workflow),
    })),
  });
  await tx.agent.createMany({
    data: rows.agents.map((agent) => ({
      ...usable('agent', agent),
      instructions: `You are the ${agent.name}. Use your tools for what you are asked, nothing else.`,
    })),
  });
  await tx.app.createMany({
    data: rows.apps.map((app) => ({
      ...usable('app', app),
      name: app.title ?? app.name,
      slug: app.name,
      bundle: { entry: `${app.at}/${app.name}/index.js` },
    })),
  });
  await tx.config.createMany({ data: rowsIn(CONFIGS, part).map(config) });
  await plantReferences(tx, rows);
}

async function plantReferences(tx: Prisma.TransactionClient, rows: Rows): Promise<void> {
  await tx.workflowRole.createMany({
    data: bindings('workflow', rows.workflows).map(([workflowId, roleId]) => ({
      workflowId,
      roleId,
    })),
  });
  await tx.formRole.createMany({
    data: bindings('form', rows.forms).map(([formId, roleId]) => ({ formId, roleId })),
  });
  await tx.agentRole.createMany({
    data: bindings('agent', rows.agents).map(([agentId, roleId]) => ({ agentId, roleId })),
  });
  await tx.appRole.createMany({
    data: bindings('app', rows.apps).map(([appId, roleId]) => ({ appId, roleId })),
  });
  await tx.agentTool.createMany({
    data: rows.agents.flatMap((agent) =>
      (agent.tools ?? []).map((tool) => ({
        agentId: idOf('agent', agent),
        workflowId: demoRowId('workflow', tool),
      })),
    ),
  });
  await tx.agentDelegate.createMany({
    data: rows.agents.flatMap((agent) =>
      (agent.delegates ?? []).map((delegate) => ({
        agentId: idOf('agent', agent),
        delegateId: demoRowId('agent', delegate),
      })),
    ),
  });
}

function usable(kind: RowKind, row: DemoUsable) {
  const { access = 'AUTHENTICATED' } = row;
  return { ...owned(kind, row), name: row.name, accessLevel: access };
}

function config(row: (typeof CONFIGS)[number]) {
  return {
    ...owned('config', row),
    key: row.name,
    type: configType(row.value),
    value: row.value,
    isFinal: row.isFinal === true,
  };
}

/** What all kinds of rows have: where they are and whose. */
function owned(kind: RowKind, row: DemoRow) {
  const { by = STEWARDS[organizationOf(row.at) ?? 'platform'], owner = by } = row;
  return {
    id: idOf(kind, row),
    ...placeOf(row.at),
    description: row.description ?? null,
    createdById: by === null ? null : DEMO_IDS.users[by],
    ownerId: owner === null ? null : DEMO_IDS.users[owner],
    teamId: row.team === undefined ? null : DEMO_IDS.teams[row.team],
    isActive: row.inactive !== true,
  };
}

function bindings(kind: RowKind, rows: readonly DemoUsable[]): [rowId: string, roleId: string][] {
  return rows.flatMap((row) =>
    (row.roles ?? []).map((role): [string, string] => [idOf(kind, row), DEMO_IDS.roles[role]]),
  );
}

function idOf(kind: RowKind, row: DemoRow): string {
  return demoRowId(kind, `${row.at}/${row.name}`);
}

function configType(value: (typeof CONFIGS)[number]['value']): string {
  const types = { string: 'STRING', number: 'NUMBER', boolean: 'BOOLEAN', object: 'JSON' } as const;
  return types[typeof value as keyof typeof types];
}
