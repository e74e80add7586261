import { graphql } from 'relay-runtime';

graphql`
  query NestedQuery($id: ID!, $count: Int!) {
    organization(id: $id) { id rootScope { id ...Nested_forms @arguments(count: $count) } }
  }
`;

graphql`
  fragment Nested_forms on Scope
  @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" })
  @refetchable(queryName: "NestedPageQuery") {
    id
    forms(first: $count, after: $cursor) @connection(key: "Nested_forms") {
      totalCount
      edges { node { id name } }
    }
  }
`;
