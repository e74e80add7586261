import { describe, expect, test } from 'vitest';
import { Decisions } from '../../src/policy/decisions.js';
import { atScope, definePolicy, policySet } from '../../src/policy/define-policy.js';
import { allOf, managed, never, via } from '../../src/policy/predicate.js';
import { ANONYMOUS, type Principal } from '../../src/policy/principal.js';
import type { Residual } from '../../src/policy/residual.js';
import { ownPlace, type Place, REACHABLE } from '../../src/policy/situation.js';
import type { DataModel, FieldShape } from '../../src/query/data-model.js';
import {
  ALL,
  compare,
  every,
  type Filter,
  is,
  isMissing,
  not,
  on,
  oneOf,
  some,
  type Test,
} from '../../src/query/filter.js';
import { guard } from '../../src/query/guard.js';
import { guardFilter } from '../../src/query/guard-filter.js';
import type { GuardedFilter } from '../../src/query/guarded.js';
import type { OrderKey, Selection } from '../../src/query/query.js';

const column = (required: boolean): FieldShape => ({
  ...{ kind: 'scalar', type: 'String', list: false, column: 'c', uuid: false, defaulted: false },
  required,
});
const relation = (type: string, list: boolean, required = false): FieldShape => ({
  ...{ kind: 'relation', type, list, required, inverse: 'notes' },
  from: list ? [] : ['key'],
  to: list ? [] : ['id'],
});

const placed = {
  scopeId: column(true),
  organizationId: column(true),
  governedBy: { ...column(true), list: true } as FieldShape,
};
const dataModel: DataModel = {
  Note: {
    table: 'note',
    uniques: { id: ['id'] },
    fields: {
      ...{ ...placed, id: column(true), text: column(false), secret: column(false) },
      ...{ hash: column(true), size: column(true) },
      meta: { ...column(false), type: 'Json' } as FieldShape,
      author: relation('User', false),
      topic: relation('Tag', false),
      editor: relation('User', false, true),
      tags: relation('Tag', true),
    },
  },
  Tag: { table: 'tag', uniques: { id: ['id'] }, fields: { ...placed, id: column(true) } },
  User: { table: 'user', uniques: { id: ['id'] }, fields: { id: column(true) } },
  // Rows between notes and tags, which somebody made.
  Label: {
    table: 'label',
    uniques: { id: ['id'] },
    fields: {
      ...{ id: column(true), note: relation('Note', false), tag: relation('Tag', false) },
      maker: relation('User', false),
    },
  },
};

const home = { ...atScope, hasGlobalRows: false };
const policies = policySet([
  definePolicy('Note', {
    home,
    actions: { read: managed('form:read') },
    fields: {
      open: ['id', 'text', 'meta', 'author', 'topic', 'editor', 'tags'],
      managed: ['secret'],
      sealed: ['hash'],
    },
  }),
  definePolicy('Tag', {
    home,
    actions: { read: managed('team:read') },
    fields: { open: ['id'] },
  }),
  definePolicy('Label', {
    actions: { read: allOf(via('note'), via('tag')) },
    relations: { note: 'Note', tag: 'Tag' },
    fields: { open: ['id', 'note', 'tag', 'maker'] },
  }),
  // Nobody reads one.
  definePolicy('User', { actions: { read: never('a test') }, fields: { open: ['id'] } }),
]);

const reader: Principal = {
  ...{ ...ANONYMOUS, kind: 'USER', userId: 'me', organizationId: 'org' },
  grants: ['form', 'team'].map((resourceType) => ({
    ...{ resourceType, action: 'read', pattern: '*', dataAccess: 'ALL_DATA' },
    scopeIds: ['org'],
  })),
};
const decisions = new Decisions(policies, reader, ownPlace(reader));
const guarding = { dataModel, decisions };
const permits = (model: string): GuardedFilter => ({
  op: 'residual',
  residual: decisions.residual(model, 'read'),
  negated: false,
});

function guarded(where: Filter, select: Selection = { columns: ['id'] }) {
  return guard(guarding, { model: 'Note', where, select }, REACHABLE);
}
/** What is left of a filter beside the policy of the notes themselves. */
function rest(where: Filter): readonly GuardedFilter[] | 'none' {
  const whole = guarded(where).where;
  if (whole.op === 'none') return 'none';
  const parts = whole.op === 'and' ? whole.of : [whole];
  expect(parts[0]).toEqual(permits('Note'));
  return parts.slice(1);
}

