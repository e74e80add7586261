import {
  type Effective,
  effectivePermissions,
  type Holding,
  type Through,
} from '../../decisions/effective.js';
import { builder } from '../../graphql/builder.js';
import { enumOf } from '../../graphql/enums.js';
import { refOf } from '../../graphql/refs.js';
import { loadRow } from '../../graphql/relations.js';
import { DATA_ACCESS } from '../../policy/vocabulary.js';
import { askedOf, CHECK } from './decision.graphql.js';

const ThroughRef = builder.objectRef<Through>('HeldThrough').implement({
  description: 'One way in which a permission comes to count at a scope.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    role: t.field({
      type: refOf('Role'),
      nullable: true,
      description: 'The role that carries it, if you may read that role and what it permits.',
      resolve: ({ roleId }, _args, context, info) => loadRow('Role', roleId, context, info),
    }),
    heldAt: t.field({
      type: refOf('Scope'),
      nullable: true,
      description: 'Where the membership is that has the role, if you may read that scope.',
      resolve: ({ heldAtId }, _args, context, info) => loadRow('Scope', heldAtId, context, info),
    }),
    inherited: t.exposeBoolean('inherited', {
      nullable: false,
      description: 'Whether that is a scope above, from which this one inherits (D8).',
    }),
  }),
});

export const EffectiveRef = builder.objectRef<Effective>('EffectivePermission').implement({
  description: 'A permission that counts at a scope.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    resourceType: t.exposeString('resourceType', {
      nullable: false,
      description: 'The type of resource that it is about.',
    }),
    action: t.exposeString('action', { nullable: false, description: 'What it permits.' }),
    pattern: t.exposeString('pattern', {
      nullable: false,
      description: 'Which resources it is about (D10).',
    }),
    dataAccess: t.field({
      type: enumOf(DATA_ACCESS),
      nullable: false,
      description: 'Which of these by ownership, as the role says that carries it (D7).',
      resolve: ({ dataAccess }) => dataAccess,
    }),
    isConditional: t.exposeBoolean('isConditional', {
      nullable: false,
      description: 'Whether it counts only on rows of which its condition is true (D11).',
    }),
    through: t.field({
      type: [ThroughRef],
      nullable: false,
      description: 'How it comes to count there: each role that carries it, where it is held.',
      resolve: ({ through }) => [...through],
    }),
  }),
});

const HoldingRef = builder.objectRef<Holding>('EffectivePermissions').implement({
  description: 'What somebody holds that counts at a scope.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    isPlatformAdmin: t.exposeBoolean('isPlatformAdmin', {
      nullable: false,
      description: 'Whether they need none: they administer the platform (D12).',
    }),
    permissions: t.field({
      type: [EffectiveRef],
      nullable: false,
      description: 'The permissions, by type of resource and action.',
      resolve: ({ permissions }) => [...permissions],
    }),
  }),
});

builder.queryField('effectivePermissions', (t) =>
  t.field({
    type: HoldingRef,
    nullable: true,
    authScopes: { signedIn: true },
    description:
      'Every permission of yours, or of somebody else, that counts at a scope, and what it comes through.',
    args: { scope: t.arg(CHECK.scope), subject: t.arg(CHECK.subject) },
    resolve: (_root, args, context) => effectivePermissions(context, askedOf(args)),
  }),
);
