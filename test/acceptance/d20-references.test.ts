import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, PLATFORM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const global = await world.row('workflow', PLATFORM, 'global');
  const own = await world.row('workflow', a, 'own');
  const foreign = await world.row('workflow', b, 'foreign');
  const launching = ({ id }: Identified) => ({ more: { workflowId: id } });
  return {
    ...{ a, b, global, own, foreign },
    toGlobal: await world.row('form', a, 'to a global workflow', launching(global)),
    toOwn: await world.row('form', a, 'to an own workflow', launching(own)),
    user: await world.user(a),
  };
});

describe('D20: a reference', () => {
  it.each([
    ['toGlobal', 'global'],
    ['toOwn', 'own'],
  ] as const)('%s is followed', async (form, name) => {
    const source = 'query ($id: ID!) { form(id: $id) { workflow { name } } }';
    const { data } = await shared.ask(shared.w.user.email, source, { id: shared.w[form].id });
    expect(data.form.workflow).toEqual({ name });
  });

  it('to another tenant cannot be stored, nor one from a global row into a tenant', async () => {
    const { world, w } = shared;
    const { a, own, foreign } = w;
    const to = (workflow: Identified) => ({ more: { workflowId: workflow.id } });
    await expect(world.row('form', a, 'out', to(foreign))).rejects.toThrow('D20');
    await expect(world.row('form', PLATFORM, 'down', to(own))).rejects.toThrow('D20');
    const role = await world.role(w.b);
    const bound = { access: 'ROLE_BASED', roles: [role] };
    await expect(world.row('agent', a, 'bound', bound)).rejects.toThrow('D20');
    const tool = { more: { tools: { create: [{ workflowId: foreign.id }] } } };
    await expect(world.row('agent', a, 'tool', tool)).rejects.toThrow('D20');
  });
});
