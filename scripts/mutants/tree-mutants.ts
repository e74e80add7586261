import { inFile, type Mutant } from './mutant.js';

/** Bugs in how scopes and their types are written: who may, and what a change of the tree gives away. */
export const treeMutants: readonly Mutant[] = [
  ...inFile('src/policy/inheritance.ts', {
    'a scope’s own is decided at its parent': [
      'overlaps(itself, scopeIds), switchedOn(itself, switches)',
      'overlaps(inherits.field, scopeIds), switchedOn(itself, switches)',
    ],
  }),
  ...inFile('src/commands/subtree.ts', {
    'a subtree is moved without a look at its scopes': [
      'if (home?.itself !== undefined) await assertAllPermit(session, policy, scopes, below);',
      'if (home?.itself !== undefined) continue;',
    ],
    'a subtree is moved without a look at its rows': [
      'await assertAllPermit(session, policy, action, { scope: below });',
      '',
    ],
    'of a subtree one permitted row is enough': ['if (allowed < all)', 'if (allowed === 0)'],
  }),
  ...inFile('src/commands/tree/move-scope.ts', {
    'a moved scope is not given away as a row': [
      'await assertHoldsAll(session, writable, before);',
      '',
    ],
    'a scope is moved where none could be made': [
      "if (isRuledOut(session, model, 'create', proposed)) throw notThere();",
      '',
    ],
    'a move takes along whatever lives there': [
      "await assertMayDoWithSubtree(session, before.id, 'move');",
      '',
    ],
    'a move lets in what is held above': [
      'await assertMayGive(session, [{ organizationId, inheritsFrom, roleIds }]);',
      '',
    ],
    'what is held where a scope goes counts as held in it': [
      'await assertMayGive(session, [{ organizationId, inheritsFrom, roleIds }]);',
      'await assertMayGive(session, [{ organizationId, inheritsFrom: [...inheritsFrom, ...entered], roleIds }]);',
    ],
    'a move lifts overrides': [
      'await assertMayLift(session, await liftedBy(session, before, spot));',
      '',
    ],
    'an override that enables is moved under': [
      'return enabling.some((one) => one.roleId === roleId && one.permissionId === permissionId);',
      'return false;',
    ],
    'a move into a too deep place is left to the database': [
      'await heightOf(session, before.id, before.path as readonly string[])',
      '1',
    ],
    'stranded permissions are left to the database': [
      'where: { role: below, permission: definedThere },',
      'where: { role: below, permission: { scopeId: before.id } },',
    ],
  }),
  ...inFile('src/commands/tree/flip-mode.ts', {
    'only what ends by itself is let in by who holds it': [
      'm.scope_id = entered.id AND (m.expires_at IS NULL OR m.expires_at > ${now})',
      'm.scope_id = entered.id AND m.expires_at > ${now}',
    ],
    'a role that has ended is asked of who lets it in': [
      'a.membership_id = m.id AND (a.expires_at IS NULL OR a.expires_at > ${now})',
      'a.membership_id = m.id',
    ],
    'a flipped mode lets anybody in': [
      'if (does) await assertMayLetIn(session, before);\n  else ',
      '',
    ],
    'a flipped mode lets in what is beyond the next wall': ['AND entered.ended IS NOT TRUE', ''],
    'a flipped mode leaves overrides behind': [
      'else await assertMayLift(session, await overridesAbove(session, before));',
      '',
    ],
  }),
  ...inFile('src/commands/tree/link-types.ts', {
    'who updates the child links it anywhere': [
      'const needed = parent.organizationId === null ? [child] : [child, parent];',
      'const needed = [child];',
    ],
    'cycles of types are left to the database': ['await assertNoCycle(session, links);\n', ''],
  }),
  ...inFile('src/commands/tree/own.ts', {
    'a platform admin owns what they make anywhere': [
      ' || (isPlatformAdmin && organizationId !== home)',
      '',
    ],
  }),
  ...inFile('src/commands/tree/create-scope.ts', {
    'nobody owns a new wall': ['if (defines) await ownAsMaker(there, row);', ''],
    'a hidden scope is named by its external id': [
      'return readable?.id ?? null;',
      'return found.id;',
    ],
    'what is just owned is not known yet': ['if (defines) acting = await renewed(acting);', ''],
  }),
  ...inFile('src/resources/scope/scope-commands.ts', {
    'a link is decided by the tree as it was': ['acting = await renewed(acting);', ''],
  }),
  ...inFile('src/commands/tree/delete-scope.ts', {
    'a subtree is deleted by who may delete its root': [
      "await assertMayDoWithSubtree(session, before.id, 'delete');",
      '',
    ],
  }),
  ...inFile('prisma/migrations/20261203000000_tree_commands/migration.sql', {
    'a type is within itself': [
      'SELECT FROM inside WHERE id = NEW.parent_type_id',
      'SELECT FROM inside WHERE false',
    ],
    'a role that is needed elsewhere goes with its scope': [
      'WHERE r.scope_id = ANY ($1) AND x.scope_id <> ALL ($1))',
      'WHERE false AND r.scope_id = ANY ($1) AND x.scope_id <> ALL ($1))',
    ],
    'an override elsewhere goes with its role': [
      'WHERE o.scope_id <> ALL (gone) AND',
      'WHERE false AND o.scope_id <> ALL (gone) AND',
    ],
    'scopes are deeper than they may be': [
      'AFTER INSERT ON "scope" FOR EACH ROW\n  WHEN (cardinality(NEW.path) > 33)',
      'AFTER INSERT ON "scope" FOR EACH ROW\n  WHEN (cardinality(NEW.path) > 99)',
    ],
  }),
  ...inFile('src/data/prisma/where.ts', {
    'what is not there in JSON is neither so nor otherwise': [
      'return negated ? { OR: [missing, { NOT: isOne }] } : isOne;',
      'return negated ? { NOT: isOne } : isOne;',
    ],
  }),
  ...inFile('src/resources/scope/scope.ts', {
    'a scope is renamed by who may at its parent': [
      "update: managedAtItself('scope:update')",
      "update: managed('scope:update')",
    ],
  }),
  ...inFile('src/resources/scope-type/scope-type.ts', {
    'who holds it at the platform changes what is built in': [
      'if (before.organizationId === null && !session.principal.isPlatformAdmin) throw forbidden();',
      '',
    ],
    'a mode is flipped without a look': ['await assertMayFlip(session, before, change);', ''],
  }),
  ...inFile('src/resources/scope/display-name.ts', {
    'a root is called by its type': ['return rooted || (', 'return (rooted && "") || ('],
  }),
  ...inFile('src/resources/organization/first-owner.ts', {
    'a first owner owns nothing': ['await makeOwner(there, spot, made.id);', ''],
  }),
];
