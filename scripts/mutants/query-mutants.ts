import { inFile, type Mutant } from './mutant.js';

/** Bugs where the policies meet a query, and in what they learn from the schema. */
export const queryMutants: readonly Mutant[] = [
  ...inFile('src/query/guard.ts', {
    'lists forget the policy': [
      'query, root(guarding, query, extent))',
      'query, EVERYTHING as GuardedFilter)',
    ],
    'count forgets the policy': [
      'return { ...query, where: narrowed(guarding, query, extent) } as GuardedCount;',
      'return { ...query, where: guardFilter(guarding, query.model, query.where ?? EVERYTHING) } as GuardedCount;',
    ],
    'aggregate forgets the policy': [
      'return { ...query, where: narrowed(guarding, query, extent) } as GuardedAggregate;',
      'return { ...query, where: guardFilter(guarding, query.model, query.where ?? EVERYTHING) } as GuardedAggregate;',
    ],
    'groupBy forgets the policy': [
      'return { ...query, where: narrowed(guarding, query, extent) } as GuardedGroups;',
      'return { ...query, where: guardFilter(guarding, model, query.where ?? EVERYTHING) } as GuardedGroups;',
    ],
    'a number of rows forgets its filter': [
      'allOf(root(guarding, query, extent), guardFilter(guarding, model, where))',
      'root(guarding, query, extent)',
    ],
    'the root of a query is placed like relations': [
      "const read = permitted(decisions.residual(model, 'read', extent));",
      "const read = permitted(decisions.residual(model, 'read'));",
    ],
    'counts forget the policy': [
      'allOf(visible(guarding, target), guardFilter(guarding, target, where))',
      'guardFilter(guarding, target, where)',
    ],
    'nested rows forget the policy': [
      'related(guarding, field.type, query, visible(guarding, field.type))',
      'related(guarding, field.type, query, EVERYTHING as GuardedFilter)',
    ],
    'all columns are those that are sealed too': [
      'sealed: decisions.sealed(model),',
      'sealed: [],',
    ],
    'a sealed column can be selected': [
      "if (decisions.classOf(model, name) === 'sealed') {",
      'if (decisions.classOf(model, name) !== decisions.classOf(model, name)) {',
    ],
    'lists can be sorted by anything': ['checkOrder(guarding, model, order ?? []);', ''],
    'rows are made distinct by anything': [
      "for (const name of distinct ?? []) assertOpenColumn(guarding, model, name, 'made distinct');",
      '',
    ],
    'rows can be looked up by anything': [
      "for (const field of fields) assertOpenColumn(guarding, model, field, 'looked up by');",
      '',
    ],
    'rows are grouped by anything': [
      "for (const name of by) assertOpenColumn(guarding, model, name, 'grouped by');",
      '',
    ],
    'groups can be filtered by anything': [
      'if (having !== undefined) checkHaving(guarding, model, having);',
      '',
    ],
    'groups can be sorted by anything': [
      'for (const one of order) checkGroupOrder(guarding, model, one);',
      '',
    ],
    'anything can be counted': [
      'checkFunctions(guarding, query.model, { _count: query.columns });',
      '',
    ],
    'anything can be summed': ['checkFunctions(guarding, query.model, query.functions);', ''],
    'anything can be summed by groups': ['checkFunctions(guarding, model, functions);', ''],
  }),
  ...inFile('src/query/guard-groups.ts', {
    'a filter of groups is checked at its top alone': [
      'else for (const part of having.of) checkHaving(guarding, model, part);',
      '',
    ],
  }),
  ...inFile('src/query/guard-filter.ts', {
    'a natural key names rows of what is hidden': [
      "return allOf(isThere, { op: 'keyed', foreignKey, column, keys });",
      "return { op: 'keyed', foreignKey, column, keys };",
    ],
    'some sees hidden rows': [
      'allOf(visible(guarding, target), guardFilter(guarding, target, filter.of))',
      'guardFilter(guarding, target, filter.of)',
    ],
    'every sees hidden rows': ['allOf(visible(guarding, target), failing)', 'failing'],
    'is sees hidden rows': ['definitelyVisible(guarding, target),', ''],
    'an undecided policy stands under a negation': [
      'definitelyVisible(guarding, target),',
      'visible(guarding, target),',
    ],
    'every is some that fails': ['failing), !negated)', 'failing), negated)'],
    'every is every that fails': [
      'guardFilter(guarding, target, filter.of, true)',
      'guardFilter(guarding, target, filter.of)',
    ],
    'a null column leaves a negation undecided': [
      'return negated ? anyOf([missing, compared]) : allOf(missing, compared);',
      'return compared;',
    ],
    'the complement of a comparison forgets what is missing': [
      'return negated ? anyOf([missing, compared]) : allOf(missing, compared);',
      'return negated ? compared : allOf(missing, compared);',
    ],
    'what is not there in JSON is negated': [
      "(test.path !== undefined || test.how !== 'equals')",
      "test.path !== undefined && test.how !== 'equals'",
    ],
    'NOT forgets De Morgan': ["(filter.op === 'and') !== negated", "filter.op === 'and'"],
    'NOT is forgotten': ['filter.of, !negated, within)', 'filter.of, negated, within)'],
    'the negation of everything is everything': [
      "case 'all':\n      return negated ? NONE : ALL;",
      "case 'all':\n      return ALL;",
    ],
    'a management field can be filtered by anybody': [
      'return negated ? anyOf([complement(manager), test]) : allOf(manager, test);',
      'return test;',
    ],
    'the complement of a condition tells of what is not managed': [
      'return negated ? anyOf([complement(manager), test]) : allOf(manager, test);',
      'return negated ? test : allOf(manager, test);',
    ],
    'the complement of a condition is for managers alone': [
      'return negated ? anyOf([complement(manager), test]) : allOf(manager, test);',
      'return allOf(manager, test);',
    ],
    'what is negated inside of a condition is its complement': [
      'narrow(guarding, model, filter.of, negated, filter.field));',
      "filter.of.op === 'not' ? narrow(guarding, model, filter.of.of, !negated, undefined) : narrow(guarding, model, filter.of, negated, filter.field));",
    ],
    'what is only shown can be filtered by': [
      "if (fieldClass === 'open') return test;",
      "if (fieldClass === 'open' || fieldClass === 'shown') return test;",
    ],
    'what is sealed can be filtered by': [
      "if (fieldClass === 'open') return test;",
      "if (fieldClass === 'open' || fieldClass === 'sealed') return test;",
    ],
    'a list without values finds everything': [
      'if (isOfNothing(test)) return negated ? ALL : NONE;',
      'if (isOfNothing(test)) return ALL;',
    ],
    'a required column is missing': [
      'if (field.required) return negated ? ALL : NONE;',
      'if (field.required) return negated ? NONE : ALL;',
    ],
    'none of what is hidden is some of it': [
      "if (of.op === 'none') return negated ? ALL : NONE;",
      "if (of.op === 'none') return NONE;",
    ],
  }),
  ...inFile('src/query/guarded-filter.ts', {
    'an empty OR matches every row': [
      'if (first === undefined) return NONE;',
      'if (first === undefined) return ALL;',
    ],
    'nothing is left out of an AND': [
      "if (filter.op === 'none') return NONE;",
      "if (filter.op === 'none') continue;",
    ],
    'who does not manage a row manages it': [
      'Object.freeze({ ...filter, negated: true })',
      'Object.freeze({ ...filter, negated: false })',
    ],
    'the complement of nothing is nothing': [
      "if (filter.op === 'none') return ALL;",
      "if (filter.op === 'none') return NONE;",
    ],
    'a policy that permits nothing permits everything': [
      'return residual.value ? ALL : NONE;',
      'return ALL;',
    ],
  }),
  ...inFile('src/query/guarding.ts', {
    'relations are placed like lists': [
      "permitted(decisions.residual(model, 'read', REACHABLE))",
      "permitted(decisions.residual(model, 'read', { kind: 'placed' }))",
    ],
    'to-one relations and management fields are placed like lists': [
      'decisions.residual(model, action, REACHABLE)',
      "decisions.residual(model, action, { kind: 'placed' })",
    ],
    'who reads a row manages it': [
      'definitely(guarding, model, MANAGE)',
      "definitely(guarding, model, 'read')",
    ],
    'what cannot be filtered by can be followed': [
      "if (fieldClass !== 'open' && fieldClass !== 'managed') {",
      "if (fieldClass === 'sealed') {",
    ],
    'a required relation is followed': [
      'if (!field.list && field.required) {',
      'if (!field.list && field.required && field.from.length > 9) {',
    ],
    'a management field is open to an order': [
      "decisions.classOf(model, name) !== 'open'",
      "!['open', 'managed'].includes(decisions.classOf(model, name))",
    ],
    'rows are sorted by what any other row says': [
      "!parts.some((part) => part.kind === 'via' && part.relation === name)",
      'parts.length === 0',
    ],
    'what is only shown is open to an order': [
      "decisions.classOf(model, name) !== 'open'",
      "!['open', 'shown'].includes(decisions.classOf(model, name))",
    ],
  }),
  ...inFile('src/query/definite.ts', {
    'no residual is made definite': [
      'const made = make(dataModel, model, residual);',
      'const made = residual;',
    ],
    'a null column leaves a residual undecided': [
      'nullable.length === 0 ? test : and(...nullable.map(notNull), test)',
      'test',
    ],
    'what is asked of related rows is left undecided': [
      'return { ...residual, of: make(dataModel, type, residual.of) };',
      'return residual;',
    ],
  }),
  ...inFile('src/query/complete-policies.ts', {
    'no model has global rows': [
      "organization?.kind === 'scalar' && !organization.required",
      "organization?.kind === 'scalar' && organization.list",
    ],
    'every model has global rows': [
      "organization?.kind === 'scalar' && !organization.required",
      "organization?.kind === 'scalar'",
    ],
    'a model needs no policy': ['!policies.has(model)', 'policies.size === 0'],
    'a policy opens a foreign key': ["&& field !== 'id' &&", "&& field === 'id' &&"],
    'a policy opens what cannot be narrowed': [
      '!field.list && field.required;',
      'field.list && field.required;',
    ],
  }),
];
