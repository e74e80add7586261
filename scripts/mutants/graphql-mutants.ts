import { inFile, type Mutant } from './mutant.js';

/** Bugs in places, loaders, lists and fields. */
export const graphqlMutants: readonly Mutant[] = [
  ...inFile('src/request/place.ts', {
    'anybody may switch': [
      'if (switched && !isHome && !canActAnywhere(principal))',
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
  ...inFile('src/request/reading.ts', {
    'decisions mix up places': [
      'new Decisions(policies, principal, at), placeKey)',
      "new Decisions(policies, principal, at), () => '')",
    ],
    'the parts of a place are one': ['decisions: along(at).within(at)', 'decisions: along(at)'],
    'readers mix up places': [
      'REACHABLE, charged),\n    placeKey,',
      "REACHABLE, charged),\n    () => '',",
    ],
    'rows by id are placed like lists': [
      'createReader(client, guardingAt(at), REACHABLE, charged)',
      "createReader(client, guardingAt(at), { kind: 'placed' }, charged)",
    ],
    'lists are read wherever the principal could act': [
      'createReader(client, guardingAt(at), extent, charged)',
      'createReader(client, guardingAt(at), REACHABLE, charged)',
    ],
  }),
  ...inFile('src/request/row-place.ts', {
    'listed rows are decided where the request acts': [
      'return places.get(row) ?? context.place;',
      'return context.place;',
    ],
  }),
  ...inFile('src/request/loaders.ts', {
    'related rows are decided where the request acts': ['readIn(rows, place);', ''],
    'what a row cannot tell is permitted': [
      "if (known !== 'unknown') return known === 'yes';",
      "return known !== 'no';",
    ],
    'what a row cannot tell is refused': [
      "if (known !== 'unknown') return known === 'yes';",
      "return known === 'yes';",
    ],
    'places are mixed up': [
      'return `${organizationId} ${switched} ${chain.join()}`;',
      'return `${chain.length > 99}`;',
    ],
    'the scopes of an organization are mixed up': [
      'return `${organizationId} ${switched} ${chain.join()}`;',
      'return `${organizationId} ${switched}`;',
    ],
    'loaders mix up places': ['const key = placeKey(place);', "const key = '';"],
    'loaders mix up actions': ['`permitted ${model} ${action}`', '`permitted ${model}`'],
    'loaders mix up models': ['`row ${model} ${columns.join()}`', '`row ${columns.join()}`'],
    'loaders mix up relations': ['`page ${model} ${name} ', '`page ${model} '],
    'loaders mix up pages': [
      '`page ${model} ${name} ${JSON.stringify(question)}`',
      '`page ${model} ${name}`',
    ],
    'a nested page has a row too many': ['all.slice(0, size).filter(', 'all.filter('],
    'a nested page tells of no other': [
      'more: all.length > size }',
      'more: all.length > size + 1 }',
    ],
    'loaders mix up numbers of rows': [
      '`count ${model} ${relation} ${JSON.stringify(where)}`',
      '`count ${model} ${relation}`',
    ],
    'nested pages are read however many they are': [
      'if (rows > answerFields) {',
      'if (rows < 0) {',
    ],
  }),
  ...inFile('src/data/prisma/in-turn.ts', {
    'nested pages are all read at once': ['const done = last.then(work);', 'const done = work();'],
  }),
  ...inFile('src/request/columns.ts', {
    'what a variable leaves out is left out for good': [
      'if (walk.isConditional) byRequest',
      'if (walk.isConditional && walk.columns().size > 999) byRequest',
    ],
    'fields of a fragment are not read': [
      'this.#set(fragment.selectionSet, this.#on(fragment.typeCondition.name.value, parent));',
      '',
    ],
    'fields of a fragment are read of the type around it': [
      'this.#set(selection.selectionSet, this.#on(selection.typeCondition?.name.value, parent));',
      'this.#set(selection.selectionSet, parent);',
    ],
    'what is left out is read': [
      'return skip?.if !== true && include?.if !== false;',
      'return true;',
    ],
    'what related rows are sorted by is not read': [
      'this.#read(target.name, meaning?.readsThere);',
      'this.#read(target.name);',
    ],
  }),
  ...inFile('src/graphql/define-roots.ts', {
    'a lookup covers the whole organization': [
      'const place = cascadeOf(await placeOf(args, context));',
      'const place = await placeOf(args, context);',
    ],
    'totalCount forgets the filter': [
      'count: () => reader.count(query)',
      'count: () => reader.count({ model })',
    ],
    'a list forgets its filter': [
      'reader.find({ ...query, order: by,',
      'reader.find({ model, order: by,',
    ],
    'a picker offers what is merely managed': [
      'args.usable === true && usableOf(',
      'args.usable === false && usableOf(',
    ],
    'what a list is sorted by is not read': [
      'new Set([...columnsOf(model, info), ...keys.map(({ field }) => field)])',
      'new Set(columnsOf(model, info))',
    ],
    'every part of a list has both tiers': [
      "{ kind: 'placed', tier: arm.tier }",
      "{ kind: 'placed' }",
    ],
    'rows of a list are not known to be of its place': [
      'readIn(rows, place);',
      'readIn(rows, context.place);',
    ],
    'what was looked up is decided where the request acts': [
      'if (row !== null) readIn([row], place);',
      '',
    ],
    'a lookup finds rows wherever the principal could act': [
      "readFirst(model, by, place, { kind: 'placed' }, context, info)",
      "readFirst(model, by, place, { kind: 'reachable' }, context, info)",
    ],
  }),
  ...inFile('src/graphql/place-args.ts', {
    'lists have no global rows': [
      "return [{ place, tier: 'tenant' }, ...global];",
      "return [{ place, tier: 'tenant' }];",
    ],
  }),
  ...inFile('src/graphql/connection.ts', {
    'the parts of a page are not put in order': ['sources.length > 1 ?', 'sources.length > 99 ?'],
    'a page forgets where it begins': [
      'const wanted: Page = { take: size + 1, ...(beyond === undefined ? {} : { beyond }) };',
      'const wanted: Page = { take: size + 1 };',
    ],
  }),
  ...inFile('src/graphql/type-fields.ts', {
    'management fields are shown to everybody': [
      '...(managed ? { ...forManagersOf(model), ...marked({ managed: true }) } : {}),',
      '',
    ],
    'a shown column is not read': ['reads: [name],', 'reads: [],'],
    'a foreign key is not read': ['reads: [foreignKey],', 'reads: [],'],
    'the ids that are kept are not read': ['reads: [kept],', 'reads: [],'],
    'what related rows are sorted by is not asked for': [
      'readsThere: namingOf(target),',
      'readsThere: [],',
    ],
    'a management field is read without what decides': [
      '[...options.reads, ...decidingColumns(policy, MANAGE)]',
      '[...options.reads]',
    ],
    'use is read without what decides': ['reads: decidingColumns(policy, action),', 'reads: [],'],
    'an unknown word is shown': ['values === undefined ? value : known(values, value)', 'value'],
    'a sealed column can be a field': [
      "column === undefined || column.class === 'sealed' || field.kind",
      'column === undefined || field.kind',
    ],
  }),
  ...inFile('src/graphql/relations.ts', {
    'related rows are not sorted': [
      '(await loadMany(model, ids, source, context, info)).sort(byName)',
      'loadMany(model, ids, source, context, info)',
    ],
  }),
  ...inFile('src/graphql/entities.ts', {
    'references are resolved for anybody': [
      "if (context.principal.kind === 'ANONYMOUS') throw unauthenticated();",
      '',
    ],
  }),
  ...inFile('src/graphql/builder.ts', {
    'management fields are for everybody': [
      "manages: ({ model, row }) => isPermitted(model, 'manage', row, context),",
      'manages: () => true,',
    ],
    'nobody has to sign in': [
      "context.principal.kind !== 'ANONYMOUS'",
      'context.principal !== null',
    ],
  }),
  ...inFile('src/graphql/columns.ts', {
    'a shown column can be filtered': [
      "filter !== false && (kind === 'open' || kind === 'managed')",
      "filter !== false && kind !== 'sealed'",
    ],
    'a managed relation is open': [
      "managed === true ? 'managed' : 'open'",
      "managed === true ? 'open' : 'open'",
    ],
  }),
  ...inFile('src/graphql/filter-operands.ts', {
    'a null condition is no condition': ['if (part === null) throw', 'if (part === entries) throw'],
    'what says nothing means everything': [
      'if (isSilent && !(value instanceof Date))',
      'if (isSilent && value instanceof Date)',
    ],
    'a malformed id reaches the database': ['values.filter(isUuid)', '[...values] as Operand[]'],
  }),
  ...inFile('src/graphql/filters.ts', {
    'a malformed id is that of every row': [
      'return oneOf(name, operands(kind, [given]));',
      'return operands(kind, [given]).length === 0 ? both() : oneOf(name, operands(kind, [given]));',
    ],
    'every fails by the row between': [
      'far === undefined ? every(name, filter) : not(some(name, is(far, not(filter))))',
      'every(name, reach(filter))',
    ],
    'every asks that no far row is so': ['is(far, not(filter))', 'is(far, filter)'],
    'no related row is one': [
      'inner === true ? not(is(name)) : is(name)',
      'inner === true ? is(name) : not(is(name))',
    ],
    'a missing value is one': [
      'given === true ? isMissing(name) : not(isMissing(name))',
      'given === true ? not(isMissing(name)) : isMissing(name)',
    ],
    'none finds some': ["test === 'some' ? found : not(found)", 'found'],
    'or is and': ['return either(list(part).map(inner))', 'return both(...list(part).map(inner))'],
    'not is lost': ['return not(inner(part));', 'return inner(part);'],
    'related rows are asked by the row between': ['is(far, filter))', 'filter)'],
    'less is greater': ["lt: 'less'", "lt: 'greater'"],
  }),
  ...inFile('src/graphql/policies-of.ts', {
    'rows between forget the far side': ["demand(sides, far, 'read');", ''],
    'rows between forget the near side': [
      "demand(sides, inverse, fieldClass === 'managed' ? 'manage' : 'read');",
      '',
    ],
    'rows between are for readers': ["fieldClass === 'managed' ? 'manage' : 'read'", "'read'"],
    'one side loosens what the other says': [
      "if (sides.get(side) !== 'manage') sides.set(side, action);",
      'sides.set(side, action);',
    ],
    'either side of rows between is enough': [
      'allOf(...[...sides].map(([relation, action]) => via(relation, action)))',
      "{ kind: 'anyOf', of: [...sides].map(([relation, action]) => via(relation, action)) }",
    ],
  }),
  ...inFile('src/graphql/resource.ts', {
    'nothing is sealed': ["sealed: ofClass('sealed')", 'sealed: []'],
    'management fields are open': [
      "open: ofClass('open'),\n      managed: ofClass('managed'),",
      "open: [...ofClass('open'), ...ofClass('managed')],\n      managed: [],",
    ],
    'a resource forgets its ownership': [
      "ownership: declaration.ownership ?? pick('ownership'),",
      'ownership: declaration.ownership,',
    ],
  }),
  ...inFile('src/resources/traits/owned.ts', {
    'whose a row is can be filtered by anybody': [
      "owner: related('Who owns it.', { managed: true, set:",
      "owner: related('Who owns it.', { set:",
    ],
  }),
  ...inFile('src/resources/traits/executable.ts', {
    'who may use a row can be filtered by anybody': [
      "accessLevel: forManagers('Who",
      "accessLevel: open('Who",
    ],
    'whose roles use a row is for everybody': ['managed: true,', ''],
  }),
  ...inFile('src/resources/traits/credential.ts', {
    'the hash of a key can be read': ["hash: sealed('", "hash: open('"],
  }),
  ...inFile('src/resources/config/config.ts', {
    'a ciphertext can be read': ["ciphertext: sealed('", "ciphertext: shown('"],
    'the value of a config can be filtered by': ['value: shown(', 'value: open('],
  }),
  ...inFile('src/resources/config/config.graphql.ts', {
    'a sealed column is read': [
      "reads: ['type', 'value'],",
      "reads: ['type', 'value', 'ciphertext'],",
    ],
  }),
  ...inFile('src/resources/role/role.ts', {
    'who holds a role is told to everybody': [
      '{ managed: true, filter: false },',
      '{ filter: false },',
    ],
  }),
  ...inFile('src/graphql/related-pages.ts', {
    'nested rows are decided where the request acts': [
      'const place = placeOfRow(source, context);',
      'const { place } = context;',
    ],
    'a nested list forgets its filter': [
      'where: far === undefined || where === ALL ? where : is(far, where),',
      'where: ALL,',
    ],
    'nested lists of other arguments are the same': [
      'const at = placeInDocument(info);',
      'const at = info.fieldName;',
    ],
  }),
  ...inFile('src/resources/scope/scope-queries.ts', {
    'an external id is looked up in every organization': [
      "{ kind: 'placed', tier: 'tenant' }",
      "{ kind: 'reachable' }",
    ],
  }),
  ...inFile('src/graphql/related-pages.ts', {
    'rows of several types at one place are asked for one of them': [
      'const [field = info] = info.fieldNodes;',
      'const field = context;',
    ],
    'rows of several types ask by the names of their fields': [
      'const keys = [parentType.name];',
      'const keys = [parentType.name.slice(0, 0)];',
    ],
  }),
];
