import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const project = await world.scope(a, 'Project');
  const editor = await world.manager(a, ['form:read', 'form:create', 'form:update']);
  const boss = await world.manager(
    a,
    ['role:read'].concat(
      ['form', 'workflow', 'agent', 'app'].flatMap((type) =>
        ['read', 'create', 'update', 'delete', 'share', 'transfer'].map(
          (action) => `${type}:${action}`,
        ),
      ),
    ),
  );
  const reader = await world.user(a, 'reader');
  const stranger = await world.user(b, 'stranger');
  const x = await world.role(a, [], { name: 'x' });
  const foreign = await world.row('workflow', b, 'foreign');
  const own = await world.row('workflow', a, 'own');
  return { a, b, project, editor, boss, reader, stranger, x, foreign, own };
});

type Who = 'editor' | 'boss' | 'reader' | 'stranger';

const ask = (who: Who, source: string, variables: object = {}) =>
  shared.ask(shared.w[who].email, source, variables as never);

async function write(who: Who, name: string, input: object, selection: string) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await ask(
    who,
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
    { input },
  );
  return {
    answer: data?.[name] ?? null,
    code: errors[0]?.extensions.code,
    issues: (errors[0]?.extensions as { issues?: unknown })?.issues,
    message: errors[0]?.message,
  };
}

const form = (who: Who, input: object, selection = 'id name version') =>
  write(who, 'createForm', input, `form { ${selection} }`);

