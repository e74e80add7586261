import { describe, expect, it } from 'vitest';
import { OPERATORS, type Speakable } from '../../src/policy/condition.js';
import { parseCondition } from '../../src/policy/parse-condition.js';

const FORM: Speakable = {
  columns: { name: 'text', isActive: 'boolean', version: 'number', createdAt: 'date', id: 'id' },
  nullable: [],
  scope: 'scope',
};
const ID = '01930000-0000-7ccc-8ccc-cccccccccccc';
const v = (name: string) => ({ var: name });
const issuesOf = (json: unknown, speakable = FORM) =>
  (parseCondition(json, speakable).issues ?? []).map(({ path, message }) => [
    path.join('.'),
    message,
  ]);

describe('D11: what is a condition', () => {
  it.each([
    true,
    { '==': [v('resource.name'), 'a'] },
    { '===': ['a', { var: ['resource.name'] }] },
    { '!=': [v('scope.meta.region.code'), 3] },
    { '<': [v('resource.version'), 3] },
    { '>=': ['2026-01-01T00:00:00+01:00', v('resource.createdAt')] },
    { '<': ['2026-01-01T00:00:00Z', v('context.now')] },
    { in: [v('resource.id'), [ID, ID.toUpperCase()]] },
    { in: [v('scope.meta.team'), v('principal.teamIds')] },
    { '==': [v('scope.meta.owner'), v('principal.id')] },
    { and: [{ or: [true, false] }, { '!': [{ '!': { '==': [v('scope.type'), 'Project'] } }] }] },
  ])('%j', (json) => {
    expect(issuesOf(json)).toEqual([]);
  });
});

describe('D11: what is none is refused, where it is and with why', () => {
  it.each<[unknown, string, RegExp]>([
    [null, '', /neither an operation/],
    ['x', '', /neither an operation/],
    [[], '', /neither an operation/],
    [{}, '', /one operator/],
    [{ '==': [1, 1], '!=': [1, 2] }, '', /one operator/],
    [{ and: [true, { log: 'x' }] }, 'and.1.log', /not supported; these are: ==, ===, !=/],
    [{ __proto__x: [] }, '__proto__x', /not supported/],
    [{ constructor: [1, 1] }, 'constructor', /not supported/],
    [{ and: [] }, 'and', /at least one/],
    [{ or: true }, 'or', /a list of conditions/],
    [{ '!': [] }, '!', /one condition/],
    [{ '!': [true, false] }, '!', /one condition/],
    [v('resource.isActive'), '', /alone is no condition/],
    [{ '==': [v('resource.name')] }, '==', /two values/],
    [{ '<': [1, v('resource.version'), 3] }, '<', /two values/],
    [{ '==': [v('resource.name'), 1] }, '==', /a text is not compared with a number/],
    [{ '==': [v('resource.name'), null] }, '==.1', /null is compared with nothing/],
    [{ '==': [v('resource.id'), 'x'] }, '==', /no id/],
    [{ '==': [v('resource.createdAt'), '2026-02-30'] }, '==', /no date/],
    [{ '==': [v('resource.version'), 1.5] }, '==', /no whole number/],
    [{ '==': [v('resource.version'), 2 ** 31] }, '==', /no whole number/],
    [{ '<': [v('resource.name'), 'b'] }, '<', /have an order/],
    [{ '<': [v('scope.meta.level'), 3] }, '<', /have an order/],
    [{ '==': [v('scope.meta.at'), v('context.now')] }, '==', /holds no dates/],
    [{ '==': [v('resource.name'), v('scope.name')] }, '==', /with each other/],
    [{ '==': [v('resource.secret'), 'x'] }, '==.0.var', /no such value; these are: principal.id/],
    [{ '==': [v('scope.meta'), 'x'] }, '==.0.var', /no such value/],
    [{ '==': [v('scope.meta.0'), 'x'] }, '==.0.var', /no such value/],
    [{ '==': [v('scope.meta.a..b'), 'x'] }, '==.0.var', /no such value/],
    [{ '==': [v('constructor.name'), 'x'] }, '==.0.var', /no such value/],
    [{ '==': [v('resource.constructor'), 'x'] }, '==.0.var', /no such value/],
    [{ '==': [v('principal.isPlatformAdmin'), true] }, '==.0.var', /no such value/],
    [{ '==': [{ var: ['resource.name', 'x'] }, 'x'] }, '==.0.var', /no such value/],
    [{ '==': [{ '==': [1, 1] }, true] }, '==.0.==', /a value stands here/],
    [{ '==': [v('resource.name'), 'a\u0000'] }, '==.1', /no Unicode text/],
    [{ '==': [v('resource.name'), '\ud800'] }, '==.1', /no Unicode text/],
    [{ in: [v('resource.name'), 'abc'] }, 'in.1', /neither a list/],
    [{ in: ['a', v('resource.name')] }, 'in.1', /neither a list/],
    [{ in: [v('resource.name'), ['a', null]] }, 'in.1.1', /no text/],
    [{ in: [v('resource.name'), ['a', 1]] }, 'in.1.1', /not compared/],
    [{ in: [v('resource.version'), v('principal.teamIds')] }, 'in', /are ids/],
  ])('%j', (json, path, message) => {
    const issues = issuesOf(json);
    expect(issues).toHaveLength(1);
    expect(issues[0]?.[0]).toBe(path);
    expect(issues[0]?.[1]).toMatch(message);
  });

  it('all of it at once, and no more than is bounded', () => {
    expect(issuesOf({ or: [{ x: 1 }, { '==': [v('a'), 1] }] })).toHaveLength(2);
    const deep = Array.from({ length: 20 }).reduce<unknown>((one) => ({ '!': one }), true);
    expect(issuesOf(deep)[0]?.[1]).toMatch(/nested/);
    expect(issuesOf({ and: Array.from({ length: 500 }, () => true) })).toHaveLength(1);
    expect(issuesOf({ '==': [v('resource.name'), 'x'.repeat(1001)] })).toHaveLength(1);
  });

  it('of rows without a scope of their own what speaks of one', () => {
    const user = { ...FORM, scope: null };
    for (const name of ['scope.name', 'scope.type', 'scope.meta.a']) {
      expect(issuesOf({ '==': [v(name), 'x'] }, user)).toHaveLength(1);
    }
  });

  it('and names every operator that there is', () => {
    expect(OPERATORS).toHaveLength(13);
  });
});
