import { inFile, type Mutant } from './mutant.js';

/** Bugs in who administers: inactive organizations, the last admin, seeing as somebody, rows of nobody. */
export const adminMutants: readonly Mutant[] = [
  ...inFile('prisma/migrations/20261201000000_admin_life/migration.sql', {
    'authority is raised under a shared lock': ['IF command IS NOT NULL THEN', 'IF false THEN'],
    'inactive organizations are written in': [
      'WHERE id = touched AND is_active)',
      'WHERE id = touched)',
    ],
    'a write relies on an organization that it has not locked': [
      'IF NOT heimdall_authority_buckets(ARRAY[touched])',
      'IF false AND NOT heimdall_authority_buckets(ARRAY[touched])',
    ],
    'an inactive organization is renamed': [
      "OR TG_OP = 'UPDATE' AND NOT OLD.is_active AND NOT NEW.is_active",
      '',
    ],
    'a provider is deleted': ["    OR TG_OP = 'DELETE' AND OLD.is_provider THEN", '    THEN'],
    'a provider that ceases to be one is deactivated': [
      "    OR TG_OP = 'UPDATE' AND OLD.is_provider AND OLD.is_active AND NOT NEW.is_active\n",
      '',
    ],
    'an admin whose organization is inactive is left': [
      'u.is_platform_admin AND u.is_active AND o.is_active)',
      'u.is_platform_admin AND u.is_active)',
    ],
    'the last admin is deactivated': [
      'NEW.is_platform_admin AND NEW.is_active AND NEW.organization_id',
      'NEW.is_platform_admin AND NEW.organization_id',
    ],
    'the last admin is deleted': [
      'AFTER DELETE ON "user" FOR EACH ROW\n  WHEN (OLD',
      'AFTER DELETE ON "user" FOR EACH ROW\n  WHEN (false AND OLD',
    ],
    'admins see as owners': [
      'DELETE FROM "role_permission" WHERE role_id = \'',
      'DELETE FROM "role_permission" WHERE false AND role_id = \'',
    ],
  }),
  ...inFile('src/policy/seen-as.ts', {
    'who is no admin sees as one': [
      'viewed.isPlatformAdmin && viewer.isPlatformAdmin',
      'viewed.isPlatformAdmin',
    ],
    'who stays at home sees as who does not': [
      'viewed.isProvider && goesAnywhere',
      'viewed.isProvider',
    ],
  }),
  ...inFile('src/commands/view-as.ts', {
    'whoever reads a user sees as them': [
      "if (!(await isPermitted('User', 'viewAs', user, own))) throw await refuse(forbidden());",
      '',
    ],
    'seeing as somebody is not recorded': [
      "await record(parts.client, { ...entryOf(viewer, userId, user, facts), outcome: 'PERMITTED' });",
      '',
    ],
  }),
  ...inFile('src/request/context.ts', {
    'who sees as somebody writes as them': [
      'if (viewer !== undefined) throw readOnly();\n      const writing',
      'const writing',
    ],
  }),
  ...inFile('src/query/guard.ts', {
    'whoever reads rows of nobody is told of them': [
      "return allOf(permitted(decisions.residual(model, 'transfer', extent)), ...missing);",
      'return allOf(...missing);',
    ],
    'a row of a team is nobody’s': [
      "const missing = ['ownerId', 'teamId']",
      "const missing = ['ownerId']",
    ],
  }),
  ...inFile('src/resources/user/reactivate.ts', {
    'whoever changes users gives them back what they held': [
      'assertHeld(session.principal, await heldByUser(session, before.id));',
      'await heldByUser(session, before.id);',
    ],
  }),
  ...inFile('src/identity/bind-identity.ts', {
    'a first contact is not recorded': [
      'if (principal === null) return;',
      'if (principal !== null) return;\n      if (principal === null) return;',
    ],
  }),
];
