import { expect, it } from 'vitest';
import { sweepChanges } from '../../src/data/changes.js';
import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { CHANGED, subscribe } from '../support/events.js';
import { AUDIENCE, gatewayWith, ISSUER, SECRET, tokenOf } from '../support/gateway.js';

const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    const b = await world.organization('B');
    const role = await world.role(a, []);
    const mia = await world.user(a, 'mia');
    await world.hold(mia, role, a);
    const other = await world.user(b, 'other');
    const workspace = await world.scope(a, 'w', 'Workspace');
    const workflow = await world.row('workflow', a, 'launched');
    return { a, b, role, mia, other, workspace, workflow };
  },
  { subscriptionsMs: 200, subscriptionsPerPrincipal: 5 },
);

const onServer = process.env.HEIMDALL_TEST_ON === 'server';

/** Sweeps all changes that can go. */
const sweep = () => {
  const query = (text: string, params: readonly unknown[] = []) =>
    shared.world.client.$queryRawUnsafe(text, ...params) as never;
  return sweepChanges({ query }, { seconds: 0, rows: 0 });
};

const bearer = async ({ email }: { email: string }) => ({
  authorization: `Bearer ${await tokenOf(email)}`,
});
const listen = async (
  who: { email: string },
  variables: Record<string, unknown> = {},
  query = CHANGED,
) => subscribe(shared.url, await bearer(who), { query, variables });

it('tells of what comes into sight, changes and goes out of it, and of nothing else', async () => {
  const { world, w } = shared;
  const stream = await listen(w.mia, { types: ['form'] });
  expect(await stream.event()).toMatchObject({ kind: 'STARTED', type: null, id: null });
  await world.row('form', w.b, 'of others');
  await world.row('workflow', w.a, 'another type');
  const hidden = await world.row('form', w.a, 'hidden', { access: 'ROLE_BASED', by: w.other });
  const open = await world.row('form', w.a, 'open');
  expect(await stream.event()).toMatchObject({ kind: 'CREATED', type: 'form', id: open.id });
  const { client } = world;
  await client.form.update({ where: { id: open.id }, data: { description: 'x' } });
  expect(await stream.event()).toMatchObject({ kind: 'UPDATED', id: open.id });
  await client.form.update({ where: { id: hidden.id }, data: { accessLevel: 'AUTHENTICATED' } });
  expect(await stream.event()).toMatchObject({ kind: 'CREATED', id: hidden.id });
  await client.form.update({ where: { id: hidden.id }, data: { accessLevel: 'ROLE_BASED' } });
  expect(await stream.event()).toMatchObject({ kind: 'DELETED', id: hidden.id });
  await client.formRole.create({ data: { formId: hidden.id, roleId: w.role.id } });
  expect(await stream.event()).toMatchObject({ kind: 'CREATED', id: hidden.id });
  await client.form.delete({ where: { id: open.id } });
  expect(await stream.event()).toMatchObject({ kind: 'DELETED', id: open.id });
});

it('shows the row as it is, as far as it can be read', async () => {
  const { world, w } = shared;
  const query = `subscription { changed(types: ["form"]) {
    kind node { __typename id ... on Form { name description owner { id } workflow { name } } } } }`;
  const stream = await listen(w.mia, {}, query);
  await stream.event();
  const more = { description: 'what it is for', workflowId: w.workflow.id };
  const { id } = await world.row('form', w.a, 'shown', { owner: w.mia, more });
  expect((await stream.event()).node).toEqual({
    ...{ __typename: 'Form', id, name: 'shown', description: 'what it is for', owner: null },
    workflow: { name: 'launched' },
  });
});

it('covers the place that is named', async () => {
  const { world, w } = shared;
  const stream = await listen(w.mia, { scope: w.workspace.id });
  expect((await stream.event()).kind).toBe('STARTED');
  const below = await world.scope(w.workspace, 'below', 'Project');
  await world.row('form', below, 'farther down');
  const { id } = await world.row('form', w.workspace, 'there');
  expect(await stream.event()).toMatchObject({ kind: 'CREATED', id });
  // Another chain: who is there sees other rows.
  const elsewhere = await world.scope(w.a, 'elsewhere', 'Workspace');
  const inner = await world.scope(w.workspace, 'inner', 'Project');
  const moved = await listen(w.mia, { scope: inner.id });
  await moved.event();
  await world.client.scope.update({ where: { id: inner.id }, data: { parentId: elsewhere.id } });
  expect((await moved.event()).kind).toBe('ACCESS_CHANGED');
});

