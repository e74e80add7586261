import { graphql } from 'relay-runtime';

graphql`
  query NamedQuery($count: Int!, $where: FormFilter!) {
    ...Named_forms @arguments(count: $count, where: $where)
  }
`;

graphql`
  fragment Named_forms on Query
  @argumentDefinitions(
    count: { type: "Int!" }
    cursor: { type: "String" }
    where: { type: "FormFilter!" }
  )
  @refetchable(queryName: "NamedPageQuery") {
    forms(first: $count, after: $cursor, where: $where) @connection(key: "Named_forms") {
      totalCount
      edges { node { id name ...Details_form } }
    }
  }
`;
