import { expect, test } from 'vitest';
import { dataModel } from '../../src/data/generated-data-model.js';
import { atScope, definePolicy, type PolicyDeclaration } from '../../src/policy/define-policy.js';
import { always, managed } from '../../src/policy/predicate.js';
import { completePolicies } from '../../src/query/complete-policies.js';
import type { DataModel, FieldShape } from '../../src/query/data-model.js';
import { declaredPolicies } from '../../src/resources/registry.js';

const policies = declaredPolicies(dataModel);

const column = (required = true): FieldShape => ({
  kind: 'scalar',
  type: 'String',
  list: false,
  required,
  column: 'c',
  uuid: false,
  defaulted: false,
});
const toOne = (type: string, required: boolean, from: string[]): FieldShape => ({
  kind: 'relation',
  type,
  list: false,
  required,
  from,
  to: ['id'],
  inverse: 'notes',
});

const schema: DataModel = {
  Note: {
    table: 'note',
    uniques: { id: ['id'] },
    fields: {
      id: column(),
      text: column(),
      authorId: column(),
      author: toOne('Author', false, ['authorId']),
      editorId: column(),
      editor: toOne('Author', true, ['editorId']),
    },
  },
  Author: { table: 'author', uniques: { id: ['id'] }, fields: { id: column() } },
};

const author = definePolicy('Author', { actions: { read: always }, fields: { open: ['id'] } });
const note = (more: Partial<PolicyDeclaration>) =>
  definePolicy('Note', { actions: { read: always }, fields: { open: ['text'] }, ...more });
const complete = (...declared: Parameters<typeof completePolicies>[1]) =>
  completePolicies(schema, declared);

test('a policy learns from the schema where relations lead', () => {
  const policy = complete(author, note({ fields: { open: ['author'] } })).get('Note');
  expect(policy?.relations).toEqual({ author: 'Author', editor: 'Author' });
});

test('D8: whether there are global rows, the column of the organization says', () => {
  for (const required of [true, false]) {
    const columns = {
      ...{ id: column(), scopeId: column(), governedBy: column() },
      organizationId: column(required),
    };
    const placed = { Row: { table: 'row', uniques: { id: ['id'] }, fields: columns } };
    const policy = definePolicy('Row', {
      home: atScope,
      actions: { read: managed('form:read') },
      fields: { open: [] },
    });
    const home = completePolicies(placed, [policy]).get('Row')?.home;
    expect(home).toEqual({ ...atScope, hasGlobalRows: !required });
  }
});

test('a model without a policy does not start', () => {
  expect(() => complete(author)).toThrow('the model Note has no policy');
  for (const { model } of policies) {
    const others = policies.filter((policy) => policy.model !== model);
    expect(() => completePolicies(dataModel, others)).toThrow(`the model ${model} has no policy`);
  }
});

test('nor does a policy without a model, or a second one', () => {
  const ghost = definePolicy('Ghost', { actions: { read: always }, fields: { open: [] } });
  expect(() => complete(author, note({}), ghost)).toThrow('the policy Ghost is for no model');
  expect(() => complete(author, note({}), author)).toThrow('two policies for Author');
});

test.each<[string, Partial<PolicyDeclaration>]>([
  ['open', { fields: { open: ['colour'] } }],
  ['sealed', { fields: { open: [], sealed: ['colour'] } }],
  ['name', { name: 'colour' }],
  ['cascadesBy', { cascadesBy: 'colour' }],
  ['inherited', { fields: { open: ['constructor'] } }],
])('an unknown field is refused: %s', (_name, more) => {
  expect(() => complete(author, note(more))).toThrow(/unknown field (colour|constructor)/);
});

test('an unknown field is refused: managed, and the columns of the home', () => {
  const read = managed('form:read');
  const placed = { home: atScope, actions: { read }, fields: { open: [], managed: ['colour'] } };
  for (const name of ['colour', 'scopeId', 'organizationId', 'governedBy']) {
    expect(() => complete(author, note(placed))).toThrow(`unknown field ${name}`);
  }
});

test('§6.2: a required to-one relation is not opened, for it cannot be narrowed', () => {
  expect(() => complete(author, note({ fields: { open: ['editor'] } }))).toThrow(
    'Note.editor must be optional',
  );
});

test('D15: a foreign key is not opened; the relation is', () => {
  for (const key of ['authorId', 'editorId']) {
    expect(() => complete(author, note({ fields: { open: [key] } }))).toThrow(
      `opens the foreign key ${key}`,
    );
  }
  expect(() => complete(author, note({ fields: { open: ['author'] } }))).not.toThrow();
});

test('all mistakes are told at once', () => {
  expect(() => complete(note({ fields: { open: ['colour', 'editor', 'authorId'] } }))).toThrow(
    /Author has no policy\n.*colour\n.*editor.*\n.*authorId/,
  );
});
