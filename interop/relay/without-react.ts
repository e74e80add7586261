// What react-relay's hooks do with a store, by the functions of relay-runtime that they do it with.
import {
  type ConcreteRequest,
  ConnectionInterface,
  commitMutation,
  createOperationDescriptor,
  type Environment,
  fetchQuery,
  getPaginationMetadata,
  getPaginationVariables,
  getRefetchMetadata,
  getSelector,
  getValueAtPath,
  type ReaderFragment,
  type Variables,
} from 'relay-runtime';

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of what was read.
type Read = any;

/** useLazyLoadQuery: asks, keeps the answer in the store, and reads it from there. */
export async function load(
  environment: Environment,
  query: ConcreteRequest,
  variables: Variables,
): Promise<Read> {
  const operation = createOperationDescriptor(query, variables);
  environment.retain(operation);
  await fetchQuery(environment, query, variables).toPromise();
  return environment.lookup(operation.fragment).data;
}

/** What the store has of a query, without asking. */
export function kept(environment: Environment, query: ConcreteRequest, variables: Variables): Read {
  return environment.lookup(createOperationDescriptor(query, variables).fragment).data;
}

/** useMutation's commit: asks, and keeps the answer in the store as its directives say. */
export function write(
  environment: Environment,
  mutation: ConcreteRequest,
  variables: Variables,
): Promise<Read> {
  return new Promise((resolve, reject) => {
    commitMutation(environment, {
      mutation,
      variables,
      onCompleted: (answer, errors) => (errors?.length ? reject(errors) : resolve(answer)),
      onError: reject,
    });
  });
}

/** useFragment: reads what a reference to a fragment stands for. */
export function read(environment: Environment, fragment: ReaderFragment, reference: Read): Read {
  return environment.lookup(selectorOf(fragment, reference)).data;
}

/** usePaginationFragment's loadNext: the page after what the store has of the connection. */
export async function loadNext(
  environment: Environment,
  fragment: ReaderFragment,
  reference: Read,
  count: number,
): Promise<Read> {
  const { connectionPathInFragmentData, identifierField, paginationRequest, paginationMetadata } =
    getPaginationMetadata(fragment, 'loadNext');
  const { owner, variables } = selectorOf(fragment, reference);
  const { PAGE_INFO, END_CURSOR } = ConnectionInterface.get();
  const data = read(environment, fragment, reference);
  const connection = getValueAtPath(data, connectionPathInFragmentData) as Read;
  const next = getPaginationVariables(
    'forward',
    count,
    connection[PAGE_INFO][END_CURSOR],
    { ...owner.variables, ...variables },
    {},
    paginationMetadata,
  );
  // A list below a row is asked for by `node`, as the row itself is when it is read anew.
  const row = identifierField ? { id: data[identifierField] } : {};
  await load(environment, paginationRequest, { ...next, ...row });
  return read(environment, fragment, reference);
}

/** useRefetchableFragment's refetch of a row: by `node`, with the id that the fragment read. */
export async function refetch(
  environment: Environment,
  fragment: ReaderFragment,
  reference: Read,
): Promise<Read> {
  const { identifierInfo, refetchableRequest } = getRefetchMetadata(fragment, 'refetch');
  const { owner, variables } = selectorOf(fragment, reference);
  const { identifierField = 'id', identifierQueryVariableName = 'id' } = identifierInfo ?? {};
  await load(environment, refetchableRequest, {
    ...owner.variables,
    ...variables,
    [identifierQueryVariableName]: read(environment, fragment, reference)[identifierField],
  });
  return read(environment, fragment, reference);
}

function selectorOf(fragment: ReaderFragment, reference: Read) {
  const selector = getSelector(fragment, reference);
  if (selector?.kind !== 'SingularReaderSelector') throw new Error('not one row');
  return selector;
}
