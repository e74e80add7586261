import type { Row } from '../../data/prisma/reader.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { Node } from '../../graphql/node.js';
import type { Operation } from '../../request/columns.js';
import type { Context } from '../../request/context.js';
import { loadNamed } from '../../request/load-named.js';
import { placeOfRow, readIn } from '../../request/row-place.js';
import { auditEntry } from './audit-entry.js';
import { AUDITED_TYPES } from './audited-types.js';

defineType(auditEntry, (t) => ({
  ...t.traits(),
  at: t.column('at'),
  actorKind: t.column('actorKind'),
  actor: t.one('actor'),
  actorUserId: t.column('actorUserId'),
  actorLabel: t.column('actorLabel'),
  actingOrganization: t.one('actingOrganization'),
  isSwitched: t.column('isSwitched'),
  bypass: t.column('bypass'),
  action: t.column('action'),
  resourceType: t.column('resourceType'),
  resourceId: t.column('resourceId'),
  resource: t.computed({
    type: Node,
    nullable: true,
    reads: ['resourceType', 'resourceId'],
    description: 'What was acted on, if it is there and you may read it.',
    resolve: (row, _args, context, info) => resourceOf(row, context, info),
  }),
  outcome: t.column('outcome'),
  reason: t.column('reason'),
  organization: t.one('organization'),
  scope: t.one('scope'),
  before: t.column('before'),
  after: t.column('after'),
  requestId: t.column('requestId'),
}));

defineRoots(auditEntry);

interface About {
  readonly id: string;
  readonly resourceType: string;
  readonly resourceId: string | null;
}

/** Types that the API does not show are not read at all. */
async function resourceOf(
  entry: About,
  context: Context,
  info: Operation,
): Promise<(Row & { readonly __typename: string }) | null> {
  const { resourceType, resourceId } = entry;
  if (resourceId === null || !Object.hasOwn(AUDITED_TYPES, resourceType)) return null;
  const model = `${resourceType.charAt(0).toUpperCase()}${resourceType.slice(1)}`;
  if (info.schema.getType(model) === undefined) return null;
  const place = placeOfRow(entry, context);
  // By an id that somebody else may have named: so it is asked for as by who names it.
  const row = await loadNamed(model, resourceId, context, info, place);
  if (row === null) return null;
  const named = { ...row, __typename: model };
  readIn([named], place);
  return named;
}