test('rows are those that may be read, and what nobody may read is nothing', () => {
  expect(rest(ALL)).toEqual([]);
  expect(rest(not(ALL))).toBe('none');
  const users = guard(guarding, { model: 'User', select: { columns: ['id'] } }, REACHABLE);
  expect(users.where).toEqual({ op: 'none' });
});

test('D4: related rows and Manage are decided wherever the row is, whatever the place', () => {
  const place: Place = {
    ...ownPlace(reader),
    coverage: { kind: 'chain', scopeIds: ['project'] },
  };
  const placed = new Decisions(policies, reader, place);
  const of = (where: Filter) =>
    guard(
      { dataModel, decisions: placed },
      { model: 'Note', where, select: { columns: ['id'] } },
      { kind: 'placed' },
    ).where;
  const residual = (one: Residual) => ({ op: 'residual', residual: one, negated: false });
  const root = residual(placed.residual('Note', 'read', { kind: 'placed' }));
  const tags = residual(placed.residual('Tag', 'read'));
  expect(of(ALL)).toEqual(root);
  for (const filter of [is('topic'), some('tags')]) {
    const related = { ...filter, of: tags, negated: false };
    expect(of(filter)).toEqual({ op: 'and', of: [root, related] });
  }
  const manages = residual(placed.residual('Note', 'manage'));
  const test = { is: 'equal', value: 'x' } as const;
  expect(of(compare('secret', test))).toMatchObject({ of: [root, manages, {}, { test }] });
});

describe('D14: hidden rows do not exist for a filter', () => {
  const id = oneOf('id', ['x']);
  const isX: GuardedFilter = {
    ...{ op: 'compare', field: 'id', test: { is: 'oneOf', values: ['x'] } },
    negated: false,
  };

  test('some and every are of those that may be read', () => {
    const of = { op: 'and', of: [permits('Tag'), isX] };
    const failing = { op: 'and', of: [permits('Tag'), { ...isX, negated: true }] };
    const tags = { op: 'some', relation: 'tags' };
    expect(rest(some('tags', id))).toEqual([{ ...tags, of, negated: false }]);
    expect(rest(not(some('tags', id)))).toEqual([{ ...tags, of, negated: true }]);
    expect(rest(every('tags', id))).toEqual([{ ...tags, of: failing, negated: true }]);
    expect(rest(not(every('tags', id)))).toEqual([{ ...tags, of: failing, negated: false }]);
  });

  test('what can be related to none that may be read is not, and its negation is', () => {
    expect(rest(is('author'))).toBe('none');
    expect(rest(is('author', id))).toBe('none');
    expect(rest(not(is('author', id)))).toEqual([]);
  });

  test('a list without values finds nothing, and its negation what has no value either', () => {
    expect(rest(oneOf('text', []))).toBe('none');
    expect(rest(not(oneOf('text', [])))).toEqual([]);
  });

  test('a required column is never missing', () => {
    expect(rest(isMissing('id'))).toBe('none');
    expect(rest(not(isMissing('id')))).toEqual([]);
  });

  test('D45: a comparison with a missing value is false, and its complement true', () => {
    const isText = { is: 'equal', value: 'x' } as const;
    const compared = { op: 'compare', field: 'text', test: isText };
    const missing = { op: 'isNull', field: 'text' };
    expect(rest(compare('text', isText))).toEqual([
      { ...missing, negated: true },
      { ...compared, negated: false },
    ]);
    expect(rest(not(compare('text', isText)))).toEqual([
      {
        op: 'or',
        of: [
          { ...missing, negated: false },
          { ...compared, negated: true },
        ],
      },
    ]);
  });

  test('D45: of JSON only what is there is compared, so that no more than equality has a complement', () => {
    const json = (more: object) =>
      compare('meta', { is: 'json', how: 'equals', value: 1, ...more } as Test);
    for (const more of [{ how: 'lt' }, { path: ['a'] }, { how: 'lt', path: ['a'] }]) {
      expect(rest(json(more))).toHaveLength(2);
      expect(() => rest(not(json(more)))).toThrow('Note.meta cannot be negated');
    }
    expect(rest(not(json({})))).toHaveLength(1);
  });

  test('D15, D45: the complement of a condition on a management field holds where nobody manages', () => {
    const isSecret = { is: 'oneOf', values: ['x'] } as const;
    const manages = { op: 'residual', residual: decisions.residual('Note', 'manage') };
    const compared = { op: 'compare', field: 'secret', test: isSecret };
    const missing = { op: 'isNull', field: 'secret' };
    const condition = on('secret', oneOf('secret', ['x']));
    expect(rest(condition)).toEqual([
      { ...manages, negated: false },
      { ...missing, negated: true },
      { ...compared, negated: false },
    ]);
    const refused = { ...manages, negated: true };
    const other = {
      op: 'or',
      of: [
        { ...missing, negated: false },
        { ...compared, negated: true },
      ],
    };
    expect(rest(not(condition))).toEqual([{ op: 'or', of: [refused, other] }]);
    // Who manages nothing is told nothing: no row satisfies it, and every one its complement.
    const nobody = { ...reader, grants: [] };
    const nothing = { dataModel, decisions: new Decisions(policies, nobody, ownPlace(nobody)) };
    expect(guardFilter(nothing, 'Note', condition)).toEqual({ op: 'none' });
    expect(guardFilter(nothing, 'Note', not(condition))).toEqual({ op: 'all' });
    // What is negated inside of a condition is a part of it: only who manages the row is told.
    const inside = on('secret', not(oneOf('secret', ['x'])));
    expect(rest(inside)).toEqual([{ ...manages, negated: false }, other]);
  });
});

