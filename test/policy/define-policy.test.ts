import { expect, test } from 'vitest';
import {
  atScope,
  definePolicy,
  managingPredicate,
  policySet,
} from '../../src/policy/define-policy.js';
import { allOf, always, anyOf, managed, used, via } from '../../src/policy/predicate.js';
import { resolve } from '../../src/policy/resolve.js';
import { principal, situation } from './principals.js';

const fields = { open: ['name'] };

test('a field is of one class alone', () => {
  const of = (more: object) => () =>
    definePolicy('Form', {
      home: atScope,
      actions: { read: managed('form:read') },
      fields: { open: ['name'], ...more },
    });
  expect(of({ open: ['name', 'name'] })).toThrow('name twice');
  expect(of({ managed: ['name'] })).toThrow('name twice');
  expect(of({ sealed: ['name'] })).toThrow('name twice');
  expect(of({ managed: ['owner'], sealed: ['owner'] })).toThrow('owner twice');
});

test('what is decided by place needs a home, however deep it is decided', () => {
  for (const read of [used, managed('form:read'), anyOf(always, allOf(via('form'), used))]) {
    expect(() => definePolicy('Form', { actions: { read }, fields })).toThrow('says no home');
  }
  const actions = { read: via('form'), use: used };
  expect(() => definePolicy('Form', { actions, fields })).toThrow('decides use by place');
  expect(() => definePolicy('Form', { actions: { read: via('form') }, fields })).not.toThrow();
});

test('D15: managed fields need a read that can be managed', () => {
  const declare = (read: ReturnType<typeof via>) => () =>
    definePolicy('Form', {
      home: atScope,
      actions: { read },
      fields: { ...fields, managed: ['x'] },
    });
  expect(declare(used)).toThrow('not managed');
  expect(declare(always)).toThrow('not managed');
  expect(declare(allOf(managed('form:read'), used))).toThrow('not managed');
  expect(declare(anyOf(used, managed('form:read')))).not.toThrow();
  expect(managingPredicate(anyOf(used, managed('form:read')))).toEqual(managed('form:read'));
});

test('a policy cannot be changed after', () => {
  expect(Object.isFrozen(definePolicy('Form', { actions: { read: always }, fields }))).toBe(true);
});

test('permissions are of the vocabulary: no wildcard, no invention (D10)', () => {
  for (const name of ['form:*', '*:read', 'form:reveal', 'forms:read', 'form', 'form:read:*']) {
    expect(() => managed(name as 'form:read'), name).toThrow('permission');
  }
  expect(() => managed('constructor:read' as 'form:read')).toThrow('permission');
});

test('two policies of one model are refused', () => {
  const policy = definePolicy('Form', { actions: { read: always }, fields });
  expect(() => policySet([policy, policy])).toThrow('two policies for Form');
});

test('an action, or a relation, that a policy does not have is an error, not an answer', () => {
  const form = definePolicy('Form', { actions: { read: via('nowhere') }, fields });
  const all = policySet([form]);
  const at = situation(principal());
  expect(() => resolve(all, form, 'update', at)).toThrow('no action update');
  expect(() => resolve(all, form, 'read', at)).toThrow('leads to no policy');
});
