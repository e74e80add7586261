import { inFile, type Mutant } from './mutant.js';

/** Bugs in secrets, and in keys that sign in. */
export const secretMutants: readonly Mutant[] = [
  ...inFile('src/secrets/keyring.ts', {
    'an envelope opens for any row': ['\\n${keyId}\\n${about}`', '\\n${keyId}`'],
    'an envelope opens under any name of its key': ['\\n${keyId}\\n${about}`', '\\n${about}`'],
    'every envelope has the same nonce': [
      'randomBytes(NONCE_BYTES);',
      'Buffer.alloc(NONCE_BYTES);',
    ],
  }),
  ...inFile('src/data/secret-rotation.ts', {
    'a rotation puts back what was set meanwhile': [' AND c.ciphertext = n.envelope', ''],
    'a rotation ends at what it cannot decrypt': [
      'if (error instanceof Error) return null;',
      'if (error instanceof TypeError) return null;',
    ],
    'a rotation stops before it has done anything': [
      "AND (split_part(ciphertext, '.', 2), id) > ($2, $3::uuid)",
      'AND id > $3::uuid AND $2::text IS NOT NULL',
    ],
  }),
  ...inFile('src/resources/config/kept-value.ts', {
    'a secret is kept as it is, too': [
      'return { ...set, value: null, ciphertext',
      'return { ...set, value, ciphertext',
    ],
    'who updates a secret can have it shown': [
      'if (before !== null && !isSaid && was) await assertReveals',
      'if (before !== null && isSaid && was) await assertReveals',
    ],
    'that a secret becomes something else is no reveal': [
      'recordReveal(session, before, `its type became ${type}`);',
      '',
    ],
    'what is a secret no more keeps its ciphertext': [
      'was ? { ciphertext: null }',
      'false ? { ciphertext: null }',
    ],
  }),
  ...inFile('src/resources/config/reveal-config.ts', {
    'who reads a config reveals it': ["{ id }, 'reveal')", "{ id }, 'read')"],
    'a reveal is not recorded': ['recordReveal(session, row, reason);', ''],
  }),
  ...inFile('src/http/format-error.ts', {
    'an error quotes the object that a secret is in': [
      'short(unquoted(error), errorLength)',
      'short(error.message, errorLength)',
    ],
  }),
  ...inFile('src/secrets/credential.ts', {
    'a prefix proves a key': ['found = isSame || found;', 'found = true;'],
    'a checksum is not looked at': [
      'if (checksum(body) !== value.slice(-CHECKSUM)) return null;',
      '',
    ],
    'letters are not alike': ['if (byte < 248 &&', 'if (byte < 61 &&'],
  }),
  ...inFile('src/identity/authenticate.ts', {
    'of two credentials the first counts': [
      'if (others.length > 0) throw severalCredentials();',
      '',
    ],
    'a key comes in any header': [
      "if (HEADERS[name]?.includes(key.kind) === true) return { by: 'key', key };",
      "return { by: 'key', key };",
    ],
  }),
  ...inFile('src/identity/key-credential.ts', {
    'the value before works for ever': [
      `            CASE WHEN previous_expires_at > statement_timestamp() THEN previous_hash END AS "previousHash"
          FROM api_key`,
      `            previous_hash AS "previousHash"
          FROM api_key`,
    ],
  }),
  ...inFile('src/identity/principal-row.ts', {
    'a key holds what it is not for': [
      'isKnown(grant) && isFor({ operations }, grant.resourceType, grant.action)',
      'isKnown(grant)',
    ],
  }),
  ...inFile('src/policy/operations.ts', {
    'a key for reading uses': [
      "(action === 'read' && isFor(principal, resource, USE))",
      "isFor(principal, resource, 'read')",
    ],
    'a key uses whatever its owner does': [
      'if (principal.operations === null) return true;',
      'return true;',
    ],
  }),
  ...inFile('src/policy/reach.ts', {
    'a key is its maker’s own': [
      "key: (userId) => equals('ownerId', userId, USER),",
      "key: (userId) => or(equals('createdById', userId, USER), equals('ownerId', userId, USER)),",
    ],
  }),
  ...inFile('src/request/oneself.ts', {
    'a key is told of its owner': ['keyId === null ? userId : null', 'userId'],
  }),
  ...inFile('src/decisions/subject.ts', {
    'a key answers for its owner': ["kind === 'USER' && id === own", 'id === own'],
  }),
  ...inFile('src/commands/escalation.ts', {
    'a key of another’s is made by who holds it over their own rows': [
      "dataAccess: 'ALL_DATA', condition: null };\n}\n\n/** What a key",
      'condition: null };\n}\n\n/** What a key',
    ],
    'a key gives the roles of its owner': ['      operations === null &&\n', ''],
  }),
  ...inFile('src/commands/create-row.ts', {
    'a key of nobody makes what is nobody’s': ['assertSomebodys(resolved.values);', ''],
    'what a team’s key makes is nobody’s': ['return teams.ids[0] ?? null;', 'return null;'],
  }),
  ...inFile('src/commands/change-row.ts', {
    'a row is given to nobody': ["if (action === 'transfer') assertSomebodys(proposed);", ''],
  }),
  ...inFile('src/resources/key/handing-out.ts', {
    'a key makes one that is for more': [
      'if (own !== null && !operations.every((one) => own.includes(one))) {',
      'if (false) {',
    ],
    'a key of another’s is for what its maker does not hold': [
      'assertHeld(principal, asHandedOut(',
      'void (principal, asHandedOut(',
    ],
    'a key is widened without a question': ['has.some((one) => !had.includes(one)) ||', ''],
    'a key is woken without a question': [
      '(after.isActive === true && before.isActive !== true) ||',
      '',
    ],
    'a key is taken from everybody': [
      'if (before !== null && isNobodys(after) && !isNobodys(before)) {',
      'if (false) {',
    ],
    'a key is of an owner elsewhere': ["throw notAtHome('owner');", 'return;'],
  }),
  ...inFile('src/resources/key/end-key.ts', {
    'who may rotate a key gets whatever it does': [
      'await assertMayHandOut(session, writable.model as KeyModel, before);',
      '',
    ],
    'the value before works on after a rotation without overlap': [
      '? { previousHash: null, previousExpiresAt: null }',
      '? {}',
    ],
    'a revoked key is rotated': [
      "if (before.revokedAt !== null) throw conflict('the key is revoked');",
      '',
    ],
  }),
  ...inFile('src/resources/team/members.ts', {
    'who joins an empty team is reached by its keys': [
      'await assertKeysMayReach(session, team.id);',
      '',
    ],
  }),
  ...inFile('src/resources/membership/assigning.ts', {
    'a key that somebody owns is a member': [
      'if (before === null) await assertOfNobody(session, after);',
      '',
    ],
  }),
  ...inFile('prisma/migrations/20261206000100_keys/migration.sql', {
    'a revoked key signs in': ['k.is_active AND k.revoked_at IS NULL AND', 'k.is_active AND'],
    'an inactive key signs in': ['k.is_active AND k.revoked_at', 'k.revoked_at'],
    'an expired key signs in': ['AND coalesce(k.expires_at > statement_timestamp(), true)', ''],
    'a key of an inactive owner signs in': [
      'u.id = k.owner_id AND u.is_active AND',
      'u.id = k.owner_id AND',
    ],
    'a key of an owner elsewhere signs in': [
      'AND u.is_active AND u.organization_id = k.organization_id',
      'AND u.is_active',
    ],
    'a key of an inactive organization signs in': [
      'o.id = k.organization_id AND o.is_active\n',
      'o.id = k.organization_id\n',
    ],
    'a key of a team that is gone signs in': [' AND (k.team_id IS NULL OR t.id IS NOT NULL)', ''],
    'a key carries the bypass of an admin': [
      'k.organization_id, false AS is_platform_admin,',
      'k.organization_id, coalesce(u.is_platform_admin, false) AS is_platform_admin,',
    ],
    'a key carries the bypass of a provider': ['false AS is_provider,', 'o.is_provider,'],
    'a key that somebody owns holds what it was given itself': [
      'CASE WHEN num_nonnulls(k.owner_id, k.team_id) = 0 THEN p_api_key_id END',
      'p_api_key_id',
    ],
    'a key of nobody holds what it was given elsewhere': [
      'WHERE api_key_id = me.own_api_key_id AND organization_id = me.organization_id',
      'WHERE api_key_id = me.own_api_key_id',
    ],
    'the last use of a key changes what it holds': [
      'rotated_at,last_used_at,version',
      'rotated_at,version',
    ],
  }),
];
