// Every audit of GraphQL over HTTP against a running server: `node audit.js URL`. Prints a line for each that does not
// pass, then how many did.
import { auditServer } from 'graphql-http';

const results = await auditServer({ url: process.argv[2] });
const passed = results.filter((result) => result.status === 'ok');
for (const result of results.filter((found) => found.status !== 'ok')) {
  console.log(`${result.status} ${result.id} ${result.name}: ${result.reason}`);
}
console.log(`${passed.length} of ${results.length} audits`);
