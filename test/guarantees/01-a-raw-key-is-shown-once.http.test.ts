import { afterAll, test } from 'vitest'
import { startServer } from '../http/running-server.ts'
import { expectNoSecretAnywhere } from './secret-search.ts'

const server = await startServer()
afterAll(server.stop)

test(
  'A raw key is shown once: after 150 creates and rotations over HTTP no secret is found anywhere',
  () => expectNoSecretAnywhere(server, 150),
  60_000,
)
