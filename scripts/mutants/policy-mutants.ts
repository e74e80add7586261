import { inFile, type Mutant } from './mutant.js';

const YES = "{ op: 'constant', value: true } as const";

/** Bugs in the rules themselves. */
export const policyMutants: readonly Mutant[] = [
  ...inFile('src/policy/access-level.ts', {
    'an inactive row can be used': ["equals('isActive', true),", ''],
    'an unknown access level is open': [
      "equals('accessLevel', 'AUTHENTICATED')",
      "({ op: 'notNull', field: 'accessLevel' } as const)",
    ],
    'ROLE_BASED asks for no role': ['roleResidual(policy, tier, situation)', YES],
    'a role held anywhere opens a row': ['inheritsFromAny(policy, scopeIds, principal)', YES],
    'a role held anywhere opens a global row': ['role.scopeIds.includes(root)', 'root !== null'],
    'a program without a user counts as signed in': ['principal.userId === null ? no : ', ''],
  }),
  ...inFile('src/policy/manage.ts', {
    'a grant for another action counts': [' && grant.action === permission.action', ''],
    'a grant for another type counts': ['grant.resourceType === permission.resource && ', ''],
    'a grant reaches every scope': ['inheritsFromAny(policy, scopeIds, principal),', ''],
    'a grant ignores its pattern': [
      'or(...patterns.map((pattern) => patternResidual(policy, pattern, principal))),\n        reach',
      'reach',
    ],
    'a grant ignores its reach': ['reachResidual(policy, action, dataAccess, principal),', ''],
    'ALL_DATA somewhere absorbs grants elsewhere': [
      '!whole?.scopes.has(id)',
      'whole === undefined',
    ],
    'grants of one pattern share a reach': [
      '`${dataAccess} ${pattern}`',
      'pattern + dataAccess.slice(0, 0)',
    ],
    'grants at other scopes share an arm': [
      '`${dataAccess} ${scopeIds.join()}`',
      'dataAccess as string',
    ],
    'a read grant in a tenant reads every global row': ['policy.readsGlobalRows !== true || ', ''],
    'a grant at the platform root counts in a switched place': ['!place.switched && ', ''],
  }),
  ...inFile('src/policy/inheritance.ts', {
    'what is held below reaches the people at the root': [
      'organizationId !== null && scopeIds.includes(organizationId)',
      'organizationId !== null',
    ],
  }),
  ...inFile('src/policy/reach.ts', {
    'an unresolved team list counts as empty': [
      'const { teams } = principal;',
      'const teams = principal.teams.resolved ? principal.teams : NO_TEAMS;',
    ],
    'a row that lacks only an owner is unowned': ["isNull('createdById'), ", ''],
    'a row of a team is unowned': [", isNull('teamId')", ''],
    'an unowned row can be read by nobody': ["if (action !== 'read') return no;", 'return no;'],
    "OWN_DATA covers the team's rows": [
      'coverage(policy, action, principal, NO_TEAMS),',
      'coverage(policy, action, principal, principal.teams.resolved ? principal.teams : NO_TEAMS),',
    ],
    'TEAM_DATA forgets what teammates own': ["byTeammate(teams, 'ownerId', 'owner'),", ''],
    'teammates who were not counted are none': ['? related(relation, isTeammate(teams))', '? no'],
    'teammates who were counted own nothing': [': oneOf(column, teams.memberIds)', ': no'],
    'OWN_DATA covers every user': [
      "user: (userId) => equals('id', userId)",
      `user: () => (${YES})`,
    ],
  }),
  ...inFile('src/policy/pattern.ts', {
    'prefix/* needs no slash': ['pattern.slice(0, -1)', 'pattern.slice(0, -2)'],
    'owned asks for the creator': ["equals('ownerId', userId)", "equals('createdById', userId)"],
    'a strange pattern matches everything': [
      "if (!pattern.endsWith('/*') || pattern.indexOf('*') !== pattern.length - 1) return no;",
      `if (!pattern.endsWith('/*') || pattern.indexOf('*') !== pattern.length - 1) return ${YES};`,
    ],
  }),
  ...inFile('src/policy/like.ts', {
    'the pattern characters of LIKE are not literal': ["'\\\\$&'", "'$&'"],
  }),
  ...inFile('src/policy/situation.ts', {
    'any member of a provider acts anywhere': [
      'principal.isProvider && principal.grants.some',
      'principal.isProvider || principal.grants.some',
    ],
    'actIn counts wherever it is held': [
      'grant.scopeIds.includes(principal.organizationId)',
      'grant.scopeIds.length > 0',
    ],
  }),
  ...inFile('src/policy/tenancy.ts', {
    'any tenant is reachable': ['if (canActAnywhere(principal))', 'if (principal !== null)'],
    'a scope covers the whole organization': [
      'return oneOf(home.place, coverage.scopeIds);',
      'return oneOf(home.organization, coverage.scopeIds.slice(-1));',
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
  ...inFile('src/policy/condition.ts', {
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
      '[...(testOf(before)?.values ?? []), ...test.values]',
      '[...test.values]',
    ],
    'an empty list of values matches': [
      'if (first === undefined) return no;\n',
      'if (first === undefined) return yes;\n',
    ],
  }),
  ...inFile('src/policy/resolve.ts', {
    'via asks nothing of the related row': [
      'return related(predicate.relation, resolve(policies, target, predicate.action, there));',
      'return related(predicate.relation, or(yes, resolve(policies, target, predicate.action, there)));',
    ],
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
  }),
];
