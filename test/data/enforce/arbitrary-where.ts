import fc from 'fast-check';

export type Model = 'Form' | 'Workflow' | 'Agent' | 'AgentTool' | 'AgentDelegate' | 'User';
export type Filter = { readonly [key: string]: unknown };

/** A relation and where it leads. */
export const RELATIONS: Record<Model, Record<string, { to: Model; list: boolean }>> = {
  Form: {
    workflow: { to: 'Workflow', list: false },
    owner: { to: 'User', list: false },
    createdBy: { to: 'User', list: false },
  },
  Workflow: { owner: { to: 'User', list: false } },
  Agent: {
    tools: { to: 'AgentTool', list: true },
    delegates: { to: 'AgentDelegate', list: true },
  },
  AgentTool: {
    agent: { to: 'Agent', list: false },
    workflow: { to: 'Workflow', list: false },
  },
  AgentDelegate: {
    agent: { to: 'Agent', list: false },
    delegate: { to: 'Agent', list: false },
  },
  User: {},
};

export const MANAGED: Record<Model, readonly string[]> = {
  Form: ['accessLevel', 'owner', 'createdBy'],
  Workflow: ['accessLevel', 'endpoint', 'owner'],
  Agent: ['accessLevel', 'instructions'],
  AgentTool: [],
  AgentDelegate: [],
  User: [],
};

const NAMES: Record<Model, readonly string[]> = {
  Form: ['to open', 'to bound', 'to nameless', 'to nothing', 'own', 'hidden', 'global'],
  Workflow: ['open', 'bare', 'bound', 'nameless', 'everywhere', 'walled'],
  Agent: ['mixed', 'blind', 'bare', 'hidden'],
  AgentTool: [],
  AgentDelegate: [],
  User: [],
};

const text = (values: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constantFrom(...values),
    fc.record({ equals: fc.constantFrom(...values) }),
    fc.record({ not: fc.constantFrom(...values) }),
    fc.record({ in: fc.subarray([...values]) }),
    fc.record({ notIn: fc.subarray([...values]) }),
    fc.record({ contains: fc.constantFrom('o', 'e', 'secret') }),
  );
const nullable = (values: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 3, arbitrary: text(values) }, fc.constantFrom(null, { not: null }));

function columns(model: Model): Record<string, fc.Arbitrary<unknown>> {
  if (model === 'AgentTool' || model === 'AgentDelegate') return {};
  if (model === 'User') return { isActive: fc.boolean() };
  return {
    name: text(NAMES[model]),
    description: nullable(['x', 'none']),
    isActive: fc.boolean(),
    accessLevel: nullable(['AUTHENTICATED', 'ROLE_BASED']),
    ...(model === 'Workflow' ? { endpoint: text(['https://secret/open', 'x']) } : {}),
    ...(model === 'Agent' ? { instructions: text(['secret mixed', 'secret blind']) } : {}),
  };
}

/** Any filter of the model, as deep as `depth` says. */
export function filterOf(model: Model, depth = 3): fc.Arbitrary<Filter> {
  const leaves = Object.entries(columns(model)).map(([name, value]) =>
    value.map((one): Filter => ({ [name]: one })),
  );
  if (depth === 0) return leaves.length === 0 ? fc.constant({}) : fc.oneof(...leaves);
  const inner = fc.memo((n) => filterOf(model, n))(depth - 1);
  const many = fc.array(inner, { maxLength: 3 });
  const one = <K extends string>(key: K, value: fc.Arbitrary<unknown>) =>
    value.map((v): Filter => ({ [key]: v }));
  const relations = Object.entries(RELATIONS[model]).map(([name, { to, list }]) => {
    const target = filterOf(to, depth - 1);
    const test = list
      ? fc.oneof(one('some', target), one('every', target), one('none', target))
      : fc.oneof(
          target,
          fc.constant(null),
          one('is', fc.option(target)),
          one('isNot', fc.option(target)),
        );
    return one(name, test);
  });
  return fc.oneof(
    ...leaves,
    ...relations,
    ...relations,
    one('AND', fc.oneof(many, inner)),
    one('OR', many),
    one('NOT', fc.oneof(many, inner)),
    one('NOT', inner),
    fc.tuple(inner, inner).map(([a, b]): Filter => ({ ...a, ...b })),
  );
}
