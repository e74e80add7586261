import { inFile, type Mutant } from './mutant.js';

/** Bugs in reading calls, in what is sent to the database, and in what it keeps itself. */
export const dataMutants: readonly Mutant[] = [
  ...inFile('src/data/prisma/residual-where.ts', {
    'what is missing in JSON differs': [
      'return { AND: [isThere, { NOT: at({ equals: value }) }] };',
      'return { NOT: at({ equals: value }) };',
    ],
    'null in JSON is there': ['equals: Prisma.AnyNull', 'equals: Prisma.DbNull'],
  }),
  ...inFile('src/identity/principal-row.ts', {
    'a condition that is null is none': [
      "return Object.hasOwn(grant, 'condition');",
      'return ((grant as { condition?: unknown }).condition ?? null) !== null;',
    ],
  }),
  ...inFile('src/data/enforce/plain.ts', {
    'an undefined operand is dropped': [
      'if (value === undefined) throw new EnforcementError(`${what} is undefined`);',
      '',
    ],
  }),
  ...inFile('src/data/enforce/parse-where.ts', {
    'an undefined condition is dropped': [
      'throw new EnforcementError(`${key} in a filter of ${model} is undefined`);',
      'return both();',
    ],
    'NOT of a list is one of them': [
      'both(...listOf(value).map((part) => not(again(part))))',
      'not(both(...listOf(value).map(again)))',
    ],
    'none is read as some': [
      "quantifier === 'some' ? some(name, of) : not(some(name, of))",
      'some(name, of)',
    ],
    'isNot is read as is': ["key === 'is' ? isTest(inner) : not(isTest(inner))", 'isTest(inner)'],
    'no related row is read as any': [
      'inner === null ? not(is(name))',
      'inner === null ? is(name)',
    ],
    'notIn is read as in': [
      "return not(compare(name, operatorTest(what, field, 'in', operand, folded)));",
      "return compare(name, operatorTest(what, field, 'in', operand, folded));",
    ],
    'LIKE takes what is not its own': [
      'if (folded) throw new EnforcementError(`${what} takes no mode for ${operator}`);',
      '',
    ],
  }),
  ...inFile('src/data/enforce/parse-selection.ts', {
    'counts forget their filter': [
      'args.where === undefined ? ALL : parseWhere(parsing.dataModel, field.type, args.where),',
      'ALL,',
    ],
  }),
  ...inFile('src/data/enforce/enforce-call.ts', {
    'a cursor may name a hidden row': [
      'if (cursor === undefined) return { args: enforced };',
      'if (given !== undefined) return { args: enforced };',
    ],
    'findUnique forgets its filter': [
      'parseRows(guarding, model, { ...args, where: others })',
      'parseRows(guarding, model, { ...args, where: {} })',
    ],
  }),
  ...inFile('src/data/enforce/enforced-client.ts', {
    'who sees a part is told there is nothing': [
      "if (!isConstant(decisions.residual(model, 'read', extent), false)) return undefined;",
      "if (isConstant(decisions.residual(model, 'read', extent), true)) return undefined;",
    ],
    'a cursor on a hidden row is followed': [
      'found.length > 0 ? call.args.where : nothing(key)',
      'call.args.where',
    ],
  }),
  ...inFile('src/data/prisma/reader.ts', {
    'whoever reads a part is told there is nothing': [
      "isConstant(decisions.residual(model, 'read', extent), false);",
      "!isConstant(decisions.residual(model, 'read', extent), true);",
    ],
  }),
  ...inFile('src/data/prisma/like.ts', {
    'the pattern characters of LIKE are not literal': ["'\\\\$&'", "'$&'"],
  }),
  ...inFile('src/data/prisma/residual-where.ts', {
    'the prefix of a permission is a pattern': [
      'startsWith: escapeLike(residual.value)',
      'startsWith: residual.value',
    ],
    'nothing is everything': ['residual.value ? {} : nothing(key)', '{}'],
    'none is compiled to some': ['{ none: inner(residual.of) }', '{ some: inner(residual.of) }'],
  }),
  ...inFile('src/data/prisma/pair-names.ts', {
    'the pairs of a residual are mixed up': [
      'for (const second of seconds)',
      'for (const second of groups.flatMap((group) => [...seconds, ...group.seconds]))',
    ],
    'a half of a pair is lost': ['.update(bytes(first))', ''],
  }),
  ...inFile('src/data/prisma/where.ts', {
    'the complement of a policy is the policy': [
      'return signed(residualWhere(filter.residual, keyOf(dataModel, model)), filter.negated);',
      'return residualWhere(filter.residual, keyOf(dataModel, model));',
    ],
    'the pattern characters of a filter are not literal': [
      '[test.is]: escapeLike(test.text)',
      '[test.is]: test.text',
    ],
    'no row is any row': ['return nothing(keyOf(dataModel, model));', 'return {};'],
    'a negation is lost': ['negated ? { NOT: where } : where', 'where'],
    'the negation of some is some': ["filter.negated ? 'none' : 'some'", "'some'"],
    'a value is asked for where it is missing': [
      'filter.negated ? { not: null } : null',
      'filter.negated ? null : { not: null }',
    ],
    'less is read as at most': ["less: 'lt'", "less: 'lte'"],
    'all in a list is some': [
      'return { hasEvery: [...test.values] };',
      'return { hasSome: [...test.values] };',
    ],
  }),
  ...inFile('src/data/prisma/contents.ts', {
    'a row that has gone meanwhile keeps its place': [
      'if (values === undefined) return [];',
      'if (values === undefined) return [whole as Row];',
    ],
    'the contents of rows below are not weighed': [
      'rows.flatMap((row) => nestedIn(row, name)),',
      '[],',
    ],
  }),
  ...inFile('src/data/prisma/arguments.ts', {
    'findUnique forgets the policy': ['{ AND: [narrowed] }', '{}'],
    'sealed columns come along': ['sealed.length === 0', 'sealed.length >= 0'],
    'a page begins anew': [
      'page.beyond === undefined\n',
      'page.beyond === undefined || page.take !== undefined\n',
    ],
    'a page forgets the policy': [
      'bothWheres(narrowed, beyondPage(dataModel, model, order, page.beyond))',
      'beyondPage(dataModel, model, order, page.beyond)',
    ],
    'pages of related rows are cut when all of them are there': [
      "? 'join' : 'query'",
      "? 'query' : 'query'",
    ],
    'whole lists of related rows are laterals': ["? 'join' : 'query'", "? 'join' : 'join'"],
    'what comes from another row is sorted by the row itself': [
      'return via === undefined ? key : { [via]: key };',
      "return via === undefined ? key : { [via]: { id: 'asc' } };",
    ],
    'groups forget their filter': [
      '...(having === undefined ? {} : { having: havingOf(having) }),',
      '',
    ],
  }),
  ...inFile('src/data/prisma/beyond.ts', {
    'a page begins with the row of its cursor': [
      '{ [field]: { lt: value } }',
      '{ [field]: { lte: value } }',
    ],
    'nulls are lost when paging': [
      'return nullable ? { OR: [greater, { [field]: null }] } : greater;',
      'return greater;',
    ],
    'nulls are out of bounds': [
      'return key.nullable ? undefined : { [key.field]: { gte: value } };',
      'return { [key.field]: { gte: value } };',
    ],
    'rows with one value are paged over': [
      '{ AND: [...ties, beyond] }',
      '{ AND: [beyond, ...ties.slice(0, 0)] }',
    ],
    'beyond the last everything begins again': [
      "alternatives.length === 0 ? nothing('id') :",
      'alternatives.length === 0 ? {} :',
    ],
  }),
  ...inFile('src/data/prisma/permitted.ts', {
    'what is unknown of a row is a yes': [
      'return evaluate(decisions.residual(model, action), row);',
      "const answer = evaluate(decisions.residual(model, action), row);\n  return answer === 'unknown' ? 'yes' : answer;",
    ],
    'every row permits everything': [
      'return new Set(found.map((row) => row.id));',
      'return new Set(found.length >= 0 ? ids : []);',
    ],
    'what is permitted is asked of every row': [
      '[{ id: { in: padded(ids) } }, residualWhere(residual)]',
      '[{ id: { in: padded(ids) } }]',
    ],
  }),
  ...inFile('prisma/migrations/20261206000050_holdings/migration.sql', {
    'what has ended is held': [
      'a.expires_at) > statement_timestamp(), true)',
      'a.expires_at) > statement_timestamp(), true) OR true',
    ],
    'what ends is over already': [
      'a.expires_at) > statement_timestamp(), true)',
      'a.expires_at) > statement_timestamp(), m.expires_at IS NULL) AND m.expires_at IS NULL',
    ],
    'a membership ends and its roles do not': [
      'WHERE coalesce(least(m.expires_at, a.expires_at)',
      'WHERE coalesce(a.expires_at',
    ],
    'a role does not end before its membership': [
      'WHERE coalesce(least(m.expires_at, a.expires_at)',
      'WHERE coalesce(m.expires_at',
    ],
    'a moment counts of when the transaction began': [
      'a.expires_at) > statement_timestamp(), true)',
      'a.expires_at) > now(), true)',
    ],
    'a principal is good until the last of it ends': ['min(h.ends_at)', 'max(h.ends_at)'],
    'what is held by two ways ends with the first': ['THEN max(least(', 'THEN min(least('],
    'a permission with a condition is one without': [
      'CASE WHEN g.condition IS NULL THEN g.says',
      'CASE WHEN true THEN g.says',
    ],
    'what is alike is alike in spite of an override': [' AND g.off_ids[1] IS NULL THEN', ' THEN'],
    'an override concerns what is held where it is written alone': [
      'JOIN place h ON h.id = above.id',
      'JOIN place h ON h.id = w.scope_id',
    ],
    'an override above concerns nobody': [
      'JOIN switch w ON w.scope_id = above.id',
      'JOIN switch w ON w.scope_id = h.id',
    ],
    'what lifts an override anywhere lifts all of it': [
      ' AND v.scope_id = ANY (e.inherits_from)',
      '',
    ],
    'an override of another target lifts': ['ON e.target = v.target AND NOT', 'ON NOT'],
    'what is lifted somewhere is off everywhere': [
      'SELECT h.id, w.n, w.lifted IS NULL',
      'SELECT h.id, w.n, true',
    ],
    'what is disabled for global rows is read from a root': [
      "WHERE w.scope_id = '00000000-0000-7000-8000-000000000001'\n    ), off",
      'WHERE false\n    ), off',
    ],
    'a pair switches a permission in every role': [
      'WHERE x.role_id IS NULL OR x.role_id = c.role_id',
      '',
    ],
    'an override of a role leaves what it carries': [
      'ON c.role_id = x.role_id\n    WHERE x.permission_id IS NULL\n',
      'ON c.role_id = x.role_id\n    WHERE false\n',
    ],
    'a role that an override concerns is held without it': [
      'FROM held h\n    WHERE (h.role_id, h.scope_id) NOT IN',
      'FROM held h\n    WHERE true OR (h.role_id, h.scope_id) NOT IN',
    ],
    'a switched role is not held anywhere': [
      'FROM switched_roles k JOIN role r ON r.id = k.role_id',
      'FROM switched_roles k JOIN role r ON false',
    ],
    'a role counts where it is not defined': [' AND r.scope_id = ANY (s.path)\n', '\n'],
  }),
  ...inFile('prisma/migrations/20261206000100_keys/migration.sql', {
    'people of an inactive organization act': [
      'WHERE u.is_active AND o.is_active AND',
      'WHERE u.is_active AND',
    ],
    'what teams hold is not held': ['WHERE team_id = ANY (me.team_ids)', 'WHERE false'],
  }),
  ...inFile('prisma/migrations/20261206000400_moved_branches/migration.sql', {
    'a moved scope forgets the tables that were registered': [
      'SELECT name FROM heimdall_table WHERE is_placed ORDER BY name',
      "SELECT name FROM heimdall_table WHERE name = 'form' ORDER BY name",
    ],
  }),
  ...inFile('prisma/migrations/20261126000000_registered_tables/migration.sql', {
    'what is there when a table is registered is governed by nobody': [
      "EXECUTE format('UPDATE %I SET scope_id = scope_id', relation);",
      'NULL;',
    ],
    'everybody writes the registry': [
      "WHEN (current_setting('heimdall.registering', true) IS DISTINCT FROM 'on')",
      'WHEN (false)',
    ],
    'viewers read what is secret': [
      "THEN p.name = 'read' AND viewers_read",
      "THEN p.name = 'read'",
    ],
  }),
  ...inFile('prisma/migrations/20261126000003_text_by_code_points/migration.sql', {
    'a trigger that names a text goes with its collation': ['EXECUTE definition;', 'NULL;'],
    'a table of later keeps the order of a country': [
      'AFTER INSERT OR UPDATE ON "heimdall_table"',
      'AFTER DELETE ON "heimdall_table"',
    ],
  }),
  ...inFile('prisma/migrations/20261126000004_moments/migration.sql', {
    'a moment may be infinite': ['(%3$I >= %4$L AND %3$I < %5$L)', '(%3$I >= %4$L)'],
  }),
  ...inFile('prisma/migrations/20261122000001_team_members/migration.sql', {
    'everybody is a teammate': ['WHERE team_id = ANY (p_team_ids::uuid[]) LIMIT', 'LIMIT'],
    'of many teammates some are forgotten': [
      'IF cardinality(members) > p_most THEN RETURN NULL; END IF;',
      '',
    ],
  }),
  ...inFile('src/data/system-queries.ts', {
    'the farthest row shadows': [
      'nearness(pair) < nearness(known)',
      'nearness(pair) > nearness(known)',
    ],
  }),
  ...inFile('prisma/migrations/20261121000005_rows_governed/migration.sql', {
    'a moved scope leaves its rows behind': [
      'CREATE TRIGGER scope_4_governed AFTER UPDATE ON "scope"\n  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows\n  FOR EACH STATEMENT EXECUTE FUNCTION heimdall_governed_anew();',
      '',
    ],
  }),
  ...inFile('src/data/system-queries.ts', {
    'an id of another version names a root': [
      'scope ?? (root?.organizationId === id ? root : null)',
      'scope ?? root ?? null',
    ],
    'the id of an organization names no place': [
      'scope ?? (root?.organizationId === id ? root : null)',
      'scope ?? null',
    ],
  }),
  // The function is there again, and this is the one that counts.
  ...inFile('prisma/migrations/20261127001000_root_scope_ids/migration.sql', {
    'the pairs of names keep the roots of before': [
      'WHERE near_scope_id IN (SELECT id FROM organization)',
      'WHERE false',
    ],
    'patterns keep the roots of before': ['lower(p.resource_pattern) = o.id::text', 'false'],
    'the triggers stay off': [
      'FOREACH statement IN ARRAY speak LOOP',
      "FOREACH statement IN ARRAY '{}'::text[] LOOP",
    ],
    'an organization has an id like a scope': [
      'IF EXISTS (SELECT FROM scope WHERE id = NEW.id) THEN',
      'IF false THEN',
    ],
    'DEFINE inherits like MERGE': [
      'NEW.inherits_from := NEW.id || CASE WHEN merges THEN parent.inherits_from END;',
      'NEW.inherits_from := NEW.id || parent.inherits_from;',
    ],
  }),
  ...inFile('prisma/migrations/20261128000000_authority/migration.sql', {
    'where somebody is a member is not in their vector': [
      'SELECT organization_id FROM membership WHERE user_id = ANY (users)\n',
      'SELECT organization_id FROM membership WHERE false\n',
    ],
    'where a team is a member is not in the vector of who is in it': [
      'UNION ALL SELECT organization_id FROM membership WHERE team_id = ANY (teams)\n',
      '',
    ],
    'of a change only what is after counts': [
      '(SELECT %2$s FROM old_rows EXCEPT SELECT %2$s FROM new_rows)\n          UNION ALL\n',
      '',
    ],
    'a lock is made stronger': ['AND wanted_exclusive <@ held_exclusive', ''],
  }),
  ...inFile('src/data/write/in-transaction.ts', {
    'a lost COMMIT is known not to have happened': [
      'outcomeUnknown: true',
      'outcomeUnknown: false',
    ],
    'what lost is not tried anew': ['if (!isLost(error) &&', 'if (isLost(error) ||'],
  }),
  ...inFile('src/data/clients/aborted.ts', {
    'a transaction that did nothing is reported as done': ['failure ??= { error };', ''],
  }),
];
