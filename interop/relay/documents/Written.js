import { graphql } from 'relay-runtime';

graphql`
  query WrittenQuery($contains: String!) {
    forms(first: 5, where: { name: { contains: $contains } }) @connection(key: "Written_forms") {
      __id
      edges { node { id name } }
    }
  }
`;

graphql`
  mutation WrittenRenameMutation($input: UpdateFormInput!) {
    updateForm(input: $input) { form { id name } }
  }
`;
