import { z } from 'zod';
import { badInput, badUserInput } from '../errors.js';

// What is not named here is for others, and let be, as the specification says.
const text = z.string().min(1).max(1_000);
const properties = z.record(z.string(), z.unknown());
const subject = z.object({ type: text, id: text, properties: properties.optional() });
const action = z.object({ name: text, properties: properties.optional() });
const resource = z.object({ type: text, id: text, properties: properties.optional() });
const page = z.object({ token: z.string().optional(), limit: z.int().min(0).optional() });

const evaluation = z.object({ subject, action, resource, context: properties.optional() });

const evaluations = z.object({
  subject: subject.optional(),
  action: action.optional(),
  resource: resource.optional(),
  context: properties.optional(),
  evaluations: z.array(evaluation.partial()).optional(),
  options: z
    .object({
      evaluations_semantic: z
        .enum(['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'])
        .optional(),
    })
    .optional(),
});

/** Of a search, what is looked for is named by its type alone; an id of it is ignored. */
const typed = z.object({ type: text });

export const AUTHZEN_REQUESTS = {
  evaluation,
  evaluations,
  'search/subject': z.object({ subject: typed, action, resource, page: page.optional() }),
  'search/resource': z.object({
    subject,
    action,
    resource: typed.extend({ properties: properties.optional() }),
    page: page.optional(),
  }),
  'search/action': z.object({ subject, resource, page: page.optional() }),
} as const;

export type Evaluation = z.infer<typeof evaluation>;
export type Evaluations = z.infer<typeof evaluations>;
export type SubjectSearch = z.infer<(typeof AUTHZEN_REQUESTS)['search/subject']>;
export type ResourceSearch = z.infer<(typeof AUTHZEN_REQUESTS)['search/resource']>;
export type ActionSearch = z.infer<(typeof AUTHZEN_REQUESTS)['search/action']>;
export type SubjectEntity = z.infer<typeof subject>;
export type ResourceEntity = z.infer<typeof resource>;

/** Many mistakes are one. */
const MOST_ISSUES = 20;

/** The body of a request as it was declared. Throws BAD_USER_INPUT with what is wrong with it, and where. */
export function parseAuthzen<T>(schema: z.ZodType<T>, body: string): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw badUserInput('the body is no JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badInput(
    parsed.error.issues.slice(0, MOST_ISSUES).map(({ path, message }) => ({
      path: path.map((part) => (typeof part === 'number' ? part : String(part))),
      message,
    })),
  );
}
