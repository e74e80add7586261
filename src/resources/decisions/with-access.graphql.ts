import { subjectsWithAccess, type WithAccess } from '../../decisions/with-access.js';
import { builder } from '../../graphql/builder.js';
import { refOf } from '../../graphql/refs.js';
import { loadRow } from '../../graphql/relations.js';
import { DEFAULT_LIMITS } from '../../limits/limits.js';
import { CHECK } from './decision.graphql.js';
import { models } from './models.js';

const { maxPageSize, pageSize, subjects } = DEFAULT_LIMITS;

const WithAccessRef = builder.objectRef<WithAccess>('SubjectsWithAccess').implement({
  description: 'Who may do something, of those who were looked at.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    users: t.field({
      type: [refOf('User')],
      nullable: { list: false, items: true },
      description: 'The users, of those that you may read, the oldest first.',
      resolve: ({ userIds }, _args, context, info) =>
        Promise.all(userIds.map((id) => loadRow('User', id, context, info))),
    }),
    hasMore: t.exposeBoolean('hasMore', {
      nullable: false,
      description: 'Whether there are users who have not been looked at: go on from `endCursor`.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The last one who was looked at; good for `after`.',
    }),
  }),
});

builder.queryField('subjectsWithAccess', (t) =>
  t.field({
    type: WithAccessRef,
    nullable: true,
    authScopes: { signedIn: true },
    description: `The users of its organization who may do something with a resource, or of yours with a global one. Each is decided by all that they hold, and so at most ${subjects} are looked at in a request. For who manages the resource and holds \`permission:inspect\` there.`,
    args: {
      action: t.arg(CHECK.action),
      resourceType: t.arg(CHECK.resourceType),
      resourceId: t.arg.id({ required: true, description: 'Its id.' }),
      first: t.arg.int({
        description: `How many users: ${pageSize} unless given, at most ${maxPageSize}.`,
      }),
      after: t.arg.string({ description: 'Only users after this cursor.' }),
    },
    resolve: (_root, args, context) => subjectsWithAccess(context, models(), args),
  }),
);
