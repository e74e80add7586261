import { decide, decideAll } from '../../decisions/decide.js';
import { builder } from '../../graphql/builder.js';
import { DEFAULT_LIMITS } from '../../limits/limits.js';
import { ViewerRef } from '../viewer/viewer.graphql.js';
import { askedOf, CHECK, CheckInput, DecisionRef } from './decision.graphql.js';
import { models } from './models.js';

builder.queryField('check', (t) =>
  t.field({
    type: DecisionRef,
    nullable: true,
    authScopes: { signedIn: true },
    description:
      'Whether you, or somebody else, may do something with a resource; decided as lists are, so that what you may not read is as if it were not there (D14).',
    args: {
      action: t.arg(CHECK.action),
      resourceType: t.arg(CHECK.resourceType),
      resourceId: t.arg(CHECK.resourceId),
      resourceName: t.arg(CHECK.resourceName),
      scope: t.arg(CHECK.scope),
      attributes: t.arg(CHECK.attributes),
      subject: t.arg(CHECK.subject),
    },
    resolve: (_root, args, context) => decide(context, models(), askedOf(args)),
  }),
);

builder.queryField('checkMany', (t) =>
  t.field({
    type: [DecisionRef],
    nullable: true,
    authScopes: { signedIn: true },
    description: `The same of many, answered in their order: at most ${DEFAULT_LIMITS.checks}. Resources of one type are read together.`,
    args: {
      checks: t.arg({ type: [CheckInput], required: true, description: 'The questions.' }),
    },
    resolve: (_root, { checks }, context) => decideAll(context, models(), checks.map(askedOf)),
  }),
);

builder.objectField(ViewerRef, 'can', (t) =>
  t.boolean({
    nullable: false,
    description:
      'Whether you may do this with any such resource at a scope, `create` above all: for showing and hiding. False where it hangs on the resource; then `check` tells of each.',
    args: {
      action: t.arg(CHECK.action),
      resourceType: t.arg(CHECK.resourceType),
      scope: t.arg(CHECK.scope),
    },
    resolve: async (_viewer, args, context) =>
      (await decide(context, models(), askedOf(args))).answer === 'YES',
  }),
);
