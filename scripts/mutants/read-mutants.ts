import { inFile, type Mutant } from './mutant.js';

/** Bugs in compiled reads: in what is kept of callers, in the second renderer and in the statement. */
export const readMutants: readonly Mutant[] = [
  ...inFile('src/data/sql/residual.ts', {
    'in SQL a conjunction is any of it': [
      `residual.of.map((part) => residualSql(table, part)),
        ' AND ',`,
      `residual.of.map((part) => residualSql(table, part)),
        ' OR ',`,
    ],
    'in SQL what is disjoint overlaps': [
      'return `NOT (${column(table, residual.field)} && ',
      'return `(${column(table, residual.field)} && ',
    ],
    'in SQL a name of a pair is forgotten': [
      'pairNames(residual.groups))}`',
      'pairNames(residual.groups.slice(1)))}`',
    ],
    'in SQL a related row is any row': [
      'WHERE ${on} AND ${condition(there)} LIMIT 1',
      'WHERE ${on} OR ${condition(there)} LIMIT 1',
    ],
    'in SQL a related row is not asked': [
      'WHERE ${on} AND ${condition(there)} LIMIT 1',
      'WHERE ${on} AND (true OR ${condition(there)}) LIMIT 1',
    ],
    'in SQL a boolean is always so': ['return value ? name : `NOT ${name}`;', 'return name;'],
    'in SQL what is missing in JSON differs': [
      'return `(${isThere} AND ${at} <> ${other})`;',
      'return `coalesce(${at} <> ${other}, true)`;',
    ],
    'in SQL null in JSON is there': [
      "const isThere = `coalesce(${at} <> 'null'::jsonb, false)`;",
      'const isThere = `(${at} IS NOT NULL)`;',
    ],
  }),
  ...inFile('src/data/sql/alternatives.ts', {
    'in SQL a prefix is a name': ['} ^@ ANY (', '} = ANY ('],
    'in SQL of many grants a prefix is a name': [
      'THEN ${own} ^@ ${names}.v',
      'THEN ${own} = ${names}.v',
    ],
    'in SQL of many grants a name counts wherever any is held': [
      'WHERE ${names}.g = ${places}.g AND CASE',
      'WHERE CASE',
    ],
    'in SQL of many grants one counts anywhere': [
      'WHERE ${places}.s = ANY (${column(table, field)}) AND ${isNamed}',
      'WHERE ${isNamed}',
    ],
    'in SQL what many grants ask besides is forgotten': [
      "return `(${[...rest.map(write), isHeld].join(' AND ')})`;",
      'return isHeld;',
    ],
    'in SQL grants that ask different things are one': [
      'JSON.stringify([held.field, held.rest])',
      'JSON.stringify([held.field])',
    ],
  }),
  ...inFile('src/data/sql/held.ts', {
    'in SQL all that a grant asks is its scopes and names': [
      'rest: part.of.filter((one) => one !== at && one !== name.one),',
      'rest: [],',
    ],
  }),
  ...inFile('src/read/ways.ts', {
    'of alternatives the ways to one are enough': [
      '? { ways: all.flatMap(({ ways }) => ways), rank',
      '? { ways: all[0]?.ways ?? [], rank',
    ],
    'what is open is looked for among global rows': [
      "ways: [{ by: 'open', organizationId: within }]",
      "ways: [{ by: 'open', organizationId: null }]",
    ],
    'of pairs the scopes of the first are enough': [
      'groups.flatMap(({ seconds }) => seconds)',
      'groups.slice(0, 1).flatMap(({ seconds }) => seconds)',
    ],
  }),
  ...inFile('src/read/few.ts', {
    'compiled, a picker offers what is merely managed': [
      'const narrowing = usable && usableOf(',
      'const narrowing = !usable && usableOf(',
    ],
  }),
  ...inFile('src/read/candidates.ts', {
    'below is only there': ['(${tops} UNION ${children})', '(${tops} UNION ${tops})'],
    'what was cut off is all there is': [
      '(SELECT count(*) FROM ${one}) <= ${most}`)',
      '(SELECT count(*) FROM ${one}) <= ${most + 1}`)',
    ],
    'of rows found one by one those of one way are enough': [
      "parts.join(' UNION ALL ')",
      "(parts[0] ?? '')",
    ],
  }),
  ...inFile('src/read/sources.ts', {
    'rows found one by one are shown undecided': [
      'const conditions = [filterSql(table, guarded.where), ...scribe.beyond(table, by, beyond)];\n    return `(SELECT ${table.alias}.* FROM ${rows}',
      "const conditions = [filterSql(table, few[index]?.page ? { op: 'all' } : guarded.where), ...scribe.beyond(table, by, beyond)];\n    return `(SELECT ${table.alias}.* FROM ${rows}",
    ],
    'there are answers though not all rows were found': ['scribe.draft.assert(isComplete);', ''],
  }),
  ...inFile('src/data/sql/filter.ts', {
    'in SQL a negation is dropped': [
      'negated ? `NOT (${condition})` : condition;',
      'negated ? condition : condition;',
    ],
    'in SQL a null is the other one': [
      "filter.negated ? 'NOT ' : ''",
      "filter.negated ? '' : 'NOT '",
    ],
    'in SQL a wildcard is one': ['const text = escapeLike(test.text);', 'const { text } = test;'],
    'in SQL case matters': ["test.folded ? 'ILIKE' : 'LIKE'", "test.folded ? 'LIKE' : 'LIKE'"],
    'in SQL all of a list is some': ['return `${name} @> ', 'return `${name} && '],
    'in SQL at a path nothing is something': ["'null'::jsonb, true)`;", "'null'::jsonb, false)`;"],
  }),
  ...inFile('src/data/sql/order.ts', {
    'in SQL a page begins with the last row of the one before': [
      "? '>' : '<'} (${values})`;",
      "? '>=' : '<='} (${values})`;",
    ],
    'in SQL nothing missing lies beyond': [': `(${greater} OR ${name} IS NULL)`;', ': greater;'],
    'in SQL ties are not looked at': [
      "return [`(${[...ties, beyond].join(' AND ')})`];",
      'return [`(${beyond})`];',
    ],
  }),
  ...inFile('src/read/scribe.ts', {
    'in SQL everybody manages': [
      '...(isManaged ? [permitted(MANAGE, MANAGED)] : []),',
      '...(isManaged ? [`true AS ${MANAGED}`] : []),',
    ],
    'in SQL the farthest row shadows': [
      'ORDER BY array_position(${places}, ${near}) LIMIT 1',
      'ORDER BY array_position(${places}, ${near}) DESC LIMIT 1',
    ],
  }),
  ...inFile('src/read/write-statement.ts', {
    'compiled, a natural key names rows of what is hidden': ['where: is(relation), ', ''],
    'compiled, a managed field is shown': [
      'if (!field.managed) return { sql };',
      'return { sql };',
    ],
    'compiled, a row of a relation is not guarded': [
      'const where = `${on(there)} AND ${filterSql(there, guarded.where)}`;',
      'const where = `${on(there)} AND (true OR ${filterSql(there, guarded.where)})`;',
    ],
    'compiled, a row by id is not guarded': [
      'const where = `${isIt(table)} AND ${filterSql(table, guarded.where)}`;',
      'const where = `${isIt(table)} AND (true OR ${filterSql(table, guarded.where)})`;',
    ],
    'compiled, a lookup walks the organization': [
      'const within = isCascade ? cascadeOf(place) : organizationOf(place);',
      'const within = isCascade ? place : organizationOf(place);',
    ],
    'compiled, all of oneself is told': [
      'if (!isTold) return `coalesce(${this.#rowById(of, place, id)}, ${TOO_MUCH})`;',
      '',
    ],
    'compiled, of several conditions one is enough': [
      "when.map((one) => this.#isSo(one, row, place)).join(' AND ')",
      "when.map((one) => this.#isSo(one, row, place)).join(' OR ')",
    ],
    'compiled, a run names agents that are hidden': [
      'return `EXISTS (SELECT FROM ${from(there)} WHERE ${isIt} AND ${filterSql(there, guarded.where)})`;',
      'return `EXISTS (SELECT FROM ${from(there)} WHERE ${isIt} AND (true OR ${filterSql(there, guarded.where)}))`;',
    ],
    'compiled, a secret is shown': [
      'if (field.unless === undefined) return text;',
      'if (field.unless !== null) return text;',
    ],
  }),
  ...inFile('src/read/sources.ts', {
    'compiled, a list is not guarded': [
      'const conditions = [filterSql(table, guarded.where), ...scribe.beyond(table, by, beyond)];',
      'const conditions = [`(true OR ${filterSql(table, guarded.where)})`, ...scribe.beyond(table, by, beyond)];',
    ],
    'compiled, a far row is not guarded': [
      'filterSql(inner, shown.where)',
      "filterSql(inner, { op: 'all' })",
    ],
    'compiled, rows between are not guarded': [
      '[here, filterSql(table, guarded.where), ...scribe.beyond(ordered, by, beyond)]',
      '[here, `(true OR ${filterSql(table, guarded.where)})`, ...scribe.beyond(ordered, by, beyond)]',
    ],
  }),
  ...inFile('src/read/statements.ts', {
    'compiled, authority is believed': [
      '...(proof === undefined ? [] : [currentSql(draft, proof)]),',
      '',
    ],
    'compiled, one organization of the vector is left out': [
      'unnest(${organizations}, ${versions}) v',
      'unnest((${organizations})[1:1], (${versions})[1:1]) v',
    ],
    'compiled, nothing ends': ["validUntil ?? 'infinity'", "'infinity'"],
    'compiled, a scope stays where it was': [
      '...named.map((scope) => placedSql(draft, scope)),',
      '',
    ],
  }),
  ...inFile('src/read/statement-cache.ts', {
    'compiled, a statement is anybody’s': ['this.#numberOf(principal),', '0,'],
    'compiled, a statement is of any scope': ['      scopeHeader,\n      said,', '      said,'],
    'compiled, variables that change the text do not': [
      'if (!open.has(node)) names.delete(node.name.value);',
      '',
    ],
  }),
  ...inFile('src/identity/known-principals.ts', {
    'what is known of a caller is believed': [
      'if (known !== undefined && (await this.#isCurrent(known))) return known.principal;',
      'if (known !== undefined) return known.principal;',
    ],
    'who has conditions is kept': ['conditional.length === 0;', 'conditional.length >= 0;'],
  }),
  ...inFile('src/identity/known-tokens.ts', {
    'a token is good for ever': [
      'if (found !== undefined && Date.now() < found.until) return found.claims;',
      'if (found !== undefined) return found.claims;',
    ],
  }),
  ...inFile('src/http/shadow.ts', {
    'answers of one length are the same': [
      'one.text === other.text && one.contentType',
      'one.text.length === other.text.length && one.contentType',
    ],
    'an answer that is not given again was right': [
      'if (isSame(first, second)) throw new DifferentAnswersError(answered, first);',
      '',
    ],
    'a row that says so excuses a difference': [
      'errors.some(({ message }) => message === TOO_LARGE_FILTER)',
      'first.text.includes(TOO_LARGE_FILTER)',
    ],
    'how two answers begin is in the log': [
      'alike up to ${length}`',
      'alike up to ${one.text.slice(0, length)}`',
    ],
  }),
  ...inFile('src/http/compiled.ts', {
    'who sees as somebody else sees as themselves': [
      'if ((facts.viewAs ?? null) !== null) return undefined;',
      '',
    ],
    'nobody is answered as somebody': [
      "if (caller.principal.kind === 'ANONYMOUS') return undefined;",
      '',
    ],
  }),
];
