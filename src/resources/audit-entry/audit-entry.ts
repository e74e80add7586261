import { forManagers, open, related, shown } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { atScopeThen } from '../../policy/define-policy.js';
import { allOf, anyOf, managed, says, via, WHOLE } from '../../policy/predicate.js';
import { MANAGE } from '../../policy/resolve.js';
import { AUDIT_OUTCOMES, BYPASSES, PRINCIPAL_KINDS } from '../../policy/vocabulary.js';
import { AUDITED_TYPES, type AuditedType } from './audited-types.js';

const TYPES = Object.entries(AUDITED_TYPES) as [AuditedType, (typeof AUDITED_TYPES)[AuditedType]][];

/** The resource is there, and permits the action. */
const resourcePermits = (action: string) =>
  anyOf(
    ...TYPES.map(([type, relation]) => allOf(says('resourceType', type), via(relation, action))),
  );

/**
 * The entry says that the resource was deleted, and the principal reads whatever is of its type where it was:
 * then that row was readable, whatever it was.
 */
const readWhatIsGone = anyOf(
  ...TYPES.map(([type]) =>
    allOf(
      says('action', `${type}:delete`),
      says('outcome', 'PERMITTED'),
      managed(`${type}:read`, WHOLE),
    ),
  ),
);

/** D44: the whole record of where one is permitted to read it; with less reach, of what one may read oneself. */
export const auditEntry = resource('AuditEntry', {
  resource: 'audit',
  noun: 'audit entry',
  nouns: 'audit entries',
  many: 'auditEntries',
  latest: 'at',
  description:
    'What somebody did, or was refused, acting where and why (D19). It is never changed.',
  home: atScopeThen,
  ownership: 'audit',
  columns: {
    id: open('A UUID, unique among all resources.', { sort: true }),
    at: open('When it happened, by the clock of the database.', { sort: true }),
    actorKind: open('What sort of principal acted; null if none that this version knows.', {
      values: PRINCIPAL_KINDS,
    }),
    actorUserId: open('The id of the user behind it, who may be hidden or gone.', { told: true }),
    actorLabel: open('What the principal is called in the record.'),
    isSwitched: open('Whether that was another organization than the principal’s own (D4).'),
    bypass: open('By which right, where nothing was held; null if by permissions alone.', {
      values: BYPASSES,
    }),
    action: open('What was done or tried, as permissions name it: `form:update`.'),
    resourceType: open('What was acted on, as permissions name it: `form`.'),
    resourceId: open('Its id; it may be hidden or gone.', { told: true }),
    outcome: open('What came of it.', { values: AUDIT_OUTCOMES }),
    reason: shown('The deciding reason.'),
    requestId: open('The id of the request, as the log has it.'),
    before: forManagers('The resource as it was, without its secrets.'),
    after: forManagers('The resource as it became, without its secrets.'),
  },
  relations: {
    organization: related('The organization that was touched, if you may read it.'),
    scope: related('The scope that the resource lived at, if you may read it.'),
    actor: related('The user who acted, if you may read them.'),
    actingOrganization: related('The organization acted in, if you may read it.'),
  },
  actions: {
    read: anyOf(
      managed('audit:read', { reach: ['ALL_DATA'] }),
      allOf(
        // With less reach it is for what one may read oneself.
        managed('audit:read', { reach: ['OWN_DATA', 'TEAM_DATA'] }),
        resourcePermits('read'),
      ),
    ),
  },
  managing: anyOf(resourcePermits(MANAGE), readWhatIsGone),
});
