import { PEOPLE, userId } from '../../data/world.js';
import { type Contestant, USER_HEADER, type Variables, type WorkloadName } from '../contestant.js';
import { assertInstalled } from './installed.js';
import { prepareRls } from './rls/prepare.js';

const FORM =
  'id: rowId name workflow: workflowByWorkflowId { id: rowId name } roles: rolesList { id: rowId name }';
const BY_NAME = 'orderBy: [NAME_ASC, ROW_ID_ASC]';

const DOCUMENTS: Readonly<Partial<Record<WorkloadName, string>>> = {
  Q1: `query Q1 { forms: allListedForms(first: 50, ${BY_NAME}) { nodes { ${FORM} } } }`,
  Q2: `query Q2($id: UUID!) { form: formByRowId(rowId: $id) { ${FORM} } }`,
  Q3: 'query Q3($key: String!) { configByKey(key: $key) { id: rowId key value } }',
  Q4: `query Q4($id: UUID!) { scope: scopeByRowId(rowId: $id) {
    id: rowId name children: scopesByParentId(first: 50, ${BY_NAME}) { nodes { id: rowId name } } } }`,
  Q6: `query Q6($after: Cursor!) { forms: allListedForms(first: 50, after: $after, ${BY_NAME}) { nodes { ${FORM} } } }`,
};

/** Grafast puts a hash of the order before the values of a cursor and takes no other. */
const ORDER = 'fd43a36a59';

const VARIABLES: Readonly<Partial<Record<WorkloadName, (variables: Variables) => object>>> = {
  Q2: ({ formId }) => ({ id: formId }),
  Q3: ({ configKey }) => ({ key: configKey }),
  Q4: ({ scopeId }) => ({ id: scopeId }),
  Q6: ({ after: { name, id } }) => ({
    after: Buffer.from(JSON.stringify([ORDER, name, id])).toString('base64'),
  }),
};

interface Named {
  readonly id: string;
  readonly name: string;
}
interface Form extends Named {
  readonly workflow: Named | null;
  readonly roles: readonly Named[];
}
interface Answer {
  readonly data?: {
    readonly forms?: { readonly nodes: readonly Form[] };
    readonly form?: Form | null;
    readonly configByKey?: object | null;
    readonly scope?: (Named & { readonly children: { readonly nodes: readonly Named[] } }) | null;
  };
  readonly errors?: readonly object[];
}

/** PostGraphile 5 on row-level security. */
export const postGraphile: Contestant = {
  name: 'postgraphile',
  what: 'PostGraphile 5 on row-level security, on Node 24',
  entry: 'peers/postgraphile-process.ts',
  node: 24,
  workloads: Object.keys(DOCUMENTS) as WorkloadName[],
  async prepare(databaseUrl) {
    assertInstalled();
    await prepareRls(databaseUrl);
  },
  request(workload, variables, person) {
    const { organization, person: number } = PEOPLE[person];
    return {
      path: '/graphql',
      body: JSON.stringify({
        query: DOCUMENTS[workload],
        variables: VARIABLES[workload]?.(variables) ?? {},
      }),
      headers: {
        'content-type': 'application/json',
        [USER_HEADER]: userId(organization, number),
      },
    };
  },
  canonical(workload, answer) {
    const { data, errors } = answer as Answer;
    if (data === undefined || errors !== undefined) {
      throw new Error(`an error: ${JSON.stringify(answer).slice(0, 500)}`);
    }
    const { forms, form, configByKey, scope } = data;
    switch (workload) {
      case 'Q1':
      case 'Q6':
        return forms?.nodes.map(canonicalForm);
      case 'Q2':
        return form && canonicalForm(form);
      case 'Q3':
        return configByKey;
      case 'Q4':
        return scope && { ...scope, children: scope.children.nodes };
      default:
        throw new Error(`PostGraphile is not asked ${workload}`);
    }
  },
};

const canonicalForm = (form: Form): Form => ({
  ...form,
  roles: [...form.roles].sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id)),
});
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
