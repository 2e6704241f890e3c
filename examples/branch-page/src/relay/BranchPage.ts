// The same page for Relay: a connection that pages, refetched through `node(id:)`. The compiler makes an artifact of each
// operation, for every role's schema.
import { graphql } from 'relay-runtime';

export const page = graphql`
  query BranchPageQuery($org: ID!) {
    partyOrganisation(orgCode: $org) {
      ...BranchPage_branch
    }
  }
`;

export const branch = graphql`
  fragment BranchPage_branch on PartyOrganisation
  @refetchable(queryName: "BranchPageMembersQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 5 }, cursor: { type: "String" }) {
    name
    typeLabel
    members(first: $count, after: $cursor, orderBy: [{ memberNo: ASC }]) @connection(key: "BranchPage_members") {
      edges {
        node {
          memberNo
          person {
            name
            mobile
          }
        }
      }
    }
  }
`;