it('says once that somebody holds something else, and goes on by that', async () => {
  const { world, w } = shared;
  const who = await world.user(w.a, 'holder');
  const stream = await listen(who, { types: ['form'] });
  await stream.event();
  const role = await world.role(w.a, ['form:read']);
  await world.hold(who, role, w.a);
  expect((await stream.event()).kind).toBe('ACCESS_CHANGED');
  const closed = await world.row('form', w.a, 'closed', { access: 'ROLE_BASED', by: w.mia });
  expect(await stream.event()).toMatchObject({ kind: 'CREATED', id: closed.id });
  await world.client.membership.deleteMany({ where: { userId: who.id } });
  expect((await stream.event()).kind).toBe('ACCESS_CHANGED');
  await world.client.form.update({ where: { id: closed.id }, data: { description: 'x' } });
  const { id } = await world.row('form', w.a, 'seen by all');
  expect(await stream.event()).toMatchObject({ kind: 'CREATED', id });
});

it('goes on after a cursor, and neither loses nor doubles anything', async () => {
  const { world, w } = shared;
  const first = await listen(w.mia, { types: ['config', 'form'] });
  const started = await first.event();
  const made = [];
  for (let i = 0; i < 5; i += 1) made.push((await world.row('form', w.a, `r${i}`)).id);
  const seen = [await first.event(), await first.event()];
  first.close();
  for (let i = 5; i < 8; i += 1) made.push((await world.row('form', w.a, `r${i}`)).id);
  const second = await listen(w.mia, { types: ['form', 'config'], after: seen[1]?.cursor });
  for (let i = 2; i < 8; i += 1) seen.push(await second.event());
  expect(seen.map(({ id }) => id)).toEqual(made);
  const headers = { ...(await bearer(w.mia)), 'last-event-id': started.cursor };
  const again = await subscribe(shared.url, headers, { variables: { types: ['form', 'config'] } });
  for (const id of made) expect((await again.event()).id).toBe(id);
  const { id } = await world.row('form', w.a, 'the last');
  expect((await again.event()).id).toBe(id);
  expect((await second.event()).id).toBe(id);
});

it('has somebody read again who comes back as another', async () => {
  const { w } = shared;
  const stream = await listen(w.mia);
  const { cursor } = await stream.event();
  const other = await listen(w.other, { after: cursor });
  expect((await other.event()).kind).toBe('ACCESS_CHANGED');
});

it('refuses a cursor after which changes were swept, and one that is none', async () => {
  const { world, w } = shared;
  const stream = await listen(w.mia);
  const { cursor } = await stream.event();
  await world.row('form', w.a, 'swept');
  await stream.event();
  stream.close();
  // Those after a transaction that still writes stay, and on a server all databases' are meant.
  await expect
    .poll(
      async () => {
        await sweep();
        return world.client.$queryRaw`SELECT count(*)::int FROM change`;
      },
      { timeout: 20_000 },
    )
    .toEqual([{ count: 0 }]);
  const late = await listen(w.mia, { after: cursor });
  expect(await late.next()).toEqual({ is: 'error', code: 'CURSOR_EXPIRED' });
  const wrong = await listen(w.mia, { after: 'x' });
  expect(await wrong.next()).toEqual({ is: 'error', code: 'BAD_USER_INPUT' });
});

