// Mercurius with just-in-time compiled operations over both databases: prepared statements on a pool each, and one
// statement per level through loaders. Dates stay the text that PostgreSQL sends, which is what the answer shows.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import pg from 'pg'
import { databaseA, databaseB, host, poolSize, port } from './settings.js'

pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)
const a = new pg.Pool({ connectionString: databaseA, min: poolSize, max: poolSize })
const b = new pg.Pool({ connectionString: databaseB, min: poolSize, max: poolSize })

const schema = `
  type Query {
    partyMembers(start: Int!, first: Int! = 20, occupation: String): [PartyMember!]!
    partyMember(memberNo: Int!): PartyMember
    partyOrganisations(start: Int!, first: Int! = 20): [PartyOrganisation!]!
  }
  type PartyMember {
    memberNo: Int!
    name: String!
    sex: String!
    birthDate: String!
    mobile: String
    orgCode: String!
    joinedOn: String!
    occupation: String!
    education: String
    organisation: PartyOrganisation
    staffPost: StaffPost
  }
  type PartyOrganisation {
    orgNo: Int!
    orgCode: String!
    name: String!
    members(first: Int! = 20): [PartyMember!]!
  }
  type StaffPost {
    postName: String!
    postType: String!
    unit: PublicUnit
  }
  type PublicUnit {
    unitCode: String!
    name: String!
    posts: Int
  }
`

const MEMBER = `member_no AS "memberNo", name, sex, birth_date AS "birthDate", mobile, org_code AS "orgCode",
  joined_on AS "joinedOn", occupation, education, id_number AS "idNumber"`
const ORGANISATION = 'org_no AS "orgNo", org_code AS "orgCode", name'

// Prepared once per connection under its name.
async function rows (pool, name, text, values) {
  const found = await pool.query({ name, text, values })
  return found.rows
}

// Rows by key, for loaders that find one row each.
async function byKey (pool, name, text, keys, key) {
  const found = await rows(pool, name, text, [[...new Set(keys)]])
  const index = new Map(found.map((row) => [row[key], row]))
  return keys.map((value) => index.get(value) ?? null)
}

const resolvers = {
  Query: {
    partyMembers: (_, { start, first, occupation }) => occupation == null
      ? rows(a, 'members', `SELECT ${MEMBER} FROM party_member
          WHERE member_no >= $1 ORDER BY party_member.member_no LIMIT $2`, [start, first])
      : rows(a, 'members-of-occupation', `SELECT ${MEMBER} FROM party_member
          WHERE member_no >= $1 AND occupation = $3 ORDER BY party_member.member_no LIMIT $2`,
        [start, first, occupation]),
    partyMember: async (_, { memberNo }) =>
      (await rows(a, 'member', `SELECT ${MEMBER} FROM party_member WHERE member_no = $1`, [memberNo]))[0] ?? null,
    partyOrganisations: (_, { start, first }) =>
      rows(a, 'organisations', `SELECT ${ORGANISATION} FROM party_org
          WHERE org_no >= $1 ORDER BY party_org.org_no LIMIT $2`, [start, first])
  }
}

const uncached = { cache: false }
const loaders = {
  PartyOrganisation: {
    members: {
      async loader (queries) {
        const sizes = new Set(queries.map(({ params }) => params.first))
        const pages = new Map()
        for (const size of sizes) {
          const codes = queries.filter(({ params }) => params.first === size).map(({ obj }) => obj.orgCode)
          const found = await rows(a, 'members-of', `SELECT page.* FROM unnest($1::text[]) AS parent(code)
            CROSS JOIN LATERAL (SELECT ${MEMBER} FROM party_member WHERE org_code = parent.code
              ORDER BY party_member.member_no LIMIT $2) AS page`, [codes, size])
          for (const code of codes) pages.set(`${size} ${code}`, [])
          for (const row of found) pages.get(`${size} ${row.orgCode}`).push(row)
        }
        return queries.map(({ obj, params }) => pages.get(`${params.first} ${obj.orgCode}`))
      },
      opts: uncached
    }
  },
  PartyMember: {
    organisation: {
      loader: (queries) => byKey(a, 'organisations-by-code',
        `SELECT ${ORGANISATION} FROM party_org WHERE org_code = ANY($1)`,
        queries.map(({ obj }) => obj.orgCode), 'orgCode'),
      opts: uncached
    },
    staffPost: {
      loader: (queries) => byKey(b, 'posts-by-id-number',
        `SELECT id_number AS "idNumber", post_name AS "postName", post_type AS "postType", unit_code AS "unitCode"
          FROM staff WHERE id_number = ANY($1)`,
        queries.map(({ obj }) => obj.idNumber), 'idNumber'),
      opts: uncached
    }
  },
  StaffPost: {
    unit: {
      loader: (queries) => byKey(a, 'units-by-code',
        'SELECT unit_code AS "unitCode", name, posts FROM public_unit WHERE unit_code = ANY($1)',
        queries.map(({ obj }) => obj.unitCode), 'unitCode'),
      opts: uncached
    }
  }
}

const app = Fastify({ logger: false })
app.register(mercurius, { schema, resolvers, loaders, jit: 1, graphiql: false })
await app.listen({ port, host })
process.on('SIGTERM', () => process.exit(0))
