import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const description = 'un ÉTÉ';
  const workflow = await world.row('workflow', a, description, { more: { description } });
  await world.row('form', a, description, { more: { description, workflowId: workflow.id } });
  await world.row('agent', a, description, { more: { description } });
  await world.row('app', a, description, { more: { description } });
  await world.row('config', a, description, { more: { description } });
  const { id } = await world.role(a, ['form:read:été'], { name: description });
  await world.client.role.update({ where: { id }, data: { description } });
  await world.client.permission.updateMany({
    where: { resourcePattern: 'été' },
    data: { label: description },
  });
  const permits = ['form', 'workflow', 'agent', 'app', 'config', 'role', 'permission'];
  return {
    manager: await world.manager(
      a,
      permits.map((type) => `${type}:read`),
    ),
  };
});

/** Where a text can be looked for, and in how many rows of this world each would find it. */
const PLACES = {
  'forms(where: { name: ? })': 1,
  'forms(where: { description: ? })': 1,
  'forms(where: { workflow: { is: { name: ? } } })': 1,
  'forms(where: { workflow: { is: { description: ? } } })': 1,
  'workflows(where: { description: ? })': 1,
  'agents(where: { description: ? })': 1,
  'apps(where: { description: ? })': 1,
  'apps(where: { slug: ? })': 1,
  'configs(where: { key: ? })': 1,
  'configs(where: { description: ? })': 1,
  'roles(where: { name: ? })': 1,
  'roles(where: { description: ? })': 1,
  'permissions(where: { label: ? })': 1,
};

async function found(text: string): Promise<number[]> {
  const fields = Object.keys(PLACES).map(
    (place, n) => `f${n}: ${place.replace('?', '{ contains: $text }')} { totalCount }`,
  );
  const source = `query ($text: String!) { ${fields.join('\n')} }`;
  const { data, errors } = await shared.ask(shared.w.manager.email, source, { text });
  expect(errors).toEqual([]);
  return Object.values(data as Record<string, { totalCount: number }>).map(
    ({ totalCount }) => totalCount,
  );
}

describe('issue 10, number 9: contains folds ASCII letters alone, whatever the column (D45)', () => {
  const all = Object.values(PLACES);
  const none = all.map(() => 0);

  it.each(['É', 'ÉtÉ', 'UN É', 'un ÉT'])('%j finds "un ÉTÉ"', async (text) => {
    expect(await found(text)).toEqual(all);
  });

  it.each(['é', 'été', 'UN é', 'ETE', 'E\u0301'])('%j does not', async (text) => {
    expect(await found(text)).toEqual(none);
  });
});
