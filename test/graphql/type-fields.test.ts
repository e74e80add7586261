import { expect, test } from 'vitest';
import { TypeFields } from '../../src/graphql/type-fields.js';
import { config } from '../../src/resources/config/config.js';
import { form } from '../../src/resources/form/form.js';
import { role } from '../../src/resources/role/role.js';
import '../../src/schema.js';

type Given = Record<string, unknown>;

/** A builder of fields that hands back what it is given. */
const echo = {
  field: (given: Given): Given => given,
  arg: Object.assign(() => ({}), { int: () => ({}), string: () => ({}) }),
} as never;
const ofConfig = new TypeFields(config, echo);
const ofForm = new TypeFields(form, echo);
const made = (field: unknown): Given => field as Given;

test('D16: a sealed column cannot be made a field, nor can one that is not declared', () => {
  expect(() => ofConfig.column('ciphertext')).toThrow('Config.ciphertext is not declared');
  expect(() => ofConfig.column('scopeId')).toThrow('Config.scopeId is not declared');
});

test('D15: what is for managers is null to others, asks for them, and reads what decides', () => {
  const fields = [ofForm.column('accessLevel'), ofForm.one('owner'), ofForm.many('roles')].map(
    made,
  );
  for (const { nullable, authScopes, reads, description } of fields) {
    expect(nullable).toBe(true);
    expect((authScopes as (row: object) => object)({ id: 'x' })).toEqual({
      manages: { model: 'Form', row: { id: 'x' } },
    });
    expect(reads).toEqual(expect.arrayContaining(['createdById', 'ownerId', 'governedBy']));
    expect(description).toMatch(/For managers\.$/);
  }
  const open = [ofForm.column('name'), ofForm.one('workflow'), ofForm.column('fields')].map(made);
  for (const field of open) expect(field).not.toHaveProperty('authScopes');
});

test('D15: who holds a role is for those who manage it, whoever else may read it', () => {
  const { authScopes, reads } = made(new TypeFields(role, echo).many('assignments'));
  expect((authScopes as (row: object) => object)({ id: 'x' })).toEqual({
    manages: { model: 'Role', row: { id: 'x' } },
  });
  expect(reads).toEqual(expect.arrayContaining(['id', 'name', 'governedBy']));
});

test('a word that the vocabulary does not have is shown as none', () => {
  const { resolve } = made(ofForm.column('accessLevel'));
  const shown = (accessLevel: unknown) => (resolve as (row: object) => unknown)({ accessLevel });
  expect(['PRIVATE', 'PUBLIC', 'toString', '', null].map(shown)).toEqual([
    'PRIVATE',
    ...[null, null, null, null],
  ]);
});

test('a field reads its column, its foreign key, or the ids that are kept', () => {
  expect(made(ofForm.column('name')).reads).toEqual(['name']);
  expect(made(ofForm.one('workflow')).reads).toEqual(['workflowId']);
  expect(made(ofForm.many('roles')).reads).toEqual(expect.arrayContaining(['roleIds']));
  expect(made(ofForm.many('roles')).readsThere).toEqual(['name']);
});
