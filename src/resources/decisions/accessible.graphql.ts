import { badUserInput } from '../../errors.js';
import { builder } from '../../graphql/builder.js';
import { connectionType } from '../../graphql/connection.js';
import { pageArguments } from '../../graphql/list.js';
import { Node } from '../../graphql/node.js';
import { columnsOf } from '../../request/columns.js';
import { type AskedOfRows, accessibleRows } from './accessible.js';
import { CHECK } from './decision.graphql.js';
import { models } from './models.js';

builder.queryField('accessibleResources', (t) =>
  t.field({
    type: connectionType('AccessibleResource', Node),
    nullable: true,
    authScopes: { signedIn: true },
    description:
      'The resources of a type on which you, or somebody else, may do something, of those that you may read; of somebody else, of those that you manage. The oldest first, shadowed ones too. A row is on this list if and only if `check` says yes of it.',
    args: {
      action: t.arg(CHECK.action),
      resourceType: t.arg(CHECK.resourceType),
      scope: t.arg(CHECK.scope),
      subject: t.arg(CHECK.subject),
      ...pageArguments(t),
    },
    resolve: (_root, args, context, info) => {
      const model = models().get(args.resourceType);
      if (model !== undefined && info.schema.getType(model) === undefined) {
        throw badUserInput(`a ${args.resourceType} is shown to nobody yet`);
      }
      return accessibleRows(context, args as AskedOfRows, (of) => columnsOf(of, info));
    },
  }),
);
