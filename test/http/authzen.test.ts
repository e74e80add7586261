import { describe, expect, it } from 'vitest';
import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { AUDIENCE, gatewayWith, ISSUER, SECRET } from '../support/gateway.js';
import { type Person, SYSTEM } from '../support/world.js';

/** The people and the actions of the published "Todo" scenario, whose decisions are in authzen-interop.test.ts. */
const shared = gatewayWith(async (world) => {
  const citadel = await world.organization('Citadel');
  const todo = (...actions: string[]) => actions.map((action) => `todo:${action}`);
  const reads = todo('can_read_todos');
  const viewer = await world.role(citadel, reads, { name: 'viewer' });
  const editorOwn = await world.role(citadel, [
    ...reads,
    ...todo('can_create_todo'),
    'todo:can_update_todo:owned',
    'todo:can_delete_todo:owned',
  ]);
  const admin = await world.role(citadel, [
    ...reads,
    ...todo('can_create_todo', 'can_delete_todo'),
    'todo:can_update_todo:owned',
  ]);
  const evilGenius = await world.role(citadel, [
    ...reads,
    ...todo('can_create_todo', 'can_update_todo'),
    'todo:can_delete_todo:owned',
  ]);
  const person = async (name: string, ...roles: { id: string }[]) => {
    const user = await world.user(citadel, name);
    for (const role of roles) await world.hold(user, role, citadel);
    return user;
  };
  const people = {
    rick: await person('Rick Sanchez', admin, evilGenius),
    morty: await person('Morty Smith', editorOwn),
    summer: await person('Summer Smith', editorOwn),
    beth: await person('Beth Smith', viewer),
    jerry: await person('Jerry Smith', viewer),
  };
  const pep = await person('a policy enforcement point', SYSTEM.Owner);
  const idle = await person('nobody asks');
  const other = await world.organization('elsewhere');
  const stranger = await world.user(other, 'stranger');
  const closed = { access: 'ROLE_BASED' };
  const forms = [
    await world.row('form', citadel, 'form 1', { ...closed, owner: people.morty }),
    await world.row('form', citadel, 'form 2'),
    await world.row('form', citadel, 'form 3'),
    await world.row('form', other, 'form of others', closed),
  ] as const;
  return { citadel, people, pep, idle, stranger, forms };
});

async function tokenOf(email: string): Promise<string> {
  const subject = developmentSubject(email);
  return signDevelopmentToken({
    secret: SECRET,
    issuer: ISSUER,
    audience: AUDIENCE,
    subject,
    email,
    ttl: 600,
  });
}

interface Sent {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
  readonly body: any;
}

