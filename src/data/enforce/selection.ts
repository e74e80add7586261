import type { FieldShape, RelationShape } from '../data-model.js';
import { checkDistinct, checkOrderBy } from './ordering.js';
import { assertKnown, type PlainObject, plainObject } from './plain.js';
import { allOf, EnforcementError, type Rules } from './rules.js';
import { rewriteWhere } from './where.js';

const NESTED_LIST = ['where', 'orderBy', 'take', 'skip', 'distinct', 'select', 'include'];
const NESTED_ONE = ['where', 'select', 'include'];

/**
 * `select` and `include` of a call, with every relation in them narrowed to the rows that the
 * policy of its model lets through, at any depth, counts included. Sealed columns are left out.
 */
export function rewriteSelection(rules: Rules, model: string, args: PlainObject): PlainObject {
  if (args.select !== undefined && args.include !== undefined) {
    throw new EnforcementError('select and include exclude each other');
  }
  if (args.select !== undefined) return { select: rewriteFields(rules, model, args.select, true) };
  const sealed = rules.sealed(model);
  return {
    ...(args.include === undefined
      ? {}
      : { include: rewriteFields(rules, model, args.include, false) }),
    ...(sealed.length === 0
      ? {}
      : { omit: Object.fromEntries(sealed.map((field) => [field, true])) }),
  };
}

function rewriteFields(
  rules: Rules,
  model: string,
  fields: unknown,
  scalars: boolean,
): PlainObject {
  const rewritten: PlainObject = {};
  for (const [name, wanted] of Object.entries(plainObject(fields, `the selection of ${model}`))) {
    if (wanted === undefined) throw new EnforcementError(`${model}.${name} is undefined`);
    if (wanted === false) continue;
    if (name === '_count') {
      rewritten[name] = { select: rewriteCounts(rules, model, wanted) };
      continue;
    }
    const field = rules.field(model, name);
    if (field.kind === 'relation')
      rewritten[name] = rewriteRelation(rules, model, name, field, wanted);
    else rewritten[name] = scalar(rules, model, name, scalars && wanted === true);
  }
  return rewritten;
}

function scalar(rules: Rules, model: string, name: string, allowed: boolean): true {
  if (!allowed) throw new EnforcementError(`${model}.${name} is not selected with true`);
  if (rules.classOf(model, name) === 'sealed') {
    throw new EnforcementError(`${model}.${name} never leaves the database`);
  }
  return true;
}

function rewriteRelation(
  rules: Rules,
  model: string,
  name: string,
  field: RelationShape,
  wanted: unknown,
): PlainObject {
  assertRelation(rules, model, name, field);
  const args = wanted === true ? {} : plainObject(wanted, `${model}.${name}`);
  assertKnown(args, field.list ? NESTED_LIST : NESTED_ONE, `${model}.${name}`);
  checkOrderBy(rules, field.type, args.orderBy);
  checkDistinct(rules, field.type, args.distinct);
  const { select: _select, include: _include, where, ...rest } = args;
  const narrowed = allOf(
    rules.nestedWhere(field.type),
    where === undefined ? {} : rewriteWhere(rules, field.type, where),
  );
  return { ...rest, ...rewriteSelection(rules, field.type, args), where: narrowed };
}

/** `_count: true` counts every relation that may be asked for; each counts visible rows alone. */
function rewriteCounts(rules: Rules, model: string, wanted: unknown): PlainObject {
  const counted = wanted === true ? countable(rules, model) : countedRelations(model, wanted);
  return Object.fromEntries(
    Object.entries(counted).map(([name, one]) => {
      const field = rules.field(model, name);
      if (field.kind !== 'relation' || !field.list) {
        throw new EnforcementError(`${model}.${name} cannot be counted`);
      }
      assertRelation(rules, model, name, field);
      const args = one === true ? {} : plainObject(one, `the count of ${model}.${name}`);
      assertKnown(args, ['where'], `the count of ${model}.${name}`);
      const where = args.where === undefined ? {} : rewriteWhere(rules, field.type, args.where);
      return [name, { where: allOf(rules.nestedWhere(field.type), where) }];
    }),
  );
}

function countable(rules: Rules, model: string): PlainObject {
  const isCountable = ([name, field]: [string, FieldShape]): boolean =>
    field.kind === 'relation' && field.list && rules.classOf(model, name) === 'open';
  const lists = Object.entries(rules.shape(model).fields).filter(isCountable);
  if (lists.length === 0) throw new EnforcementError(`${model} has no relation to count`);
  return Object.fromEntries(lists.map(([name]) => [name, true]));
}

function countedRelations(model: string, wanted: unknown): PlainObject {
  const args = plainObject(wanted, `the counts of ${model}`);
  assertKnown(args, ['select'], `the counts of ${model}`);
  const select = plainObject(args.select, `the counts of ${model}`);
  return Object.fromEntries(Object.entries(select).filter(([, one]) => one !== false));
}

/**
 * INVARIANT: only relations that the policy names are followed, and a required to-one relation
 * never is: Prisma takes no filter on it, so a hidden row would come through (§6.2).
 */
function assertRelation(rules: Rules, model: string, name: string, field: RelationShape): void {
  const fieldClass = rules.classOf(model, name);
  if (fieldClass !== 'open' && fieldClass !== 'managed') {
    throw new EnforcementError(`${model}.${name} cannot be followed`);
  }
  if (!field.list && field.required) {
    throw new EnforcementError(`${model}.${name} is required and so cannot be narrowed`);
  }
}
