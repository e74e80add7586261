import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  // Changes whatever there is, and deletes what is called so.
  const editor = await world.manager(a, [
    'form:read',
    'form:create',
    'form:update',
    'form:delete:drafts/*',
  ]);
  // Somebody else may reveal, whoever may set.
  await world.manager(a, ['config:reveal:public/*']);
  const keeper = await world.manager(a, ['config:read', 'config:update']);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const form = await world.row('form', a, 'kept');
  const secret = await world.row('config', a, 'kept');
  return { editor, keeper, admin, form, secret };
});

async function rename(who: 'editor' | 'keeper' | 'admin', type: 'Form' | 'Config', input: object) {
  const one = type.toLowerCase();
  const { errors } = await shared.ask(
    shared.w[who].email,
    `mutation ($input: Update${type}Input!) { update${type}(input: $input) { ${one} { id } } }`,
    { input },
  );
  return errors[0]?.extensions.code ?? 'done';
}

describe('D21: a new name gives nothing that who gives it does not hold', () => {
  it('neither to oneself: what may be deleted by its name is named so by who may delete it', async () => {
    const { id } = shared.w.form;
    expect(await rename('editor', 'Form', { id, name: 'drafts/kept' })).toBe('FORBIDDEN');
    expect(await rename('editor', 'Form', { id, name: 'kept too' })).toBe('done');
  });

  it('nor to others: what may be revealed by its key is not put under it by who may not', async () => {
    const { id } = shared.w.secret;
    expect(await rename('keeper', 'Config', { id, key: 'public/kept' })).toBe('FORBIDDEN');
    expect(await rename('keeper', 'Config', { id, key: 'private/kept' })).toBe('done');
  });

  it('and platform admins give everything (D12)', async () => {
    const { id } = shared.w.form;
    expect(await rename('admin', 'Form', { id, name: 'drafts/kept' })).toBe('done');
  });
});
