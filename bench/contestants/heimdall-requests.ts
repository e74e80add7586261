import type { PersonName } from '../data/world.js';
import { MADE, PEOPLE, userId } from '../data/world.js';
import { type HttpRequest, USER_HEADER, type Variables, type WorkloadName } from './contestant.js';

/** Stands in a body for a text that nobody has used before, and for the next of several. */
export const UNIQUE = '{{unique}}';
export const TARGET = '{{target}}';

const FORM = 'id name workflow { id name } roles { id name }';

/** The gateway's own questions; the floors understand these and no others. */
export const DOCUMENTS: Readonly<Record<WorkloadName, string>> = {
  Q1: `query Q1 { forms(first: 50) { edges { node { ${FORM} } } } }`,
  Q2: `query Q2($id: ID!) { form(id: $id) { ${FORM} } }`,
  Q3: 'query Q3($key: String!) { configByKey(key: $key) { id key value } }',
  Q4: 'query Q4($id: ID!) { scope(id: $id) { id name children { edges { node { id name } } } } }',
  Q5: 'query Q5($checks: [CheckInput!]!) { checkMany(checks: $checks) { allowed } }',
  Q5a: `query Q5a($id: ID!) { check(action: "read", resourceType: "form", resourceId: $id) { allowed } }`,
  Q6: `query Q6($after: String) { forms(first: 50, after: $after) { edges { node { ${FORM} } } } }`,
  Q7a: `mutation Q7a($name: String!, $fields: JSON) {
    createForm(input: { name: $name, fields: $fields }) { form { id name version } } }`,
  Q7b: `mutation Q7b($id: ID!, $description: String!) {
    updateForm(input: { id: $id, description: $description }) { form { id description } } }`,
  Q8: `query Q8($representations: [_Any!]!) { _entities(representations: $representations) {
    __typename ... on Form { id name } ... on Workflow { id name } ... on Config { id key } } }`,
};

const VARIABLES: Readonly<Record<WorkloadName, (variables: Variables) => object>> = {
  Q1: () => ({}),
  Q2: ({ formId }) => ({ id: formId }),
  Q3: ({ configKey }) => ({ key: configKey }),
  Q4: ({ scopeId }) => ({ id: scopeId }),
  Q5: ({ checked }) => ({
    checks: checked.map((id) => ({ action: 'read', resourceType: 'form', resourceId: id })),
  }),
  Q5a: ({ checked: [id] }) => ({ id }),
  Q6: ({ after }) => ({ after: cursor(after) }),
  Q7a: () => ({ name: `${MADE}${UNIQUE}`, fields: FIELDS }),
  Q7b: () => ({ id: TARGET, description: UNIQUE }),
  Q8: ({ entities }) => ({ representations: entities }),
};

/** What a form that is made asks for. */
const FIELDS = ['text', 'number', 'date'].map((type) => ({ name: type, type, required: true }));

/** The gateway's cursor behind a row of a list by name. */
function cursor({ name, id }: Variables['after']): string {
  return Buffer.from(JSON.stringify(['name asc,id asc', name, id])).toString('base64url');
}

export function gatewayRequest(
  workload: WorkloadName,
  variables: Variables,
  person: PersonName,
): HttpRequest {
  const who = PEOPLE[person];
  return {
    path: '/graphql',
    body: JSON.stringify({ query: DOCUMENTS[workload], variables: VARIABLES[workload](variables) }),
    headers: {
      'content-type': 'application/json',
      [USER_HEADER]: userId(who.organization, who.person),
    },
    ...(workload === 'Q7b' ? { targets: variables.targets } : {}),
  };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

interface FormAnswer extends Named {
  readonly workflow: Named | null;
  /** Null, with an error at its path, where the form is not managed. */
  readonly roles: readonly Named[] | null;
}

interface Allowed {
  readonly allowed: boolean;
}

interface Answers {
  readonly forms: { readonly edges: readonly { readonly node: FormAnswer }[] };
  readonly form: FormAnswer | null;
  readonly configByKey: object | null;
  readonly scope:
    | (Named & { readonly children: { readonly edges: readonly { readonly node: Named }[] } })
    | null;
  readonly check: Allowed | null;
  readonly checkMany: readonly Allowed[] | null;
  readonly createForm: object | null;
  readonly updateForm: object | null;
  readonly _entities: readonly ({ id: string; name?: string; key?: string } | null)[];
}

/** The contract's form of an answer of the gateway's own schema. */
export function gatewayCanonical(workload: WorkloadName, answer: unknown): unknown {
  const { data } = answer as { data?: Answers | null };
  if (data == null) throw new Error(`no data: ${JSON.stringify(answer).slice(0, 500)}`);
  switch (workload) {
    case 'Q1':
    case 'Q6':
      return data.forms.edges.map(({ node }) => canonicalForm(node));
    case 'Q2':
      return data.form && canonicalForm(data.form);
    case 'Q3':
      return data.configByKey;
    case 'Q4':
      return (
        data.scope && { ...data.scope, children: data.scope.children.edges.map(({ node }) => node) }
      );
    case 'Q5':
      return data.checkMany?.map(({ allowed }) => allowed);
    case 'Q5a':
      return [data.check?.allowed];
    case 'Q7a':
      return data.createForm !== null;
    case 'Q7b':
      return data.updateForm !== null;
    case 'Q8':
      return data._entities.map((row) => row && { id: row.id, name: row.name ?? row.key });
  }
}

function canonicalForm({ id, name, workflow, roles }: FormAnswer): FormAnswer {
  return { id, name, workflow, roles: [...(roles ?? [])].sort(byNameAndId) };
}

const byNameAndId = (a: Named, b: Named): number => compare(a.name, b.name) || compare(a.id, b.id);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