test.each(['hash', 'size', 'scopeId'])('D15, D16: %s cannot be filtered by', (field) => {
  for (const filter of [compare(field, { is: 'equal', value: 'x' }), isMissing(field)]) {
    expect(() => guarded(filter)).toThrow(`Note.${field} cannot be filtered by`);
    expect(() => guarded(not(filter))).toThrow(`Note.${field} cannot be filtered by`);
  }
});

test('D16: a sealed column is never selected, and left out of all of them', () => {
  expect(() => guarded(ALL, { columns: ['hash'] })).toThrow('never leaves the database');
  expect(guarded(ALL, { columns: ['size', 'secret'] }).select.columns).toEqual(['size', 'secret']);
  expect(guarded(ALL, { columns: 'unsealed' }).select.sealed).toEqual(['hash']);
});

test('§6.2: a required relation is not followed, because it cannot be narrowed', () => {
  const follow = (name: string) =>
    guarded(ALL, { columns: [], relations: { [name]: { select: { columns: ['id'] } } } });
  expect(() => follow('editor')).toThrow('Note.editor is required');
  expect(follow('author').select.relations.author?.where).toEqual({ op: 'none' });
  expect(follow('tags').select.relations.tags?.where).toEqual(permits('Tag'));
});

describe('an order by what a related row says', () => {
  const sorted = (...order: readonly OrderKey[]) =>
    guard(guarding, { model: 'Label', order, select: { columns: ['id'] } }, REACHABLE);
  const by = (via: string, field: string): OrderKey => ({ via, field, direction: 'asc' });

  test('is by rows without which the row itself is not read', () => {
    const order = [by('note', 'text'), by('note', 'id')];
    expect(sorted(...order).order).toEqual(order);
    expect(sorted(by('tag', 'id')).order).toHaveLength(1);
    expect(() => sorted(by('maker', 'id'))).toThrow('Label cannot be sorted by what maker says');
  });

  test('D15: is by open columns of theirs alone', () => {
    for (const field of ['secret', 'hash', 'size', 'scopeId', 'author']) {
      expect(() => sorted(by('note', field))).toThrow(`Note.${field} cannot be sorted by`);
    }
  });

  test('is by the columns of one row', () => {
    const text = { field: 'id', direction: 'asc' } as const;
    for (const order of [
      [by('note', 'id'), by('tag', 'id')],
      [by('note', 'id'), text],
    ]) {
      expect(() => sorted(...order)).toThrow('columns of several rows');
    }
  });

  test('is none by rows that may be hidden, or that there are many of', () => {
    const asked = (order: readonly OrderKey[]) =>
      guard(guarding, { model: 'Note', order, select: { columns: ['id'] } }, REACHABLE);
    expect(() => asked([by('tags', 'id')])).toThrow('cannot be sorted by what tags says');
    expect(() => asked([by('topic', 'id')])).toThrow('cannot be sorted by what topic says');
    expect(() => asked([by('text', 'id')])).toThrow('Note.text is no relation');
  });
});
