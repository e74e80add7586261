import { inFile, type Mutant } from './mutant.js';

/** Bugs in what comes to be held by whom: roles, permissions, memberships (D8, D21, D23). */
export const grantingMutants: readonly Mutant[] = [
  ...inFile('src/resources/role/widening.ts', {
    'a role comes to carry what its changer does not hold': [
      'if (gained.length > 0) await assertHeldWhereverItIs',
      'if (gained.length > 1_000) await assertHeldWhereverItIs',
    ],
    'a role gains where it is defined alone': [
      'for (const place of places) {',
      'for (const place of places.slice(0, 0)) {',
    ],
    'what a role carried is what it carries': [
      '!had.some((other) => isSameOrLess(one, other))',
      'had.length === 0',
    ],
  }),
  ...inFile('src/resources/membership/assigning.ts', {
    'whoever makes members assigns roles': [
      "residual('Role', 'assign'), there) === 'yes'",
      "residual('Role', 'assign'), there) !== 'unknown'",
    ],
    'what an assigned role carries need not be held': [
      '    assertHeld(principal, { roles, permissions });\n',
      '',
    ],
  }),
  ...inFile('src/commands/change.ts', {
    'what is defined elsewhere can be used': [
      'if (by.definedAbove && far.issues.length === 0)',
      'if (false && by.definedAbove && far.issues.length === 0)',
    ],
  }),
  ...inFile('src/commands/checks/permission.ts', {
    'a type has any action': ['!known.includes(String(action))', 'known.length === 0'],
    'a pattern has stars anywhere': ["!stem.includes('*')", "stem !== '*'"],
  }),
  ...inFile('src/commands/tree/meta.ts', {
    'a scope’s meta gives away what conditions read of it': [
      'if (changes.length > 0) await assertScopeGivesNothing(session, before);',
      '',
    ],
  }),
  ...inFile('src/commands/tree/flip-mode.ts', {
    'the name of a type gives away what conditions read of it': [
      'if (name !== undefined && name !== before.name) await assertNameGivesNothing(session, before);',
      '',
    ],
  }),
  ...inFile('src/resources/team/members.ts', {
    'a team gives away what conditions read of who is in it': [
      "      await assertConditionsGiveNothing(session, ofUsers(userIds), 'principal.teamIds');\n",
      '',
    ],
  }),
  ...inFile('src/resources/permission/condition.ts', {
    'a condition is taken as it comes': [
      'if (issues.length > 0) {',
      'if (issues.length > 1_000) {',
    ],
  }),
  ...inFile('src/commands/escalation.ts', {
    'whoever owns a scope gives what the gateway knows': [
      'if (Object.hasOwn(ACTIONS, given.resourceType)) return false;',
      '',
    ],
    'anybody gives what only others know': [
      'role.roleId === SYSTEM_ROLES.Owner && isHeldThroughout',
      'isHeldThroughout',
    ],
  }),
  ...inFile('src/commands/escalation.ts', {
    'whoever assigns their own roles gives any': ["      grant.dataAccess === 'ALL_DATA' &&\n", ''],
    'whoever assigns roles makes owners': [
      'if (isHeldThere || roleId === SYSTEM_ROLES.Owner) return isHeldThere;',
      'if (isHeldThere) return isHeldThere;',
    ],
  }),
  ...inFile('src/commands/mates.ts', {
    'to be in a team is not to own it': [
      " || (dataAccess === 'OWN_DATA' && resourceType === 'team')",
      '',
    ],
    'who brings teammates together holds less': [
      "dataAccess: 'ALL_DATA' }",
      "dataAccess: 'OWN_DATA' }",
    ],
  }),
  ...inFile('src/commands/session.ts', {
    'to use a row is to hold its reading': [
      "action === 'read' && isManaged ? MANAGE : action",
      'action',
    ],
  }),
  ...inFile('src/commands/sweep-expired.ts', {
    'what ends later is swept as well': [
      'now.getTime() - days',
      'now.getTime() + 9 * DAY_MS - days',
    ],
    'roles on what has ended are counted twice': [
      'membership: { OR: [{ expiresAt: null }, { expiresAt: { gt: expiresAt.lte } }] },',
      '',
    ],
    'what is swept is not recorded': [
      '  await record(tx, ...entries);\n  return ended.length;\n}\n\n/**',
      '  return ended.length;\n}\n\n/**',
    ],
  }),
  ...inFile('src/commands/tree/gains.ts', {
    'what is lifted by a move is given by anybody': [
      'await assertHoldsRegained(session, lifted, (one) => without(principal, one));',
      '',
    ],
    'what has ended is asked of who moves a scope': [
      'const membership = { ...counts, scopeId: { in: [...scopeIds] } };',
      'const membership = { scopeId: { in: [...scopeIds] } };',
    ],
    'only what ends by itself is asked of who moves a scope': [
      'const counts = unexpired(await databaseClock(tx));\n  const membership',
      'const counts = { expiresAt: { gt: await databaseClock(tx) } };\n  const membership',
    ],
  }),
  ...inFile('src/commands/tree/renewed.ts', {
    'what is done in one’s own scope is not recorded': [
      'createSession(within, session)',
      'createSession(within, { aim: session.aim, organizationId: session.organizationId })',
    ],
  }),
  ...inFile('src/decisions/decide-row.ts', {
    'others are told of what is held behind walls': [
      'isAsker ? principal : holdingAt(principal, spotOfRow(policy, row).inheritsFrom)',
      'principal',
    ],
  }),
  ...inFile('src/resources/membership/subject.ts', {
    'a membership is of anybody': ['.length === 1', '.length >= 0'],
  }),
  ...inFile('prisma/migrations/20261205000000_granting/migration.sql', {
    'whose membership it is does not learn of it': [
      'UNION SELECT u.organization_id FROM changed c JOIN "user" u ON u.id = c.user_id\n  UNION SELECT t.organization_id FROM changed c JOIN team t ON t.id = c.team_id\n  UNION SELECT k.',
      'UNION SELECT t.organization_id FROM changed c JOIN team t ON t.id = c.team_id\n  UNION SELECT k.',
    ],
    'a role is deleted from who holds it': ["'role_id', 'membership', ", "'role_id', "],
    'a role is deleted from what it opens': ["'membership', 'form', ", "'membership', "],
    'a permission is deleted from roles': [
      "heimdall_in_use('permission_id', 'role')",
      "heimdall_in_use('permission_id')",
    ],
  }),
  ...inFile('src/data/up-to-date.ts', {
    'what was taken from a role is given back': [
      '    FROM jsonb_to_recordset($1::jsonb) w (type text, action text)\n    ON CONFLICT DO NOTHING',
      '    FROM jsonb_to_recordset($1::jsonb) w (type text, action text)\n    ON CONFLICT (scope_id, key) DO UPDATE SET action = EXCLUDED.action',
    ],
    'shares are for editors': [
      '$2::jsonb) g (type text, action text, role uuid)\n      ON g.type = m.resource_type AND g.action = m.action',
      '$2::jsonb) g (type text, action text, role uuid)\n      ON g.type = m.resource_type',
    ],
  }),
];
