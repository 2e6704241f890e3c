// Types for the whole application, out of the union of what its roles see (`hutong schema print --as A,B`).
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  importExtension: '.js', // Node's own module resolution
  schema: 'generated/schemas/app.graphql',
  documents: 'src/*.ts',
  generates: {
    'generated/app/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, persistedDocuments: true },
      config: {
        strictScalars: true, // a scalar that is missing below is an error, not `any`
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: {
          Code: 'string',
          Date: 'string', // 2018-03-01
          DateTime: 'string', // 2018-03-01T09:12:33+08:00
          DivCode: 'string',
          Fen: 'number', // 1/100 yuan, an integer that a number holds exactly
          Month: 'string', // 2018-03
          PersonKey: 'string',
          Uscc: 'string',
        },
      },
    },
    'generated/app/possible-types.json': { plugins: ['fragment-matcher'] },
  },
};

export default config;
