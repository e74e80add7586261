// What a file of policy tests may say. What has no place here is an error, and never passed over.
import { z } from 'zod';
import {
  ACCESS_LEVELS,
  ACTIONS,
  DATA_ACCESS,
  isWord,
  OVERRIDE_STATES,
  PERMISSION_MODES,
} from '../../policy/vocabulary.js';

/** What people, places, roles and teams are called: a word, since it stands in sentences. */
const WORD = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,99}$/u;
const word = z.string().regex(WORD, 'must be a word of letters, digits, _, - and .');
const words = z.array(word);
const text = z.string().min(1).max(255);
/** A role may be called in several words. */
const role = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,99}$/u, 'must be letters, digits, spaces, _, - and .');
const json = z.json();

const holding = z
  .string()
  .regex(/^\S.* at \S+$/, 'must be "<role> at <place>"')
  .transform((said) => {
    const cut = said.lastIndexOf(' at ');
    return { role: said.slice(0, cut), at: said.slice(cut + 4) };
  });

const PERMISSION = /^([^:\s]+):([^:\s]+)(?::(.+))?$/;
const permission = z
  .string()
  .regex(PERMISSION, 'must be "<type>:<action>" or "<type>:<action>:<pattern>"')
  .transform((said) => {
    const [, resourceType = '', action = '', resourcePattern = '*'] = PERMISSION.exec(said) ?? [];
    return { resourceType, action, resourcePattern };
  });
const permit = z.union(
  [
    permission.transform((of) => ({ ...of, condition: undefined })),
    z
      .strictObject({ permission, when: json })
      .transform(({ permission: of, when }) => ({ ...of, condition: when })),
  ],
  { error: 'must be "<type>:<action>", "<type>:<action>:<pattern>", or { permission, when }' },
);

const organization = z.union([
  text.transform((name) => ({ name, provider: false })),
  z.strictObject({ name: text, provider: z.boolean().default(false) }),
]);

const row = z.strictObject({
  name: text,
  at: word,
  owner: word.optional(),
  createdBy: word.optional(),
  team: word.optional(),
  inactive: z.boolean().default(false),
});
const usable = row.extend({
  access: z.enum(ACCESS_LEVELS).optional(),
  roles: z.array(role).default([]),
});

const ownWorld = z.strictObject({
  organizations: z.record(word, organization),
  scopeTypes: z
    .record(text, z.strictObject({ mode: z.enum(PERMISSION_MODES), in: z.array(text).min(1) }))
    .default({}),
  scopes: z
    .record(
      word,
      z.strictObject({
        type: text,
        in: word,
        name: text.optional(),
        meta: z.record(z.string(), json).default({}),
      }),
    )
    .default({}),
  roles: z
    .record(
      role,
      z.strictObject({
        at: word,
        dataAccess: z.enum(DATA_ACCESS),
        permits: z.array(permit).default([]),
      }),
    )
    .default({}),
  people: z.record(
    word,
    z.strictObject({
      in: word,
      holds: z.array(holding).default([]),
      platformAdmin: z.boolean().default(false),
      inactive: z.boolean().default(false),
    }),
  ),
  teams: z
    .record(
      word,
      z.strictObject({
        in: word,
        createdBy: word,
        members: words.default([]),
        holds: z.array(holding).default([]),
      }),
    )
    .default({}),
  overrides: z
    .array(
      z.strictObject({
        at: word,
        role,
        permission: permission.optional(),
        state: z.enum(OVERRIDE_STATES),
      }),
    )
    .default([]),
  resources: z
    .strictObject({
      form: z.array(usable).default([]),
      workflow: z.array(usable).default([]),
      agent: z.array(usable).default([]),
      app: z.array(usable).default([]),
      config: z.array(row).default([]),
    })
    .prefault({}),
});

const email = z.email().toLowerCase();
const runningPerson = z.union(
  [
    email.transform((of) => ({ email: of, inactive: false })),
    z.strictObject({ email, inactive: z.boolean() }),
  ],
  { error: 'must be an email, or { email, inactive }' },
);
const running = z.strictObject({
  asker: word,
  people: z.record(word, runningPerson),
  scopes: z
    .record(
      word,
      z.union([z.uuid().transform((id) => ({ id })), z.strictObject({ externalId: text })], {
        error: 'must be the id of a scope or an organization, or { externalId }',
      }),
    )
    .default({}),
});

const services = z
  .record(
    z.string().refine(isWord, 'is no name of a type of resource'),
    z.array(z.string().refine(isWord, 'is no name of an action')).min(1),
  )
  .refine((of) => Object.keys(of).every((type) => !Object.hasOwn(ACTIONS, type)), {
    error: 'the gateway has a type of that name itself',
  });

const sentences = z.array(z.string()).min(1);
const expectation = z
  .strictObject({
    who: z.union([word.transform((one) => [one]), words.min(1)]),
    can: sentences.optional(),
    cannot: sentences.optional(),
    because: z.string().min(1).optional(),
  })
  .refine(({ can, cannot }) => can !== undefined || cannot !== undefined, {
    error: 'expects nothing: say can or cannot',
  });

/** A whole file. */
export const policyFile = z
  .strictObject({
    world: z
      .union([z.literal('demo'), ownWorld], { error: 'must be "demo", or say what is there' })
      .optional(),
    gateway: running.optional(),
    services: services.default({}),
    expect: z.array(expectation).min(1),
  })
  .refine(({ world, gateway }) => (world === undefined) !== (gateway === undefined), {
    error: 'say where it holds: either world or gateway',
  });

export type Shape = z.output<typeof policyFile>;
export type OwnWorld = z.output<typeof ownWorld>;
export type Running = z.output<typeof running>;
export type Holding = z.output<typeof holding>;
export type Permit = z.output<typeof permit>;

export const ROW_TYPES = ['form', 'workflow', 'agent', 'app', 'config'] as const;
export type RowType = (typeof ROW_TYPES)[number];

/** What a file says under a name, and nothing that every object has. */
export function entry<T>(of: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(of, key) ? of[key] : undefined;
}