describe('a form is made', () => {
  it('where the request acts, by who may, and is theirs', async () => {
    const { answer, code } = await form(
      'editor',
      {
        name: 'made',
        description: 'one',
        fields: [{ name: 'q', type: 'text' }],
        workflow: shared.w.own.id,
      },
      'name description version fields workflow { name } scope { id } createdBy { id } owner { id } accessLevel isActive',
    );
    expect(code).toBeUndefined();
    expect(answer.form).toMatchObject({
      name: 'made',
      description: 'one',
      version: 1,
      fields: [{ name: 'q', type: 'text' }],
      workflow: { name: 'own' },
      accessLevel: 'AUTHENTICATED',
      isActive: true,
    });
  });

  it('by nobody who may not, whether the name is taken or not', async () => {
    await form('boss', { name: 'taken' });
    const taken = await form('reader', { name: 'taken' });
    const free = await form('reader', { name: 'free' });
    expect(taken).toEqual(free);
    expect(free).toMatchObject({ answer: null, code: 'FORBIDDEN' });
  });

  it('closed from the start, by who may share', async () => {
    const closed = { name: 'closed', accessLevel: 'ROLE_BASED', roles: [shared.w.x.id] };
    expect(await form('editor', closed)).toMatchObject({ answer: null, code: 'FORBIDDEN' });
    expect(await form('boss', closed, 'accessLevel roles { name }')).toMatchObject({
      answer: { form: { accessLevel: 'ROLE_BASED', roles: [{ name: 'x' }] } },
    });
  });

  it('with all its mistakes told at once, each with its path', async () => {
    const { code, issues } = await form('boss', {
      name: '*',
      fields: [
        { name: '1x', type: 'text' },
        { name: 'y', type: 'nothing' },
      ],
      isActive: null,
    });
    expect(code).toBe('BAD_USER_INPUT');
    expect((issues as { path: unknown[] }[]).map(({ path }) => path.join('.')).sort()).toEqual([
      'fields.0.name',
      'fields.1.type',
      'isActive',
      'name',
    ]);
  });

  it('a name that is taken is CONFLICT', async () => {
    await form('boss', { name: 'twice' });
    expect(await form('boss', { name: 'twice' })).toMatchObject({ code: 'CONFLICT' });
  });

  it('a reference to a hidden row is one to none', async () => {
    const hidden = await form('boss', { name: 'h', workflow: shared.w.foreign.id });
    const absent = await form('boss', {
      name: 'h',
      workflow: '00000000-0000-7000-8000-00000000dead',
    });
    expect(hidden).toEqual(absent);
    expect(hidden).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('a form is changed', () => {
  it('in what is named, and counts it', async () => {
    const made = await form('editor', { name: 'u1', description: 'before' });
    const { id } = made.answer.form;
    const selection = 'form { name description version }';
    const changed = await write('editor', 'updateForm', { id, version: 1, name: 'u2' }, selection);
    expect(changed.answer.form).toEqual({ name: 'u2', description: 'before', version: 2 });
    const emptied = await write('editor', 'updateForm', { id, description: null }, selection);
    expect(emptied.answer.form).toEqual({ name: 'u2', description: null, version: 3 });
    const stale = await write('editor', 'updateForm', { id, version: 1, name: 'u3' }, selection);
    expect(stale).toMatchObject({
      answer: null,
      code: 'CONFLICT',
      message: expect.stringContaining('3'),
    });
  });

  it('by who may; a hidden one is none', async () => {
    const { id } = (await form('boss', { name: 'mine' })).answer.form;
    const input = { id, name: 'yours' };
    expect(await write('reader', 'updateForm', input, 'form { id }')).toMatchObject({
      code: 'FORBIDDEN',
    });
    const hidden = await write('stranger', 'updateForm', input, 'form { id }');
    const absent = await write('stranger', 'updateForm', { ...input, id: 'x' }, 'form { id }');
    expect(hidden).toEqual(absent);
    expect(hidden).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('shared and transferred by those permissions, moved with the right at both ends', async () => {
    const { id } = (await form('boss', { name: 'moved' })).answer.form;
    const shareIt = { id, accessLevel: 'ROLE_BASED', roles: [shared.w.x.id] };
    expect(await write('editor', 'shareForm', shareIt, 'form { id }')).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(
      await write('boss', 'shareForm', shareIt, 'form { version roles { name } }'),
    ).toMatchObject({
      answer: { form: { version: 2, roles: [{ name: 'x' }] } },
    });
    const give = { id, owner: shared.w.reader.id };
    expect(await write('editor', 'transferForm', give, 'form { id }')).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(
      await write('boss', 'moveForm', { id, scope: shared.w.project.id }, 'form { scope { id } }'),
    ).toMatchObject({ code: undefined });
    expect(await write('editor', 'deleteForm', { id }, 'deletedId')).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await write('boss', 'deleteForm', { id }, 'deletedId')).toMatchObject({
      answer: { deletedId: id },
    });
  });
});

describe('many at once', () => {
  it('in one document each answers the row as it left it', async () => {
    const { id } = (await form('boss', { name: 'serial' })).answer.form;
    const { data, errors } = await ask(
      'boss',
      `mutation ($id: ID!) {
        one: updateForm(input: { id: $id, name: "serial 1" }) { form { name version } }
        two: updateForm(input: { id: $id, name: "serial 2", version: 2 }) { form { name version } }
        gone: deleteForm(input: { id: $id }) { deletedId }
      }`,
      { id },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      one: { form: { name: 'serial 1', version: 2 } },
      two: { form: { name: 'serial 2', version: 3 } },
      gone: { deletedId: id },
    });
  });

  it('all or none, naming the one at fault', async () => {
    const forms = ['b1', 'b2', 'b1'].map((name) => ({ name }));
    const refused = await write('boss', 'createForms', { forms }, 'forms { name }');
    expect(refused).toMatchObject({ code: 'CONFLICT', issues: [{ path: ['forms', 2] }] });
    const made = await write(
      'boss',
      'createForms',
      { forms: forms.slice(0, 2) },
      'forms { id name }',
    );
    expect(made.answer.forms.map(({ name }: { name: string }) => name)).toEqual(['b1', 'b2']);
    const tooMany = Array.from({ length: 501 }, (_, n) => ({ name: `many ${n}` }));
    expect(await write('boss', 'createForms', { forms: tooMany }, 'forms { id }')).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });
});
