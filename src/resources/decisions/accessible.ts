import { dataModel } from '../../data/generated-data-model.js';
import type { Row } from '../../data/prisma/reader.js';
import { accessible } from '../../decisions/accessible.js';
import type { Asked } from '../../decisions/asked.js';
import {
  type ConnectionShape,
  type PageArgs,
  type PageSource,
  resolveConnection,
} from '../../graphql/connection.js';
import type { SortKey } from '../../graphql/keyset.js';
import { armsOf } from '../../graphql/place-args.js';
import { completePolicy } from '../../query/complete-policies.js';
import type { Context } from '../../request/context.js';
import { readIn } from '../../request/row-place.js';
import { models } from './models.js';

/** By their ids, and so the oldest first. */
const BY_ID: readonly SortKey[] = [{ field: 'id', kind: 'id', nullable: false, direction: 'asc' }];

/** What is asked of a list of what somebody may do something with. */
export type AskedOfRows = PageArgs & Pick<Asked, 'action' | 'resourceType' | 'scope' | 'subject'>;

/** The list, a page at a time; shadowed rows too, for they can be done something with by their ids (D2). */
export async function accessibleRows(
  context: Context,
  args: AskedOfRows,
  columnsIn: (model: string) => readonly string[],
): Promise<ConnectionShape<Row>> {
  const { model, policy, permitting, ...found } = await accessible(context, models(), args);
  const place = { ...found.place, includeShadowed: true };
  const columns = columnsIn(model);
  const sources = armsOf(place, completePolicy(dataModel, policy)).map((arm): PageSource<Row> => {
    const reader = context.readerAt(arm.place, { kind: 'placed', tier: arm.tier });
    return {
      async find(order, page) {
        const query = { model, permitting, order, page, select: { columns } };
        const rows = (await reader.find(query)).map((row) => ({ ...row, __typename: model }));
        readIn(rows, found.place);
        return rows;
      },
      count: () => reader.count({ model, permitting }),
    };
  });
  return resolveConnection(sources, BY_ID, args, context.limits);
}
