/** What the type of docs/adding-a-resource.md must do; run in a copy that has it (tutorial.test.ts). */
import { expect, test } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import type { Identified, Spot } from '../support/world.js';

interface Note {
  readonly name: string;
  readonly [column: string]: unknown;
}

const shared = gatewayWith(async (world) => {
  const organization = await world.organization('Acme');
  const other = await world.organization('Other');
  const project = await world.scope(organization, 'project');
  const stranger = await world.user(organization, 'stranger');
  const reader = await world.manager(organization, ['note:read', 'form:read', 'agent:read']);
  const owner = await world.manager(organization, ['note:read'], { dataAccess: 'OWN_DATA' });
  const actions = ['create', 'read', 'update', 'delete'].map((action) => `note:${action}`);
  const writer = await world.manager(organization, [...actions, 'form:read', 'agent:read']);
  const form = await world.row('form', organization, 'a form');
  const agent = await world.row('agent', organization, 'an agent');
  const hidden = await world.row('agent', organization, 'hidden', { access: 'ROLE_BASED' });
  const notes = (world.client as unknown as { note: { create(args: object): Promise<Identified> } })
    .note;
  const note = (at: Spot, data: Note) =>
    notes.create({ data: { ...data, scopeId: at.scopeId, organizationId: at.organizationId } });
  const readers = { create: [{ agentId: agent.id }, { agentId: hidden.id }] };
  const far = await note(organization, {
    name: 'first',
    remark: 'secret',
    formId: form.id,
    createdById: reader.id,
    readers,
  });
  const near = await note(project, { name: 'first', createdById: reader.id });
  await note(organization, { name: 'second', ownerId: owner.id });
  const foreign = await note(other, { name: 'foreign' });
  return {
    organization,
    project,
    stranger,
    reader,
    owner,
    writer,
    form,
    agent,
    far,
    near,
    foreign,
  };
});

const list = (args = '') => `{ notes${args} { totalCount edges { node { name } } } }`;
const names = (data: { notes: { edges: { node: Note }[] } }) =>
  data.notes.edges.map(({ node }) => node.name);

test('is listed, filtered, sorted and paged', async () => {
  const { w, ask } = shared;
  const ofReader = async (args?: string) => names((await ask(w.reader.email, list(args))).data);
  expect(await ofReader()).toEqual(['first', 'first', 'second']);
  expect(await ofReader('(orderBy: [{ field: NAME, direction: DESC }], first: 1)')).toEqual([
    'second',
  ]);
  expect(await ofReader('(where: { name: { contains: "SEC" } })')).toEqual(['second']);
  expect(await ofReader('(where: { remark: { eq: "secret" } })')).toEqual(['first']);
  expect(await ofReader('(where: { form: { is: { name: { eq: "a form" } } } })')).toEqual([
    'first',
  ]);
  const some = '(where: { readers: { some: { name: { eq: "an agent" } } } })';
  expect(await ofReader(some)).toEqual(['first']);
});

test('shows what it leads to, narrowed', async () => {
  const { w, ask } = shared;
  const source = `query ($id: ID!) { note(id: $id) {
    name remark form { name } readers { totalCount edges { node { name } } } createdBy { id } organization { name } shadowed } }`;
  const { data } = await ask(w.reader.email, source, { id: w.far.id });
  expect(data.note).toEqual({
    name: 'first',
    remark: 'secret',
    form: { name: 'a form' },
    readers: {
      totalCount: 2,
      edges: [{ node: { name: 'an agent' } }, { node: { name: 'hidden' } }],
    },
    createdBy: null,
    organization: null,
    shadowed: false,
  });
});

test('is looked up by its name through the cascade, and resolved as an entity', async () => {
  const { w, ask } = shared;
  const byName = 'query ($scope: ID) { noteByName(name: "first", scope: $scope) { id } }';
  const found = async (scope: string) =>
    (await ask(w.reader.email, byName, { scope })).data.noteByName.id;
  expect(await found(w.project.id)).toBe(w.near.id);
  expect(await found(w.organization.id)).toBe(w.far.id);
  const entities = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Note { name } } }`;
  const r = [w.far, w.foreign].map(({ id }) => ({ __typename: 'Note', id }));
  expect((await ask(w.reader.email, entities, { r })).data._entities).toEqual([
    { name: 'first' },
    null,
  ]);
});

test('does not exist for who may not see it', async () => {
  const { w, ask } = shared;
  expect((await ask(w.stranger.email, list())).data.notes).toEqual({ totalCount: 0, edges: [] });
  expect(names((await ask(w.owner.email, list())).data)).toEqual(['second']);
  const source = 'query ($id: ID!) { note(id: $id) { name } node(id: $id) { id } }';
  for (const id of [w.far.id, w.foreign.id]) {
    const { data, errors } = await ask(w.stranger.email, source, { id });
    expect([data, errors]).toEqual([{ note: null, node: null }, []]);
  }
});

test('is made, changed, moved and deleted by who may', async () => {
  const { w, ask } = shared;
  const made = await ask(
    w.writer.email,
    `mutation ($form: ID!, $agent: ID!) { createNote(input: { name: "new", remark: "r", form: $form, readers: [$agent] }) {
      note { id version form { name } readers { totalCount } createdBy { id } } } }`,
    { form: w.form.id, agent: w.agent.id },
  );
  expect(made.errors).toEqual([]);
  const { id, ...rest } = made.data.createNote.note;
  expect(rest).toMatchObject({ version: 1, form: { name: 'a form' }, readers: { totalCount: 1 } });
  const write = (name: string, input: object, selection: string) =>
    ask(
      w.writer.email,
      `mutation ($input: ${name}Input!) { answer: ${name.charAt(0).toLowerCase()}${name.slice(1)}(input: $input) { ${selection} } }`,
      { input },
    );
  const changed = await write(
    'UpdateNote',
    { id, version: 1, readers: [] },
    'note { version readers { totalCount } }',
  );
  expect(changed.data.answer.note).toEqual({ version: 2, readers: { totalCount: 0 } });
  const refused = await ask(
    w.reader.email,
    'mutation ($id: ID!) { deleteNote(input: { id: $id }) { deletedId } }',
    { id },
  );
  expect(refused.errors[0]?.extensions.code).toBe('FORBIDDEN');
  const moved = await write('MoveNote', { id, scope: w.project.id }, 'note { scope { id } }');
  expect(moved.data.answer.note).not.toBeNull();
  const gone = await write('DeleteNote', { id }, 'deletedId');
  expect(gone.data.answer.deletedId).toBe(id);
});
