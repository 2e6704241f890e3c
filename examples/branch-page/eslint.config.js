// The schema by graphql-eslint's rules for Relay.
import graphql from '@graphql-eslint/eslint-plugin';

export default [
  {
    files: ['generated/schemas/app.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: './generated/schemas/app.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/schema-relay'].rules,
      // Connections also list their rows as `nodes`, beside `edges`.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
    },
  },
];
