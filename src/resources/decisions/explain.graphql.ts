import { WHY_UNKNOWN } from '../../decisions/asked.js';
import { type Explained, explainAccess } from '../../decisions/explain-access.js';
import type { Change } from '../../decisions/nearest/change.js';
import type { NearestMiss } from '../../decisions/nearest-misses.js';
import { builder } from '../../graphql/builder.js';
import { refOf } from '../../graphql/refs.js';
import { loadRow } from '../../graphql/relations.js';
import type { Explanation } from '../../policy/explain.js';
import { AnswerEnum, CHECK, DecisionRef } from './decision.graphql.js';
import { EffectiveRef } from './effective.graphql.js';
import { models } from './models.js';

const ANSWERS = { yes: 'YES', no: 'NO', unknown: 'UNKNOWN' } as const;

const RuleRef = builder.objectRef<Explanation>('DecidingRule');
RuleRef.implement({
  description: 'A rule that a decision is made of, with its answer for the resource.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    rule: t.exposeString('rule', {
      nullable: false,
      description: 'Its number: D1, D2 and so on are explained by docs/decision.md.',
    }),
    text: t.exposeString('text', { nullable: false, description: 'What it asks, in words.' }),
    answer: t.field({
      type: AnswerEnum,
      nullable: false,
      description: 'What it comes to.',
      resolve: ({ answer }) => ANSWERS[answer],
    }),
    unknown: t.string({
      nullable: true,
      description:
        'Why it is unknown, where it is: something was not read with the resource, or you may not see it.',
      resolve: ({ unknown }) => (unknown === undefined ? null : WHY_UNKNOWN[unknown]),
    }),
    because: t.field({
      type: [RuleRef],
      nullable: false,
      description: 'The rules that it is made of in turn.',
      resolve: ({ because }) => [...because],
    }),
  }),
});

const ChangeEnum = builder.enumType('NearestChange', {
  description: 'A change that would permit what is not permitted, by itself or with another one.',
  values: {
    ASSIGN_ROLE: { description: 'Assign the role to the subject, at `scope`.' },
    SHARE_WITH_ROLE: { description: 'Share the resource with the role, which the subject holds.' },
    CHANGE_REACH: { description: 'Let the role, which the subject holds, reach all data (D7).' },
    LIFT_OVERRIDE: { description: 'Remove the override, at `scope` (D9).' },
    MERGE_TYPE: {
      description:
        'Let the scopes of the type inherit from above (D8). It does so everywhere: whether that is yours to give is decided when you do it (D21).',
    },
  },
});

const ChangeRef = builder.objectRef<Change>('AccessChange').implement({
  description: 'Something that would have to change.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    change: t.field({
      type: ChangeEnum,
      nullable: false,
      description: 'What is to be done.',
      resolve: ({ change }) => change,
    }),
    role: t.field({
      type: refOf('Role'),
      nullable: true,
      description: 'The role that it is about.',
      resolve: (one, _args, context, info) =>
        loadRow('Role', 'role' in one ? one.role.id : null, context, info),
    }),
    scope: t.field({
      type: refOf('Scope'),
      nullable: true,
      description:
        'Where the role is to be assigned, or the override is, if you may read that scope.',
      resolve: (one, _args, context, info) => loadRow('Scope', scopeOf(one), context, info),
    }),
    override: t.field({
      type: refOf('ScopeOverride'),
      nullable: true,
      description: 'The override that is to be removed.',
      resolve: (one, _args, context, info) =>
        loadRow('ScopeOverride', 'override' in one ? one.override.id : null, context, info),
    }),
    scopeType: t.field({
      type: refOf('ScopeType'),
      nullable: true,
      description: 'The type whose scopes are to inherit.',
      resolve: (one, _args, context, info) =>
        loadRow('ScopeType', 'scopeTypeId' in one ? one.scopeTypeId : null, context, info),
    }),
  }),
});

function scopeOf(one: Change): string | null {
  if ('override' in one) return one.override.scopeId;
  return 'scopeId' in one ? one.scopeId : null;
}

const MissRef = builder.objectRef<NearestMiss>('NearestMiss').implement({
  description: 'What would have to change, and nothing else with it.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    changes: t.field({
      type: [ChangeRef],
      nullable: false,
      description: 'The changes, one or two, all of which it takes.',
      resolve: ({ changes }) => [...changes],
    }),
  }),
});

const ExplainedRef = builder.objectRef<Explained>('AccessExplanation').implement({
  description: 'A decision, and as much of how it came about as you may know.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    decision: t.field({
      type: DecisionRef,
      nullable: false,
      description: 'What `check` answers.',
      resolve: ({ decision }) => decision,
    }),
    rules: t.field({
      type: [RuleRef],
      nullable: false,
      description:
        'The rules that decided; none where there is no such resource that you may read.',
      resolve: ({ rules }) => [...rules()],
    }),
    derivation: t.field({
      type: [EffectiveRef],
      nullable: false,
      description:
        'The permissions for the action that are held and count where the resource lives.',
      resolve: async ({ derivation }) => [...(await derivation())],
    }),
    nearestMisses: t.field({
      type: [MissRef],
      nullable: false,
      description:
        'Where it is refused: up to three ways to permit it, by one change or by two together, of those that you could make there, the smallest first.',
      resolve: async ({ misses }) => [...(await misses())],
    }),
  }),
});

builder.queryField('explainAccess', (t) =>
  t.field({
    type: ExplainedRef,
    nullable: true,
    authScopes: { signedIn: true },
    description: 'Why you, or somebody else, may or may not do something with a resource.',
    args: {
      action: t.arg(CHECK.action),
      resourceType: t.arg(CHECK.resourceType),
      resourceId: t.arg.id({ required: true, description: 'Its id.' }),
      scope: t.arg(CHECK.scope),
      subject: t.arg(CHECK.subject),
    },
    resolve: (_root, args, context) => explainAccess(context, models(), args),
  }),
);
