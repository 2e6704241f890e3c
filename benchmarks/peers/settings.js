// What the harness tells a peer: argument --port; database URLs and the size of a pool in the environment.
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { port: { type: 'string' } } })

export const host = '127.0.0.1'
export const port = Number(values.port)
export const databaseA = process.env.BENCH_DATABASE_A
export const databaseB = process.env.BENCH_DATABASE_B
export const poolSize = Number(process.env.BENCH_POOL_SIZE)
