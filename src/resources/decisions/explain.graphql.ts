import { WHY_UNKNOWN } from '../../decisions/asked.js';
import { type Explained, explainAccess } from '../../decisions/explain-access.js';
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
  description: 'A single change that would permit what is not permitted.',
  values: {
    ASSIGN_ROLE: { description: 'Assign the role to the user, at `scope`.' },
    SHARE_WITH_ROLE: { description: 'Share the resource with the role, which the user holds.' },
    CHANGE_REACH: { description: 'Let the role, which the user holds, reach all data (D7).' },
  },
});

const MissRef = builder.objectRef<NearestMiss>('NearestMiss').implement({
  description: 'What would have to change, and nothing else with it.',
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
      resolve: ({ roleId }, _args, context, info) => loadRow('Role', roleId, context, info),
    }),
    scope: t.field({
      type: refOf('Scope'),
      nullable: true,
      description: 'Where the role is to be assigned, if you may read that scope.',
      resolve: ({ scopeId }, _args, context, info) => loadRow('Scope', scopeId, context, info),
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
        'Where it is refused: up to three single changes that would permit it, of those that you could make there, the smallest first.',
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
