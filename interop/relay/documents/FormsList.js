import { graphql } from 'relay-runtime';

graphql`
  query FormsListQuery($count: Int!) {
    all: forms(first: 1) { totalCount }
    ...Forms_list @arguments(count: $count)
  }
`;
