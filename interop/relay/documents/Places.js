import { graphql } from 'relay-runtime';

// Every type of row, the ways from each to others, and one field that most of them have: of two that
// shared a record, one would be read as the other.
graphql`
  query PlacesQuery($everywhere: Boolean!) {
    viewer {
      user { id name }
      organization { id name version }
    }
    organizations(first: 50, acrossOrganizations: $everywhere) {
      edges {
        node {
          id
          name
          version
          createdAt
          rootScope {
            id
            name
            version
            createdAt
            type { id name }
            organization { id name }
            children(first: 20) { edges { node { id name parent { id name } type { id name } } } }
          }
        }
      }
    }
    scopes(first: 100, acrossOrganizations: $everywhere) {
      edges {
        node {
          id
          name
          version
          organization { id name version }
          parent { id name version }
          ancestors { id name version }
        }
      }
    }
  }
`;

graphql`
  query PlacesRowsQuery($everywhere: Boolean!) {
    forms(first: 50, acrossOrganizations: $everywhere) {
      edges {
        node {
          id
          name
          scope { id name }
          organization { id name rootScope { id name } }
          owner { id name organization { id name } }
          team { id name }
          workflow { id name scope { id name } }
          roles { id name scope { id name } }
          shadowedBy { id name }
        }
      }
    }
    agents(first: 50, acrossOrganizations: $everywhere) {
      edges {
        node {
          id
          name
          tools(first: 5) { edges { node { id name scope { id name } } } }
          delegates(first: 5) { edges { node { id name } } }
          scope { id name }
        }
      }
    }
    configs(first: 50, acrossOrganizations: $everywhere) {
      edges { node { id key scope { id name } organization { id name } } }
    }
    permissions(first: 50, acrossOrganizations: $everywhere) {
      edges { node { id key scope { id name } organization { id name } } }
    }
  }
`;
