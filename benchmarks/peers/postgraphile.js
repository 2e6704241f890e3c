// PostGraphile 5 over database a: the Amber preset on Grafserv's own node server, nothing that watches or explores.
// The tables have no foreign keys, so smart tags name the relation; comparisons come from the usual filter plugin.
// It joins within one database, so it is not asked Q4.
import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { jsonPgSmartTags } from 'postgraphile/utils'
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter'
import { databaseA, host, poolSize, port } from './settings.js'

const relations = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      'public.party_member': {
        tags: {
          foreignKey: '(org_code) references public.party_org (org_code)|@fieldName organisation|@foreignFieldName members'
        }
      }
    }
  }
})

const preset = {
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
  plugins: [relations],
  pgServices: [
    makePgService({
      connectionString: databaseA,
      schemas: ['public'],
      poolConfig: { min: poolSize, max: poolSize }
    })
  ],
  gather: { installWatchFixtures: false },
  grafast: { explain: false },
  grafserv: { graphqlPath: '/graphql', graphiql: false, graphqlOverGET: false, watch: false, websockets: false }
}

const server = createServer()
const instance = postgraphile(preset)
await instance.createServ(grafserv).addTo(server)
await instance.getSchema()
server.listen(port, host)
process.on('SIGTERM', () => process.exit(0))
