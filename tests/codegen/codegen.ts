// Client types for every caller in generated/, made as a client application makes its own: it needs `config` as it
// stands here, and one entry like those of `generates`, with its schema from `hutong schema print --as ROLE`.
import { readdirSync } from 'node:fs';
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  config: {
    strictScalars: true, // a scalar that is missing below is an error, not `any`
    scalars: {
      ID: 'string',
      Code: 'string',
      Date: 'string', // 2018-03-01
      DateTime: 'string', // 2018-03-01T09:12:33+08:00
      DivCode: 'string',
      Fen: 'number', // 1/100 yuan, an integer that a number holds exactly
      Month: 'string', // 2018-03
      PersonKey: 'string',
      Uscc: 'string',
    },
    enumsAsTypes: true,
  },
  generates: Object.fromEntries(
    readdirSync('generated').map((caller) => [
      `generated/${caller}/types.ts`,
      {
        schema: `generated/${caller}/schema.graphql`,
        documents: `generated/${caller}/operations/*.graphql`,
        plugins: ['typescript', 'typescript-operations'],
      },
    ]),
  ),
};

export default config;