async function send(path: string, who: Person | null, body: unknown, more: RequestInit = {}) {
  const credential = who === null ? {} : { authorization: `Bearer ${await tokenOf(who.email)}` };
  const response = await fetch(`${shared.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'bfe9eb29', ...credential },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...more,
  });
  const sent: Sent = {
    status: response.status,
    headers: response.headers,
    body: await response.json(),
  };
  return sent;
}

const EVALUATION = '/access/v1/evaluation';
const EVALUATIONS = '/access/v1/evaluations';

const user = (who: { email: string }) => ({ type: 'user', id: who.email });
const form = (index: number) => ({ type: 'form', id: shared.w.forms[index]?.id });

describe('AuthZEN: evaluation', () => {
  it('decides about rows of the gateway as `check` does, and says why', async () => {
    const { pep, people } = shared.w;
    const ask = (who: { email: string }, index: number, name = 'use') =>
      send(EVALUATION, pep, { subject: user(who), action: { name }, resource: form(index) });
    expect((await ask(people.morty, 1)).body).toMatchObject({
      decision: true,
      context: { answer: 'YES' },
    });
    expect((await ask(people.morty, 0)).body).toMatchObject({
      decision: false,
      context: { answer: 'NO' },
    });
    const hidden = (await ask(people.morty, 3)).body;
    expect(hidden).toEqual({
      decision: false,
      context: { answer: 'UNKNOWN', reason: 'there is no such resource that you may read' },
    });
    const absent = { type: 'form', id: '01930000-0000-7000-8000-00000000dead' };
    const none = { subject: user(people.morty), action: { name: 'use' }, resource: absent };
    expect((await send(EVALUATION, pep, none)).body).toEqual(hidden);
  });

  it('D14: answers of a user who may not be read as of none', async () => {
    const { pep, stranger } = shared.w;
    const ask = async (subject: object) =>
      (await send(EVALUATION, pep, { subject, action: { name: 'use' }, resource: form(1) })).body;
    const none = await ask({ type: 'user', id: 'nobody@example.com' });
    expect(none.decision).toBe(false);
    expect(await ask({ type: 'user', id: stranger.email })).toEqual(none);
    expect(await ask({ type: 'user', id: stranger.id })).toEqual(none);
    expect(await ask({ type: 'team', id: stranger.id })).toEqual(none);
    expect(await ask({ type: 'robot', id: shared.w.people.morty.id })).toEqual(none);
    expect(await ask({ type: 'user', id: 'nul \u0000' })).toEqual(none);
  });

  it('of oneself is for everybody, of others for who may ask', async () => {
    const { people } = shared.w;
    const ask = (who: Person, of: Person) =>
      send(EVALUATION, who, { subject: user(of), action: { name: 'use' }, resource: form(1) });
    expect(await ask(people.morty, people.morty)).toMatchObject({ body: { decision: true } });
    // Morty reads no users, and so Rick is nobody to him.
    expect((await ask(people.morty, people.rick)).body).toMatchObject({
      decision: false,
      context: { answer: 'UNKNOWN' },
    });
  });

  it('refuses what is no request', async () => {
    const { pep, people } = shared.w;
    const asked = { subject: user(people.morty), action: { name: 'use' }, resource: form(1) };
    expect(await send(EVALUATION, null, asked)).toMatchObject({
      status: 401,
      body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    const status = async (body: unknown, more: RequestInit = {}, path = EVALUATION) =>
      (await send(path, pep, body, more)).status;
    expect(await status('no json')).toBe(400);
    expect(await status([])).toBe(400);
    expect(await status({ ...asked, subject: { type: 'user' } })).toBe(400);
    expect(await status({ ...asked, resource: undefined })).toBe(400);
    expect(await status({ ...asked, action: { name: 'paint' } })).toBe(400);
    expect(await status({ ...asked, context: 'x'.repeat(1_000_001) })).toBe(413);
    expect(await status(asked, {}, '/access/v1/other')).toBe(404);
    const authorization = `Bearer ${await tokenOf(pep.email)}`;
    expect(await status(asked, { headers: { authorization } })).toBe(415);
    const get = { method: 'GET', body: null, headers: { authorization } };
    expect(await status(asked, get)).toBe(405);
    const { body } = await send(EVALUATION, pep, { ...asked, subject: { type: 'user' } });
    expect(body.errors[0].extensions.issues).toMatchObject([{ path: ['subject', 'id'] }]);
  });
});

describe('AuthZEN: evaluations', () => {
  const decisions = async (body: object) =>
    (await send(EVALUATIONS, shared.w.pep, body)).body.evaluations?.map(
      ({ decision }: { decision: boolean }) => decision,
    );

  it('takes defaults, overrides them, and answers in order', async () => {
    const { rick, beth } = shared.w.people;
    const todo = (id: string) => ({ type: 'todo', id });
    expect(
      await decisions({
        subject: user(beth),
        action: { name: 'can_read_todos' },
        evaluations: [
          { resource: todo('1') },
          { resource: todo('2'), action: { name: 'can_create_todo' } },
          { resource: todo('3'), action: { name: 'can_create_todo' }, subject: user(rick) },
          { resource: form(1), action: { name: 'paint' } },
        ],
      }),
    ).toEqual([true, false, true, false]);
  });

  it('ends where it is told to', async () => {
    const { beth } = shared.w.people;
    const names = ['can_read_todos', 'can_create_todo', 'can_read_todos'];
    const asked = (evaluations_semantic: string) => ({
      subject: user(beth),
      resource: { type: 'todo', id: '1' },
      evaluations: names.map((name) => ({ action: { name } })),
      options: { evaluations_semantic },
    });
    expect(await decisions(asked('execute_all'))).toEqual([true, false, true]);
    expect(await decisions(asked('deny_on_first_deny'))).toEqual([true, false]);
    expect(await decisions(asked('permit_on_first_permit'))).toEqual([true]);
    expect(await decisions(asked('guess'))).toBeUndefined();
  });

  it('without evaluations is one evaluation, and what is missing is said', async () => {
    const { pep, people } = shared.w;
    const asked = { subject: user(people.beth), resource: { type: 'todo', id: '1' } };
    const one = { ...asked, action: { name: 'can_read_todos' } };
    expect((await send(EVALUATIONS, pep, one)).body).toMatchObject({ decision: true });
    const empty = { ...one, evaluations: [] };
    expect((await send(EVALUATIONS, pep, empty)).body).toMatchObject({ decision: true });
    expect((await send(EVALUATIONS, pep, { ...asked, evaluations: [{}] })).status).toBe(400);
  });

  it('leaves nothing behind that fails when nobody listens any more', async () => {
    const { pep, people } = shared.w;
    const asked = { action: { name: 'use' }, resource: form(1) };
    const named = { ...asked, subject: { type: 'user', id: people.rick.email } };
    const many = Array.from({ length: 201 }, (_, n) => ({
      ...asked,
      subject: { type: 'user', id: `nobody-${n}@example.com` },
    }));
    for (const evaluations of [[named, {}], many]) {
      expect((await send(EVALUATIONS, pep, { evaluations })).status).toBe(400);
    }
    // An error that nobody takes ends the process, and this test with it.
    expect((await send(EVALUATIONS, pep, { evaluations: [named] })).status).toBe(200);
  });
});

describe('AuthZEN: search', () => {
  const search = async (kind: string, body: object, who = shared.w.pep) =>
    send(`/access/v1/search/${kind}`, who, body);

  it('finds subjects, and each of them is permitted', async () => {
    const { people, idle, pep } = shared.w;
    const asked = { subject: { type: 'user' }, action: { name: 'use' }, resource: form(1) };
    const { body } = await search('subject', asked);
    const all = [...Object.values(people), idle, pep].map(({ id }) => id).sort();
    expect(body.results.map(({ id }: { id: string }) => id).sort()).toEqual(all);
    expect(body.page.next_token).toBe('');
    const update = await search('subject', { ...asked, action: { name: 'update' } });
    expect(update.body.results).toEqual([{ type: 'user', id: pep.id }]);
    expect(
      (await search('subject', { ...asked, subject: { type: 'robot' } })).body.results,
    ).toEqual([]);
    expect((await search('subject', { ...asked, resource: form(3) })).status).toBe(404);
    expect((await search('subject', asked, people.morty)).status).toBe(403);
  });

  it('finds resources, a page at a time', async () => {
    const { people } = shared.w;
    const asked = {
      subject: user(people.morty),
      action: { name: 'use' },
      resource: { type: 'form' },
      page: { limit: 1 },
    };
    const first = (await search('resource', asked)).body;
    expect(first.results).toEqual([form(1)]);
    expect(first.page.next_token).not.toBe('');
    const page = { limit: 1, token: first.page.next_token };
    const second = (await search('resource', { ...asked, page })).body;
    expect(second).toEqual({ page: { next_token: '' }, results: [form(2)] });
    const many = (await search('resource', { ...asked, page: { limit: 100_000 } })).body;
    expect(many.results).toEqual([form(1), form(2)]);
    const changed = { ...asked, action: { name: 'read' }, page };
    expect((await search('resource', changed)).status).toBe(400);
    expect((await search('resource', { ...asked, resource: { type: 'todo' } })).status).toBe(400);
  });

  it('finds actions, of our own types and of those of others', async () => {
    const { people, pep } = shared.w;
    const names = async (who: Person, resource: object) =>
      (await search('action', { subject: user(who), resource })).body.results
        .map(({ name }: { name: string }) => name)
        .sort();
    expect(await names(people.morty, form(1))).toEqual(['read', 'use']);
    expect(await names(people.morty, form(0))).toEqual([]);
    expect(await names(pep, form(0))).toEqual([
      'create',
      'delete',
      'read',
      'share',
      'transfer',
      'update',
    ]);
    const todo = { type: 'todo', id: '1', properties: { ownerID: people.morty.email } };
    expect(await names(people.morty, todo)).toEqual([
      'can_create_todo',
      'can_delete_todo',
      'can_read_todos',
      'can_update_todo',
    ]);
    expect(await names(people.beth, todo)).toEqual(['can_read_todos']);
  });
});

it('AuthZEN: says where it can be asked, to everybody', async () => {
  const response = await fetch(`${shared.url}/.well-known/authzen-configuration`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('application/json');
  const url = shared.url;
  expect(await response.json()).toEqual({
    policy_decision_point: url,
    access_evaluation_endpoint: `${url}/access/v1/evaluation`,
    access_evaluations_endpoint: `${url}/access/v1/evaluations`,
    search_subject_endpoint: `${url}/access/v1/search/subject`,
    search_resource_endpoint: `${url}/access/v1/search/resource`,
    search_action_endpoint: `${url}/access/v1/search/action`,
  });
});
