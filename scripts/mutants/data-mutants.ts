import { inFile, type Mutant } from './mutant.js';

/** Bugs in the rewriting of calls, and in what the database keeps. */
export const dataMutants: readonly Mutant[] = [
  ...inFile('src/data/enforce/selection.ts', {
    'counts forget the policy': [
      'return [name, { where: allOf(rules.nestedWhere(field.type), where) }];',
      'return [name, { where }];',
    ],
    'nested rows forget the policy': [
      'const narrowed = allOf(\n    rules.nestedWhere(field.type),',
      'const narrowed = allOf(',
    ],
    'sealed columns come along': ['sealed.length === 0', 'sealed.length >= 0'],
    'nested lists can be sorted by anything': [
      'checkOrderBy(rules, field.type, args.orderBy);',
      '',
    ],
  }),
  ...inFile('src/data/enforce/where.ts', {
    'some sees hidden rows': [
      '[quantifier]: allOf(visible, rewriteWhere(rules, target, inner))',
      '[quantifier]: rewriteWhere(rules, target, inner)',
    ],
    'every sees hidden rows': [
      '{ none: allOf(visible, rewriteNegated(rules, target, inner)) }',
      '{ none: rewriteNegated(rules, target, inner) }',
    ],
    'a null column leaves a negation undecided': [
      'return hasNulls && !isDefinite(value) ? { [name]: { not: null } } : {};',
      'return {};',
    ],
    'is sees hidden rows': ['allOf(rules.definiteWhere(target), inner)', 'inner'],
    'NOT forgets De Morgan': ["(op === 'and') !== negated", "op === 'and'"],
    'an empty OR matches every row': [
      'if (first === undefined) return rules.nothing(model);',
      'if (first === undefined) return {};',
    ],
    'a management field can be filtered by anybody': [
      "return fieldClass === 'managed' ? allOf(rules.managedWhere(model), signed) : signed;",
      'return signed;',
    ],
  }),
  ...inFile('src/data/enforce/plain.ts', {
    'an undefined operand is dropped': [
      'if (value === undefined) throw new EnforcementError(`${what} is undefined`);',
      '',
    ],
  }),
  ...inFile('src/data/enforce/operations.ts', {
    'count forgets the policy': [
      'checkAggregate(rules, model, args.select);\n  return { ...args, where: rootWhere(rules, model, args.where) };',
      'checkAggregate(rules, model, args.select);\n  return { ...args };',
    ],
    'groupBy forgets the policy': [
      'for (const name of FUNCTIONS) checkAggregate(rules, model, args[name]);\n  return { ...args, where: rootWhere(rules, model, args.where) };\n};\n\n/** INV',
      'for (const name of FUNCTIONS) checkAggregate(rules, model, args[name]);\n  return { ...args };\n};\n\n/** INV',
    ],
    'findUnique forgets the policy': ['{ AND: [narrowed] }', '{}'],
    'a cursor may name a hidden row': [
      'if (given.cursor === undefined) return { args: rewritten };',
      'if (given !== undefined) return { args: rewritten };',
    ],
    'groups can be filtered by anything': ['checkHaving(rules, model, args.having);', ''],
  }),
  ...inFile('src/data/enforce/rules.ts', {
    'what a policy does not name is open': [
      "return managed.includes(name) ? 'managed' : 'selectable';",
      "return managed.includes(name) ? 'managed' : 'open';",
    ],
    'relations are placed like lists': [
      "return this.#where(model, 'read', 'reachable');",
      "return this.#where(model, 'read', this.situation.variant);",
    ],
  }),
  ...inFile('src/data/enforce/enforced-client.ts', {
    'who sees a part is told there is nothing': [
      "if (!isConstant(rules.condition(model, 'read'), false)) return undefined;",
      "if (isConstant(rules.condition(model, 'read'), true)) return undefined;",
    ],
  }),
  ...inFile('prisma/migrations/20261126000001_principal_of_many/migration.sql', {
    'people of an inactive organization act': [
      'WHERE u.is_active AND o.is_active AND',
      'WHERE u.is_active AND',
    ],
    'a permission with a condition is one without': ['AND p.condition IS NULL\n', '\n'],
    'what teams hold is not held': ['WHERE team_id = ANY (me.team_ids)', 'WHERE false'],
    'what is alike is alike in spite of an override': [' AND g.off_ids[1] IS NULL THEN', ' THEN'],
    'an override of a role counts where it is written alone': [
      'JOIN place h ON h.scope_id = above.id',
      'JOIN place h ON h.scope_id = v.scope_id',
    ],
    'a role counts where it is not defined': [' AND r.scope_id = ANY (s.path)\n', '\n'],
  }),
  ...inFile('prisma/migrations/20261126000000_registered_tables/migration.sql', {
    'a moved scope forgets the tables that were registered': [
      'SELECT name FROM heimdall_table WHERE is_placed ORDER BY name',
      "SELECT name FROM heimdall_table WHERE name = 'form' ORDER BY name",
    ],
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
  ...inFile('src/data/enforce/permitted.ts', {
    'what is unknown of a row is a yes': [
      "return evaluate(rules.condition(model, action, 'reachable'), row);",
      "const answer = evaluate(rules.condition(model, action, 'reachable'), row);\n  return answer === 'unknown' ? 'yes' : answer;",
    ],
    'every row permits everything': [
      'return new Set(found.map((row) => row.id));',
      'return new Set(found.length >= 0 ? ids : []);',
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
  ...inFile('prisma/migrations/20261121000002_tree/migration.sql', {
    'DEFINE inherits like MERGE': [
      'NEW.inherits_from := NEW.id || CASE WHEN merges THEN parent.inherits_from END;',
      'NEW.inherits_from := NEW.id || parent.inherits_from;',
    ],
  }),
];
