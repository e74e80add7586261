import { inFile, type Mutant } from './mutant.js';

const YES = "{ op: 'constant', value: true } as const";

/** Bugs in the rules themselves. */
export const policyMutants: readonly Mutant[] = [
  ...inFile('src/policy/roles-at.ts', {
    'a role held anywhere is a role at every place': [
      'role.scopeIds.some((id) => inheritsFrom.includes(id)) && isOnAt(role, inheritsFrom)',
      'isOnAt(role, inheritsFrom)',
    ],
    'a role is told where an override disables it': [' && isOnAt(role, inheritsFrom)', ''],
  }),
  ...inFile('src/policy/access-level.ts', {
    'an inactive row can be used': ["equals('isActive', true),", ''],
    'an unknown access level is open': [
      "equals('accessLevel', 'AUTHENTICATED')",
      "({ op: 'notNull', field: 'accessLevel' } as const)",
    ],
    'ROLE_BASED asks for no role': ['roleResidual(policy, tier, situation)', YES],
    'a role held anywhere opens a row': [
      "or(pairs(['roleIds', inherits.field], 'usableBy', groups), ...apart)",
      "overlaps('roleIds', groups.flatMap(({ firsts }) => firsts))",
    ],
    'a role held anywhere opens a row at a root': [
      'inheritsFromAny(policy, { scopeIds: seconds }, principal)',
      YES,
    ],
    'a role counts at the scopes of another role': [
      "or(pairs(['roleIds', inherits.field], 'usableBy', groups), ...apart)",
      "and(overlaps('roleIds', groups.flatMap(({ firsts }) => firsts)), overlaps(inherits.field, groups.flatMap(({ seconds }) => seconds)))",
    ],
    'a role held anywhere opens a global row': ['countsForGlobalRows(role, root)', 'root !== null'],
    'a program without a user counts as signed in': ['principal.userId === null ? no : ', ''],
  }),
  ...inFile('src/policy/condition-residual.ts', {
    'what is unknown is false': [
      'if (known === null) return no;',
      'if (known === null) return wanted ? no : yes;',
    ],
    'what is false of a part is true of the whole': [
      "(condition.is === 'all') === wanted ? and(...parts) : or(...parts)",
      "condition.is === 'all' ? and(...parts) : or(...parts)",
    ],
    'not is read as nothing': [
      'return again(condition.of, !wanted);',
      'return again(condition.of, wanted);',
    ],
    'the opposite of less is greater': ["less: 'atLeast',", "less: 'greater',"],
    'what is missing is among no others': [
      'return wanted ? or(...tests) : and(isThere, ...tests);',
      'return wanted ? or(...tests) : and(...tests);',
    ],
    'teams that are not known are none': [
      'return teams.resolved ? teams.ids : null;',
      'return teams.resolved ? teams.ids : [];',
    ],
  }),
  ...inFile('src/policy/manage.ts', {
    'a condition is taken for true': ['        conditionOf(policy, grant, principal),\n', ''],
    'what is no condition is true': [
      "return rule('D11', 'the condition of a permission is not understood', no);",
      "return rule('D11', 'the condition of a permission is not understood', yes);",
    ],
    'a grant on a condition covers all there is': ['if (grants !== undefined) return [];', ''],
  }),
  ...inFile('src/policy/switches.ts', {
    'what disables is not asked for': ['if (within.length === 0) return yes;', 'return yes;'],
    'what lifts is not asked for': [', overlaps(field, liftedAt)),', '),'],
    'what is lifted somewhere is on everywhere': [
      'const lifted = within.filter(({ liftedAt }) => liftedAt.length > 0);',
      'const lifted: typeof within = [];',
    ],
    'what is off at a root counts there': [
      'held.scopeIds.includes(root) && !isOffAt(held, root)',
      'held.scopeIds.includes(root)',
    ],
    'what is off at the platform counts for global rows': [
      'countsAtRoot(held, root) && !isOffAt(held, PLATFORM_ROOT_ID)',
      'countsAtRoot(held, root)',
    ],
    'what is switched otherwise is switched alike': [
      '`${disabledAt}<${[...liftedAt].sort().join()}`',
      '`${liftedAt.length}`',
    ],
  }),
  ...inFile('src/policy/evaluate.ts', {
    'what is no list lacks everything': [
      'Array.isArray(value) && !value.some(',
      '!Array.isArray(value) || !value.some(',
    ],
  }),
  ...inFile('src/policy/inheritance.ts', {
    'of what outlives its scope what is disabled now is on': [
      '? and(reached, related(inherits.relation, reached))',
      '? and(reached, related(inherits.relation, overlaps(inherits.field, scopeIds)))',
    ],
  }),
  ...inFile('src/policy/manage.ts', {
    'what an override concerns stands in for the rest': [
      'if (switches !== undefined) continue;',
      '',
    ],
    'a grant for another action counts': [' && grant.action === permission.action', ''],
    'a grant for another type counts': ['grant.resourceType === permission.resource && ', ''],
    'a grant reaches every scope': [
      'inheritsFromAny(policy, { scopeIds, switches }, principal, at),',
      '',
    ],
    'a grant ignores its pattern': [
      'or(...shared.map(({ pattern }) => patternResidual(policy, pattern, principal))),',
      '',
    ],
    'a grant ignores its reach': ['reachResidual(policy, action, dataAccess, principal),', ''],
    'ALL_DATA somewhere absorbs grants elsewhere': [
      '!covering.some((scopes) => scopes.has(id))',
      'covering.length === 0',
    ],
    'grants of one pattern share a reach': [
      'const key = keyOf(dataAccess, pattern);',
      'const key = [...scopesOf.keys()].find((one) => split(one)[1] === pattern) ?? keyOf(dataAccess, pattern);',
    ],
    'grants of one scope share a reach': [
      'const key = `${dataAccess} ${switchesKey(one)}`;',
      'const key = switchesKey(one);',
    ],
    'OWN_DATA is left to TEAM_DATA without a list of teams': [
      "teams.resolved ? ['TEAM_DATA', 'ALL_DATA'] : ['ALL_DATA']",
      "teams.resolved ? ['TEAM_DATA', 'ALL_DATA'] : ['ALL_DATA', 'TEAM_DATA']",
    ],
    'OWN_DATA absorbs TEAM_DATA': [
      "TEAM_DATA: ['ALL_DATA']",
      "TEAM_DATA: ['ALL_DATA', 'OWN_DATA']",
    ],
    'a grant on another pattern absorbs': [
      "[keyOf(reach, '*'), keyOf(reach, pattern)]",
      '[...scopesOf.keys()].filter((one) => split(one)[0] === reach)',
    ],
    'whoever reads global rows changes them': [
      " || action !== 'read') return false",
      ') return false',
    ],
    'a read grant in a tenant reads every global row': ['policy.readsGlobalRows !== true || ', ''],
    'a grant at the platform root counts in a switched place': ['!place.switched && ', ''],
  }),
  ...inFile('src/policy/by-scopes.ts', {
    'what is held at other scopes is held at these': ['[...one.scopeIds].sort().join()', "''"],
  }),
  ...inFile('src/policy/inheritance.ts', {
    'what is held below reaches the people at the root': [
      'organizationId !== null && held.includes(organizationId)',
      'organizationId !== null',
    ],
  }),
  ...inFile('src/policy/root-scope.ts', {
    'every scope is the root of something': [
      "scopeId.charAt(VERSION_DIGIT) === '8'",
      "scopeId !== ''",
    ],
    'a root scope has the id of its organization': [
      "return withVersion(organizationId, '8');",
      'return organizationId;',
    ],
  }),
  ...inFile('src/policy/reach.ts', {
    'an unresolved team list counts as empty': [
      'const { teams } = principal;',
      'const teams = principal.teams.resolved ? principal.teams : NO_TEAMS;',
    ],
    'a row that lacks only an owner is unowned': ["isNull('createdById'), ", ''],
    'a row of a team is unowned': [", isNull('teamId')", ''],
    'an unowned row can be read by nobody': [
      "if (action !== 'read' || isNeverNobodys === true) return no;",
      'return no;',
    ],
    "OWN_DATA covers the team's rows": [
      'reachedBy(policy, action, principal, NO_TEAMS),',
      'reachedBy(policy, action, principal, principal.teams.resolved ? principal.teams : NO_TEAMS),',
    ],
    'TEAM_DATA forgets what teammates own': ["byTeammate(teams, 'ownerId', 'owner'),", ''],
    'teammates who were not counted are none': ['? related(relation, isTeammate(teams))', '? no'],
    'teammates who were counted own nothing': [
      ': oneOf(column, teams.memberIds, TEAMMATES)',
      ': no',
    ],
    'OWN_DATA covers every user': [
      "user: (userId) => equals('id', userId, USER)",
      `user: () => (${YES})`,
    ],
  }),
  ...inFile('src/policy/pattern.ts', {
    'prefix/* needs no slash': ['pattern.slice(0, -1)', 'pattern.slice(0, -2)'],
    'owned asks for the creator': ["equals('ownerId', userId, ", "equals('createdById', userId, "],
    'a strange pattern matches everything': [
      "if (!pattern.endsWith('/*') || pattern.indexOf('*') !== pattern.length - 1) return no;",
      `if (!pattern.endsWith('/*') || pattern.indexOf('*') !== pattern.length - 1) return ${YES};`,
    ],
  }),
  ...inFile('src/policy/situation.ts', {
    'any member of a provider acts anywhere': [
      'principal.isProvider && principal.grants.some',
      'principal.isProvider || principal.grants.some',
    ],
    'actIn counts wherever it is held': [
      'countsAtRoot(grant, rootScopeId(principal.organizationId))',
      'grant.scopeIds.length > 0',
    ],
  }),
  ...inFile('src/policy/tenancy.ts', {
    'any tenant is reachable': ['if (canActAnywhere(principal))', 'if (principal !== null)'],
    'a scope covers the whole organization': [
      ": oneOf(home.scope, coverage.scopeIds, 'place.scopeIds');",
      ": oneOf(home.organization, rootedAt(coverage.scopeIds), 'place.scopeIds');",
    ],
    'who lives at roots is in no scope': [
      "oneOf(home.scope, rootedAt(coverage.scopeIds), 'place.rootedIds')",
      "oneOf(home.scope, coverage.scopeIds, 'place.rootedIds')",
    ],
    'the global tier covers tenants': [
      "case 'global':\n      return no;",
      "case 'global':\n      return notNull(home.organization);",
    ],
    'nothing shadows': ['if (place.includeShadowed || place.chain.length === 0)', 'if (place)'],
    'only the nearest scope shadows': [
      "tier === 'tenant' ? chain.slice(0, -1) : chain",
      "tier === 'tenant' ? chain.slice(0, 0) : chain.slice(0, 1)",
    ],
  }),
  ...inFile('src/policy/residual.ts', {
    'an empty list of values matches': [
      'if (first === undefined) return no;\n  if (others.length === 0 &&',
      'if (first === undefined) return yes;\n  if (others.length === 0 &&',
    ],
    'an empty list of values overlaps': [
      'values.length === 0 ? no :',
      'values.length === 0 ? yes :',
    ],
    'no pairs match': [
      'if (first === undefined) return no;\n  if (others.length > 0)',
      'if (first === undefined) return yes;\n  if (others.length > 0)',
    ],
    'a role without scopes is held everywhere': [
      'return and(overlaps(fields[0], first.firsts), overlaps(fields[1], first.seconds));',
      'return overlaps(fields[0], first.firsts);',
    ],
  }),
  ...inFile('src/policy/simplify.ts', {
    'an empty AND is no, an empty OR yes': [
      'if (first === undefined) return absorbing ? no : yes;',
      'if (first === undefined) return absorbing ? yes : no;',
    ],
    'AND and OR are swapped': ["const absorbing = op === 'or';", "const absorbing = op === 'and';"],
    'tests of two columns are merged': ['`${test.op} ${test.field}`', 'test.op'],
    'tests that both must hold are merged': [
      "op === 'or' ? mergeTests(kept) : kept",
      'mergeTests(kept)',
    ],
    'of merged tests the last one counts': [
      '[...known.operands, ...test.operands]',
      '[...test.operands]',
    ],
    'of conjuncts the wider stays': [
      "op === 'or' ? implies(narrow, wide) : implies(wide, narrow)",
      'implies(narrow, wide)',
    ],
    'of alternatives the narrower stays': [
      "op === 'or' ? implies(narrow, wide) : implies(wide, narrow)",
      'implies(wide, narrow)',
    ],
    'of two that say the same none stays': [' || (at > index && covers(part, other))', ''],
    'none that satisfies no is no': [
      'isConstant(of, false) ? yes : { ...residual, of }',
      'isConstant(of, false) ? no : { ...residual, of }',
    ],
  }),
  ...inFile('src/policy/implies.ts', {
    'a list of values implies one of fewer': [
      'const allowed = new Set(valuesOf(wide.operands));\n      return valuesOf(narrow.operands)',
      'const allowed = new Set(valuesOf(narrow.operands));\n      return valuesOf(wide.operands)',
    ],
    'lists that share a value imply each other': [
      'every((value) => allowed.has(value))',
      'some((value) => allowed.has(value))',
    ],
    'a value implies any list': [
      "wide.op === 'oneOf' && valuesOf(wide.operands).includes(narrow.value as string)",
      "wide.op === 'oneOf'",
    ],
    'a value implies any other': ['return wide.value === narrow.value;', 'return true;'],
    'a value implies that of another column': [
      "case 'equals':\n      if (!('field' in wide) || wide.field !== narrow.field) return false;",
      "case 'equals':\n      if (!('field' in wide)) return false;",
    ],
    'a list implies that of another column': [
      "case 'overlaps': {\n      if (!('field' in wide) || wide.field !== narrow.field) return false;",
      "case 'overlaps': {\n      if (!('field' in wide)) return false;",
    ],
    'being among values implies overlapping them': [
      'if (wide.op !== narrow.op) return false;',
      "if (wide.op !== 'oneOf' && wide.op !== 'overlaps') return false;",
    ],
    'a null column implies another': [
      "wide.op === 'isNull' && wide.field === narrow.field",
      "wide.op === 'isNull'",
    ],
    'a prefix implies a longer one': [
      'narrow.value.startsWith(wide.value)',
      'wide.value.startsWith(narrow.value)',
    ],
    'none of fewer implies none of more': [
      'implies(wide.of, narrow.of)',
      'implies(narrow.of, wide.of)',
    ],
    'a related row implies another': [
      'wide.op === narrow.op && wide.relation === narrow.relation && implies',
      'wide.op === narrow.op && implies',
    ],
    'what implies a part implies the whole': [
      "if (wide.op === 'and') return wide.of.every(",
      "if (wide.op === 'and') return wide.of.some(",
    ],
    'what one alternative implies all imply': [
      "if (narrow.op === 'or') return narrow.of.every(",
      "if (narrow.op === 'or') return narrow.of.some(",
    ],
    'everything implies anything': [
      "narrow.op === 'constant' && !narrow.value",
      "narrow.op === 'constant'",
    ],
  }),
  ...inFile('src/policy/decisions.ts', {
    'what a policy does not name is open': [
      "return managed.includes(field) ? 'managed' : 'shown';",
      "return managed.includes(field) ? 'managed' : 'open';",
    ],
    'what is sealed is shown': ["if (sealed.includes(field)) return 'sealed';", ''],
    'parts of a place share what is placed': [
      'this.#reachable = along === undefined ? new Map() : along.#reachable;',
      'this.#reachable = along === undefined ? new Map() : along.#reachable;\n    if (along !== undefined) this.#placed = along.#placed;',
    ],
    'what is placed is what is reachable': [
      "extent.kind === 'placed' ? this.#placed : this.#reachable",
      'this.#reachable',
    ],
    'the tiers share a decision': ['`${model} ${action} ${tier}`', '`${model} ${action}`'],
    'a tier is everything': [
      'const situation: Situation = { principal, place, extent };',
      "const situation: Situation = { principal, place, extent: tier === undefined ? extent : { kind: 'placed' } };",
    ],
    'actions share a decision': ['`${model} ${action} ${tier}`', '`${model} ${tier}`'],
  }),
  ...inFile('src/policy/deciding-columns.ts', {
    'who manages is decided without the place of the row': [
      'for (const column of [home.organization, home.inherits.field]) columns.add(column);',
      '',
    ],
    'who manages is decided without the owner': ['...OWNERSHIP[policy.ownership],', ''],
    'who may use is decided without the roles': [", 'roleIds'];", '];'],
  }),
  ...inFile('src/policy/resolve.ts', {
    'via asks nothing of the related row': [
      'return related(predicate.relation, resolve(policies, target, predicate.action, there));',
      'return related(predicate.relation, or(yes, resolve(policies, target, predicate.action, there)));',
    ],
    'via is placed like lists': ['extent: REACHABLE,', 'extent: situation.extent,'],
    'a tier is both tiers': ['tier === undefined ? TIERS : [tier]', 'TIERS'],
    'tenancy is forgotten': [
      "rule('D4', `tenancy: ${tier} rows`, tenancyResidual(policy, tier, situation)),",
      '',
    ],
  }),
  ...inFile('src/policy/evaluate.ts', {
    'unknown counts as yes': [
      "if (value === undefined) return 'unknown';",
      "if (value === undefined) return 'yes';",
    ],
    'unknown pairs count as yes': [
      "if (!Array.isArray(first) || !Array.isArray(second)) return 'unknown';",
      "if (!Array.isArray(first) || !Array.isArray(second)) return 'yes';",
    ],
    'the halves of pairs are mixed up': [
      'firsts.some((one) => first.includes(one)) && seconds.some(',
      'firsts.some((one) => first.includes(one)) && groups.flatMap((group) => group.seconds).some(',
    ],
    'one half of a pair is enough': [
      'first.includes(one)) && seconds',
      'first.includes(one)) || seconds',
    ],
    'none is decided like some': [
      'return negate(onSome(residual, row));',
      'return onSome(residual, row);',
    ],
    'the negation of unknown is yes': [
      "if (one === 'unknown') return 'unknown';\n  return one",
      'return one',
    ],
    'of unknown and yes the junction is yes': ["if (one === 'unknown') result = 'unknown';", ''],
  }),
];
