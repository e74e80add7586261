import { describe, expect, test } from 'vitest';
import { definePolicy, type Ownership } from '../../src/policy/define-policy.js';
import { patternResidual } from '../../src/policy/pattern.js';
import { always } from '../../src/policy/predicate.js';
import { holds, principal } from './principals.js';

const policy = (ownership: Ownership = 'owned', name: { name?: string } = { name: 'name' }) =>
  definePolicy('Thing', { ownership, ...name, actions: { read: always }, fields: { open: [] } });
const UUID = '0198f6a0-0000-7000-8000-00000000000a';

const matches = (pattern: string, name: string | null, row: object = {}) =>
  holds(patternResidual(policy(), pattern, principal()), {
    id: '0198f6a0-0000-7000-8000-00000000000b',
    ownerId: null,
    name,
    ...row,
  });

describe('D10', () => {
  test.each<[pattern: string, name: string | null, wanted: boolean]>([
    ['*', 'x', true],
    ['*', null, true],
    ['x', 'x', true],
    ['x', 'X', false],
    ['x', 'xy', false],
    ['x', null, false],
    ['prefix/*', 'prefix/x', true],
    ['prefix/*', 'prefix/x/y', true],
    ['prefix/*', 'prefix', false],
    ['prefix/*', 'prefixed/x', false],
    ['prefix/*', 'Prefix/x', false],
    ['prefix/*', null, false],
    ['a_b/*', 'axb/x', false],
    ['a%/*', 'axx/x', false],
    ['a\\/*', 'a\\/x', true],
    // Refused when written; where one is stored nonetheless, it matches nothing.
    ['prefix*', 'prefixed', false],
    ['*/x', 'a/x', false],
    ['a/*/b', 'a/x/b', false],
    ['a/**', 'a/*x', false],
    ['a*/*', 'a*/x', false],
    ['*/*', '*/x', false],
    ['**', 'x', false],
    ['', 'x', false],
    ['OWNED', 'x', false],
  ])('%s on a row named %s: %s', (pattern, name, wanted) => {
    expect(matches(pattern, name)).toBe(wanted);
  });

  test('an id is exact, in whatever case it was written', () => {
    expect(matches(UUID, 'x', { id: UUID })).toBe(true);
    expect(matches(UUID.toUpperCase(), 'x', { id: UUID })).toBe(true);
    expect(matches(UUID, 'x')).toBe(false);
    expect(matches(UUID, UUID)).toBe(true);
  });

  test('owned: the owner is the principal; null never matches', () => {
    expect(matches('owned', 'x', { ownerId: 'me' })).toBe(true);
    expect(matches('owned', 'owned', { ownerId: 'you' })).toBe(false);
    expect(matches('owned', 'x', { ownerId: null, createdById: 'me' })).toBe(false);
    const nobody = patternResidual(policy(), 'owned', principal({ userId: null }));
    expect(holds(nobody, { ownerId: null })).toBe(false);
  });

  test('what has no owner or no name is matched by neither', () => {
    const of = (p: string) => patternResidual(policy('none', {}), p, principal());
    for (const pattern of ['owned', 'x', 'x/*']) expect(holds(of(pattern), {})).toBe(false);
  });
});
