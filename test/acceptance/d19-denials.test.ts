import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const provider = await world.organization('Provider', { isProvider: true });
  const project = await world.scope(a, 'Project');
  const open = await world.row('form', project, 'open');
  const hidden = await world.row('form', project, 'hidden', { access: 'ROLE_BASED' });
  const ofB = await world.row('form', b, 'form of B');
  const farther = await world.row('config', a, 'farther');
  const reader = await world.user(a, 'reader');
  const local = await world.manager(a, ['config:create', 'config:update', 'config:read'], {
    at: project,
  });
  const chief = await world.manager(a, ['user:read', 'user:create']);
  const guest = await world.manager(provider, ['organization:actIn']);
  return { a, b, project, open, hidden, ofB, farther, reader, local, chief, guest };
});

type Who = 'reader' | 'local' | 'chief' | 'guest';

interface Entry {
  readonly resourceId: string | null;
  readonly [column: string]: unknown;
}

/** What a mutation is answered, and what is recorded of it: without what differs each time. */
async function denied(who: Who, name: string, input: object, headers = {}) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const { client } = shared.world;
  const requestId = randomUUID();
  const { data, errors } = await shared.ask(
    shared.w[who].email,
    `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`,
    { input },
    { 'x-request-id': requestId, ...headers },
  );
  expect(data).toEqual({ [name]: null });
  const found = await client.auditEntry.findMany({ where: { requestId } });
  const entries = found.map(({ id: _id, at: _at, requestId: _by, ...rest }): Entry => rest);
  return { code: errors[0]?.extensions.code, message: errors[0]?.message, entries };
}

const absentId = () => randomUUID().replace(/^(.{14})./, '$17');

describe('D19: a denial is recorded', () => {
  it('of a row that could be read: where it lives, and what decided', async () => {
    const { a, project, open, reader } = shared.w;
    const { code, entries } = await denied('reader', 'updateForm', { id: open.id, name: 'x' });
    expect(code).toBe('FORBIDDEN');
    expect(entries).toMatchObject([
      {
        action: 'form:update',
        outcome: 'DENIED',
        actorUserId: reader.id,
        resourceId: open.id,
        organizationId: a.id,
        scopeId: project.id,
        reason: 'update is not permitted on the row',
        before: null,
        after: null,
      },
    ]);
  });

  it('of one in another tenant: in that one, where it was touched', async () => {
    const { b, ofB } = shared.w;
    const headers = { 'x-heimdall-scope': b.id };
    const { code, entries } = await denied('guest', 'deleteForm', { id: ofB.id }, headers);
    expect(code).toBe('FORBIDDEN');
    expect(entries).toMatchObject([
      { resourceId: ofB.id, organizationId: b.id, actingOrganizationId: b.id, isSwitched: true },
    ]);
  });

  it('of one that was to be made: where', async () => {
    const { a, project } = shared.w;
    const { entries } = await denied('reader', 'createForm', { name: 'x', scope: project.id });
    expect(entries).toMatchObject([
      {
        action: 'form:create',
        resourceId: null,
        organizationId: a.id,
        scopeId: project.id,
        reason: 'create is not permitted on such a row there',
      },
    ]);
  });

  it('of a batch: of the row at fault', async () => {
    const { open, hidden } = shared.w;
    const ids = [hidden, open].map(({ id }) => ({ id }));
    const first = await denied('reader', 'deleteForms', { forms: ids });
    expect(first).toMatchObject({ code: 'NOT_FOUND', entries: [{ resourceId: hidden.id }] });
    const second = await denied('reader', 'deleteForms', { forms: ids.toReversed() });
    expect(second).toMatchObject({ code: 'FORBIDDEN', entries: [{ resourceId: open.id }] });
  });

  it('of a scope that one cannot act in, there or not', async () => {
    const { a, b, open } = shared.w;
    const made = (scope: string) => denied('reader', 'createForm', { name: 'x', scope });
    const foreign = await made(b.id);
    expect(foreign).toEqual(await made(absentId()));
    expect(foreign).toMatchObject({
      code: 'SCOPE_FORBIDDEN',
      entries: [{ organizationId: a.id, scopeId: a.scopeId, reason: expect.any(String) }],
    });
    const moved = await denied('reader', 'moveForm', { id: open.id, scope: b.id });
    expect(moved).toMatchObject({ code: 'SCOPE_FORBIDDEN', entries: [{ resourceId: open.id }] });
  });

  it('of what only platform admins set', async () => {
    const input = { email: 'e@example.com', name: 'E', isPlatformAdmin: true };
    const { entries } = await denied('chief', 'createUser', input);
    expect(entries).toMatchObject([{ reason: expect.stringContaining('isPlatformAdmin') }]);
  });

  it('of a config that is farther away, whether it can be seen or not', async () => {
    const { a, project } = shared.w;
    const headers = { 'x-heimdall-scope': project.id };
    const input = { key: 'farther', type: 'STRING', value: 'x' };
    const refused = await denied('local', 'setConfig', input, headers);
    expect(refused).toMatchObject({
      code: 'CASCADE_WRITE_FORBIDDEN',
      entries: [{ resourceId: null, organizationId: a.id, scopeId: project.id }],
    });
    // Who may set none there is recorded alike, whatever there is.
    const here = await denied('reader', 'setConfig', input, headers);
    const none = await denied('reader', 'setConfig', { ...input, key: 'none' }, headers);
    expect(here).toEqual(none);
    expect(here).toMatchObject({ code: 'FORBIDDEN', entries: [{ resourceId: null }] });
  });

  it('and nothing is that was not denied: a mistake, a conflict', async () => {
    expect(await denied('reader', 'updateForm', { id: shared.w.open.id })).toMatchObject({
      code: 'BAD_USER_INPUT',
      entries: [],
    });
    const config = { key: 'twice', type: 'STRING', value: 'x', scope: shared.w.project.id };
    const { local } = shared.w;
    const source =
      'mutation ($input: CreateConfigInput!) { createConfig(input: $input) { config { id } } }';
    expect((await shared.ask(local.email, source, { input: config })).errors).toEqual([]);
    expect(await denied('local', 'createConfig', config)).toMatchObject({
      code: 'CONFLICT',
      entries: [],
    });
  });
});

describe('D14: a denial says the same of a hidden row as of none', () => {
  it.each(['updateForm', 'deleteForm', 'shareForm', 'moveForm', 'transferForm'])(
    'by %s, to the byte and by the same statements',
    async (name) => {
      const { hidden, project, reader } = shared.w;
      const inputs: Record<string, object> = {
        updateForm: { name: 'x' },
        shareForm: { accessLevel: 'AUTHENTICATED' },
        moveForm: { scope: project.id },
        transferForm: { owner: reader.id },
      };
      const tried = [];
      for (const id of [hidden.id, absentId()]) {
        let answer: Awaited<ReturnType<typeof denied>> | undefined;
        const statements = await shared.statements(async () => {
          answer = await denied('reader', name, { id, ...inputs[name] });
        });
        expect(answer).toMatchObject({ code: 'NOT_FOUND', entries: [{ resourceId: id }] });
        const entries = answer?.entries.map(({ resourceId: _id, ...rest }) => rest);
        tried.push({ ...answer, entries, statements });
      }
      expect(tried[0]).toEqual(tried[1]);
      expect(tried[0]?.entries).toMatchObject([
        {
          organizationId: shared.w.a.id,
          scopeId: shared.w.a.scopeId,
          reason: 'there is no such row that may be read',
        },
      ]);
    },
  );
});