it.runIf(onServer)('keeps what was changed while a transaction writes for long', async () => {
  const { world, w } = shared;
  await world.client.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_current_xact_id()`;
      await world.row('form', w.a, 'meanwhile');
      await sweep();
      const stream = await listen(w.mia, { types: ['form'] });
      await stream.event();
      const { id } = await world.row('form', w.a, 'heard');
      expect(await stream.event()).toMatchObject({ kind: 'CREATED', id });
    },
    { timeout: 20_000 },
  );
});

it('ends when the token does', async () => {
  const { world, w } = shared;
  const { email } = await world.user(w.a, 'short');
  const token = await signDevelopmentToken({
    ...{ secret: SECRET, issuer: ISSUER, audience: AUDIENCE, email, ttl: 4 },
    subject: developmentSubject(email),
  });
  const stream = await subscribe(shared.url, { authorization: `Bearer ${token}` });
  await stream.event();
  expect(await stream.next()).toEqual({ is: 'error', code: 'UNAUTHENTICATED' });
  expect(await stream.next()).toEqual({ is: 'complete' });
});

it.each([
  ['is not active any more', { isActive: false }],
  ['has moved to nowhere', undefined],
])('ends when the user %s', async (_, data) => {
  const { world, w } = shared;
  const who = await world.user(w.a, 'leaving');
  const stream = await listen(who);
  await stream.event();
  if (data === undefined) await world.client.user.delete({ where: { id: who.id } });
  else await world.client.user.update({ where: { id: who.id }, data });
  expect(await stream.next()).toEqual({ is: 'error', code: 'UNAUTHENTICATED' });
});

it('ends when the key is revoked, or its former value ends', async () => {
  const { world, w } = shared;
  const key = await world.key(w.a, 'API_KEY', { owner: w.mia, operations: ['form:use'] });
  const stream = await subscribe(shared.url, { 'x-api-key': key.value });
  await stream.event();
  const { id } = await world.row('form', w.a, 'for the key');
  expect((await stream.event()).id).toBe(id);
  await world.client.apiKey.update({ where: { id: key.id }, data: { hash: 'x'.repeat(64) } });
  expect(await stream.next()).toEqual({ is: 'error', code: 'UNAUTHENTICATED' });
  const other = await world.key(w.a, 'API_KEY', { owner: w.mia, operations: ['form:use'] });
  const second = await subscribe(shared.url, { 'x-api-key': other.value });
  await second.event();
  await world.client.apiKey.update({ where: { id: other.id }, data: { revokedAt: new Date() } });
  expect(await second.next()).toEqual({ is: 'error', code: 'UNAUTHENTICATED' });
});

it('says that access is another when what is held ends', async () => {
  const { world, w } = shared;
  const who = await world.user(w.a, 'guest');
  const role = await world.role(w.a, ['form:read']);
  await world.hold(who, role, w.a);
  const [now] = await world.client.$queryRaw<
    { at: Date }[]
  >`SELECT now() + interval '1 second' AS at`;
  await world.client.membership.updateMany({
    where: { userId: who.id },
    data: { expiresAt: now?.at ?? null },
  });
  const stream = await listen(who);
  await stream.event();
  expect((await stream.event()).kind).toBe('ACCESS_CHANGED');
});

it('is for nobody without a credential, and for so many of one', async () => {
  const nobody = await subscribe(shared.url, {});
  expect(await nobody.next()).toEqual({ is: 'error', code: 'UNAUTHENTICATED' });
  const { world, w } = shared;
  const who = await world.user(w.a, 'many');
  const streams = [];
  for (let i = 0; i < 5; i += 1) streams.push(await listen(who));
  for (const one of streams) await one.event();
  expect(await (await listen(who)).next()).toEqual({ is: 'error', code: 'LIMIT_EXCEEDED' });
});

it('is for nobody who sees as somebody else', async () => {
  const { world, w } = shared;
  const admin = await world.user(w.a, 'admin', { isPlatformAdmin: true });
  const headers = { ...(await bearer(admin)), 'x-heimdall-view-as': w.mia.id };
  const stream = await subscribe(shared.url, headers);
  expect(await stream.next()).toEqual({ is: 'error', code: 'FORBIDDEN' });
});

it('refuses types that nothing is kept of', async () => {
  const stream = await listen(shared.w.mia, { types: ['user'] });
  expect(await stream.next()).toEqual({ is: 'error', code: 'BAD_USER_INPUT' });
});
