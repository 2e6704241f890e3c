// The branch page with Apollo Client, asked as each of the callers given: `node build/apollo.js URL ORG NAME=TOKENFILE...`
// (a name without a token file asks anonymously). Prints one JSON object a caller: what his page would show.
import { readFileSync } from 'node:fs';
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, type NormalizedCacheObject } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { filter, firstValueFrom } from 'rxjs';
import { graphql } from '../generated/app/gql.js';
import possible from '../generated/app/possible-types.json' with { type: 'json' };

const PAGE = graphql(`
  query BranchPage($org: ID!, $after: String) {
    partyOrganisation(orgCode: $org) {
      id
      name
      typeLabel
      hostUnit {
        __typename
        ... on PublicUnit { id name }
        ... on Enterprise { id name }
      }
      members(first: 5, after: $after, orderBy: [{ memberNo: ASC }]) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges {
          cursor
          node {
            id
            memberNo
            person { id name mobile _meta { masked } }
          }
        }
      }
    }
  }
`);

function clientOf(url: string, token: string | null): ApolloClient {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return new ApolloClient({
    link: new HttpLink({ uri: url, headers }),
    cache: new InMemoryCache({
      possibleTypes: possible.possibleTypes, // so that `... on PublicUnit` matches in the cache
      typePolicies: { PartyOrganisation: { fields: { members: relayStylePagination(['where', 'orderBy']) } } },
    }),
  });
}

async function show(name: string, url: string, token: string | null, org: string): Promise<void> {
  const client = clientOf(url, token);
  // Denied fields are null with an error each: show what came, and say what is kept back.
  const page = client.watchQuery({ query: PAGE, variables: { org }, errorPolicy: 'all' });
  const first = await firstValueFrom(page.pipe(filter((result) => !result.loading)));
  const codes = CombinedGraphQLErrors.is(first.error) ? first.error.errors.map((e) => e.extensions?.['code']) : [];
  const read = () => client.readQuery({ query: PAGE, variables: { org } })?.partyOrganisation;
  const before = read()?.members;
  if (before?.pageInfo.hasNextPage) {
    await page.fetchMore({ variables: { after: before.pageInfo.endCursor } });
  }
  // Apollo keeps no answer with errors in its cache: what a denial leaves is the answer itself.
  const shown = read() ?? (first.dataState === 'complete' ? first.data.partyOrganisation : null);
  const edges = shown?.members?.edges ?? [];
  const cached = Object.keys(client.extract() as NormalizedCacheObject);
  const person = edges[0]?.node?.person;
  console.log(
    JSON.stringify({
      caller: name,
      branch: shown?.name ?? null,
      hostUnit: shown?.hostUnit?.__typename ?? null,
      totalCount: shown?.members?.totalCount ?? null,
      onFirstPage: before?.edges.length ?? 0,
      afterFetchMore: edges.length,
      distinctMembers: new Set(edges.map((edge) => edge.node?.id)).size,
      cachedMembers: cached.filter((key) => key.startsWith('PartyMember:')).length,
      mobile: person?.mobile ?? null,
      masked: person?._meta.masked ?? null,
      codes,
    }),
  );
}

const [url, org, ...callers] = process.argv.slice(2);
if (url === undefined || org === undefined || callers.length === 0) {
  throw new Error('usage: node build/apollo.js URL ORG NAME[=TOKENFILE]...');
}
for (const caller of callers) {
  const [name = '', file] = caller.split('=');
  await show(name, url, file === undefined ? null : readFileSync(file, 'utf-8').trim(), org);
}
