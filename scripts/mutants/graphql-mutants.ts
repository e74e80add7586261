import { inFile, type Mutant } from './mutant.js';

/** Bugs in places, lists and fields. */
export const graphqlMutants: readonly Mutant[] = [
  ...inFile('src/scopes/place.ts', {
    'anybody may switch': [
      'if (switched && !canActAnywhere(principal))',
      'if (principal === null)',
    ],
    'null is read as omitted': [
      'if (requested === undefined) return fallback;',
      'if (requested === undefined || requested === null) return fallback;',
    ],
    'anybody may ask across organizations': [
      'if (!canActAnywhere(principal)) throw scopeForbidden();\n  return { ...fallback',
      'return { ...fallback',
    ],
  }),
  ...inFile('src/graphql/root-fields.ts', {
    'a lookup covers the whole organization': [
      'const place = cascadeOf(asked);',
      'const place = asked;',
    ],
    'totalCount forgets the filter': ['delegate.count({ where })', 'delegate.count({})'],
  }),
  ...inFile('src/graphql/columns.ts', {
    'a sealed column is read': [' && !sealed.includes(name)', ''],
    'a shown column is not read': [
      'if (!isDear(field) || named.has(name)) return true;',
      'if (!isDear(field)) return true;',
    ],
  }),
  ...inFile('src/graphql/entities.ts', {
    'references are resolved for anybody': [
      "if (context.principal.kind === 'ANONYMOUS') throw unauthenticated();",
      '',
    ],
  }),
  ...inFile('src/graphql/keyset.ts', {
    'a page begins with the row of its cursor': [
      '{ [field]: { lt: value } }',
      '{ [field]: { lte: value } }',
    ],
    'nulls are lost when paging': [
      'return nullable ? { OR: [greater, { [field]: null }] } : greater;',
      'return greater;',
    ],
  }),
  ...inFile('src/graphql/builder.ts', {
    'management fields are for everybody': [
      "isPermitted(model, 'manage', row, context)",
      "isPermitted(model, 'manage', row, context).then(() => true)",
    ],
    'nobody has to sign in': [
      "context.principal.kind !== 'ANONYMOUS'",
      'context.principal !== null',
    ],
  }),
  ...inFile('src/graphql/row-place.ts', {
    'listed rows are decided where the request acts': [
      'return places.get(row) ?? context.place;',
      'return context.place;',
    ],
  }),
  ...inFile('src/graphql/loaders.ts', {
    'related rows are decided where the request acts': ['readIn(rows, place);', ''],
    'what a row cannot tell is permitted': [
      "if (known !== 'unknown') return known === 'yes';",
      "return known !== 'no';",
    ],
    'loaders mix up places': [
      'return `${organizationId} ${switched} ${chain.join()}`;',
      'return `${chain.length > 99}`;',
    ],
  }),
  ...inFile('src/resources/config/config.policy.ts', {
    'a ciphertext can be read': ["sealed: ['ciphertext'],", ''],
  }),
  ...inFile('src/graphql/filters.ts', {
    'a null condition is no condition': ['if (part === null) throw', 'if (part === entries) throw'],
  }),
];
