import { graphql } from 'relay-runtime';

graphql`
  query DetailsQuery($id: ID!) {
    node(id: $id) { __typename ...Details_form @alias(as: "form") }
  }
`;

graphql`
  fragment Details_form on Form @refetchable(queryName: "DetailsRefetchQuery") {
    id
    name
    canManage
    accessLevel
    owner { id name }
    workflow { id name endpoint }
  }
`;
