import { expect, test } from 'vitest';
import { open, related, through } from '../../src/graphql/columns.js';
import type { Resource } from '../../src/graphql/declared.js';
import { policiesOf } from '../../src/graphql/policies-of.js';
import { definePolicy } from '../../src/policy/define-policy.js';
import { allOf, always, never, via } from '../../src/policy/predicate.js';
import type { DataModel, FieldShape } from '../../src/query/data-model.js';

const relation = (type: string, list: boolean, inverse: string): FieldShape => ({
  kind: 'relation',
  type,
  list,
  required: false,
  from: list ? [] : [`${type}Id`],
  to: list ? [] : ['id'],
  inverse,
});

/** Forms and roles with rows between them. */
const dataModel: DataModel = {
  Form: {
    table: 'form',
    uniques: { id: ['id'] },
    fields: {
      links: relation('FormRole', true, 'form'),
      shadows: relation('FormShadow', true, 'far'),
      owner: relation('User', false, 'forms'),
    },
  },
  Role: {
    table: 'role',
    uniques: { id: ['id'] },
    fields: { bound: relation('FormRole', true, 'role') },
  },
  FormRole: {
    table: 'form_role',
    uniques: {},
    fields: {
      form: relation('Form', false, 'links'),
      role: relation('Role', false, 'bound'),
    },
  },
};

function resource(
  model: string,
  relations: Record<string, ReturnType<typeof related>>,
  cascadesBy?: string,
): Resource {
  const policy = definePolicy(model, {
    actions: { read: always },
    fields: { open: [] },
    ...(cascadesBy === undefined ? {} : { cascadesBy }),
  });
  return {
    model: model as Resource['model'],
    resource: 'form',
    description: '',
    noun: '',
    nouns: '',
    one: '',
    many: '',
    policy,
    columns: new Map([['id', open('')]]),
    relations: new Map(Object.entries(relations)),
    traits: [],
  };
}

const between = (...resources: Resource[]) =>
  policiesOf(dataModel, resources).find(({ model }) => model === 'FormRole');

const form = (managed?: true) =>
  resource('Form', { links: through('role', '', managed ? { managed } : {}) });
const role = (managed?: true) =>
  resource('Role', { bound: through('form', '', managed ? { managed } : {}) });

test('rows between two resources are read with both of them', () => {
  const policy = between(form());
  expect(policy?.actions.read).toEqual(allOf(via('form', 'read'), via('role', 'read')));
  expect(policy?.fields.open).toEqual(['form', 'role']);
});

test('D15: where the relation is for managers, the row that it is of has to be managed', () => {
  expect(between(form(true))?.actions.read).toEqual(
    allOf(via('form', 'manage'), via('role', 'read')),
  );
});

test('what one side says is not loosened by the other, whichever comes first', () => {
  const wanted = (policy: ReturnType<typeof between>) =>
    policy?.actions.read.kind === 'allOf' ? [...policy.actions.read.of].sort(byRelation) : [];
  const byRelation = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? 1 : -1);
  const both = [via('role', 'read'), via('form', 'manage')].sort(byRelation);
  expect(wanted(between(form(true), role()))).toEqual(both);
  expect(wanted(between(role(), form(true)))).toEqual(both);
});

test('a relation without rows between asks for no policy', () => {
  const policies = policiesOf(dataModel, [resource('Form', { owner: related('') })]);
  expect(policies.map(({ model }) => model)).toEqual(['Form']);
});

test('what is kept of shadows is read by nobody', () => {
  const [, shadow] = policiesOf(dataModel, [resource('Form', {}, 'name')]);
  expect(shadow?.model).toBe('FormShadow');
  expect(shadow?.actions.read).toEqual(never('shadowing is a part of the cascade, not a resource'));
});
