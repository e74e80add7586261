import type { Asked, Decision } from '../../decisions/asked.js';
import { builder } from '../../graphql/builder.js';

export const AnswerEnum = builder.enumType('Answer', {
  description: 'What came of a question.',
  values: {
    YES: { description: 'It is permitted.' },
    NO: { description: 'It is not permitted.' },
    UNKNOWN: {
      description:
        'It cannot be told: something was not said of the resource, or you may not see what it hangs on. It counts as not permitted.',
    },
  },
});

export const DecisionRef = builder.objectRef<Decision>('Decision').implement({
  description: 'Whether something is permitted, and why.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    allowed: t.boolean({
      nullable: false,
      description: 'Whether it is permitted; false as well where it cannot be told.',
      resolve: ({ answer }) => answer === 'YES',
    }),
    answer: t.field({
      type: AnswerEnum,
      nullable: false,
      description: 'The same, with what cannot be told apart from what is refused.',
      resolve: ({ answer }) => answer,
    }),
    reason: t.string({
      nullable: false,
      description:
        'What decided, for people: the words may change. Of a resource that you may not read it says what it says of none (D14).',
      resolve: ({ reason }) => reason(),
    }),
    callersWord: t.stringList({
      nullable: false,
      description:
        'What of the resource the answer takes from you, because the gateway does not know it: it holds if that is true.',
      resolve: ({ callersWord }) => [...callersWord],
    }),
  }),
});

/** Of whom something is asked. */
const SubjectInput = builder.inputType('SubjectInput', {
  description:
    'Of whom something is asked: a user or a team that you may read, in an organization where you hold `permission:inspect`. One of them is named.',
  fields: (t) => ({
    userId: t.id({ description: 'The id of the user.' }),
    teamId: t.id({
      description:
        'The id of the team: what it permits by itself, to whoever acts as the team with nobody behind it (D42).',
    }),
  }),
});

const AttributesInput = builder.inputType('ResourceAttributes', {
  description:
    'What you say of a resource that the gateway does not know: of one of another service, or of one that is not there yet. Null says that there is none.',
  fields: (t) => ({
    ownerId: t.id({ description: 'The user who owns it.' }),
    createdById: t.id({ description: 'The user who made it.' }),
    teamId: t.id({ description: 'The team that it belongs to.' }),
  }),
});

const ACTION = 'What is to be done, as permissions name it: `update`; or `use` (D6).';
const TYPE =
  'The type of resource, as permissions name it: `form`; or one that only other services know.';
const ID = 'Its id. Left out, the question is about any such resource at the scope.';
const NAME = 'Its name, where the gateway does not know it: patterns are compared with it (D10).';
const SCOPE =
  'Where (D4): omitted, where the request acts; null, the global tier; a scope or an organization by id, that place.';

/** The same arguments, of a field and of one of many checks. */
export const CHECK = {
  action: { type: 'String', required: true, description: ACTION },
  resourceType: { type: 'String', required: true, description: TYPE },
  resourceId: { type: 'ID', description: ID },
  resourceName: { type: 'String', description: NAME },
  scope: { type: 'ID', description: SCOPE },
  attributes: { type: AttributesInput, description: 'What else you say of it.' },
  subject: { type: SubjectInput, description: 'Who; omitted, you.' },
} as const;

export const CheckInput = builder.inputType('CheckInput', {
  description: 'One question of many.',
  fields: (t) => ({
    action: t.field(CHECK.action),
    resourceType: t.field(CHECK.resourceType),
    resourceId: t.field(CHECK.resourceId),
    resourceName: t.field(CHECK.resourceName),
    scope: t.field(CHECK.scope),
    attributes: t.field(CHECK.attributes),
    subject: t.field(CHECK.subject),
  }),
});

/** Left out and null differ in `scope` alone. */
export const askedOf = (args: object): Asked => args as Asked;
