import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type Outcome, outcomeOf, spawnKeysmith, startKeysmith, workingFolder } from './run-keysmith.ts'

const folder = workingFolder()
const running = new Set<ReturnType<typeof startKeysmith>>()

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

interface Server {
  readonly child: ReturnType<typeof startKeysmith>
  readonly banner: string
  readonly origin: string
  readonly ended: Promise<Outcome>
}

/** Starts a server on a free port; resolves when it says that it is ready. */
async function serve(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Server> {
  const child = startKeysmith(folder, ['serve', '--port', '0', ...args], env)
  running.add(child)
  const ended = outcomeOf(child)
  const first = await Promise.race([once(child.stdout, 'data'), ended])
  const banner = Array.isArray(first) ? String(first[0]) : ''
  const origin = /http:\S+/.exec(banner)?.[0]
  if (origin === undefined) throw new Error(`It did not start: ${(await ended).stderr}`)
  return { child, banner, origin, ended }
}

const ROOT_KEY = /^ {2}(ksm_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{49})$/m

function issue(origin: string, key: string, scopes: readonly string[]) {
  return fetch(`${origin}/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'x', scopes }),
  })
}

async function stop({ child, ended }: Server, signal: NodeJS.Signals = 'SIGTERM'): Promise<Outcome> {
  child.kill(signal)
  return ended
}

describe('keysmith serve', () => {
  it('prints the root management key at the first start, exactly once, also when two start at once', async () => {
    const bounded = ['--available-scopes', 'read,write', '--default-scopes', 'read']
    const servers = await Promise.all([serve(bounded), serve(bounded)])
    const keys = servers.flatMap(({ banner }) => ROOT_KEY.exec(banner)?.[1] ?? [])
    expect(keys).toHaveLength(1)
    const [rootKey = ''] = keys
    for (const { banner, origin } of servers) {
      expect(banner).toContain(`${origin}/docs`)
      expect(banner).toContain('keysmith.db')
      expect((await issue(origin, rootKey, ['read'])).status).toBe(201)
    }
    expect((await issue(servers[0].origin, rootKey, ['other'])).status).toBe(400)
    const ends = await Promise.all(servers.map((server) => stop(server)))
    expect(ends.map(({ code }) => code)).toEqual([0, 0])
    expect(ends.map(({ stderr }) => stderr).join()).not.toContain(rootKey.slice(-49))

    const second = await serve()
    expect(second.banner).not.toMatch(/ksm_/)
    expect((await issue(second.origin, rootKey, ['other'])).status).toBe(201)
    expect(second.banner).not.toContain('KEYSMITH_ROOT_KEY')
    const { code, stdout, stderr } = await stop(second, 'SIGINT')
    expect({ code, stdout }).toEqual({ code: 0, stdout: second.banner })
    expect(stderr.match(/listening/gi)).toHaveLength(1)
    for (const line of stderr.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level')
  })

  it('says how to get in when no key for all tenants verifies any more', async () => {
    const env = { DATABASE_URL: 'sqlite:d.db' }
    await stop(await serve([], env))
    const listed = await spawnKeysmith(folder, ['keys', 'list', '--tenant', '*', '--json'], { env })
    const [{ id }] = JSON.parse(listed.stdout).items
    await spawnKeysmith(folder, ['keys', 'revoke', id], { env })
    const server = await serve([], env)
    expect(server.banner).toMatch(/\nNo key for all tenants verifies.*KEYSMITH_ROOT_KEY.*keys create.*\n$/)
    await stop(server)
  })

  it('answers the requests under way before it ends', async () => {
    const key = 'root-key-of-32-characters-0123456789'
    const server = await serve(['--log-level', 'silent'], {
      KEYSMITH_ROOT_KEY: key,
      DATABASE_URL: 'sqlite:b.db',
    })
    expect(server.banner).not.toMatch(/ksm_/)
    const answers = Array.from({ length: 20 }, () => issue(server.origin, key, []))
    await (await issue(server.origin, key, [])).text()
    const end = stop(server)
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(statuses.every((status) => status === 201)).toBe(true)
    expect(await end).toMatchObject({ code: 0, stderr: '' })
  })

  it('ends with 2 when the port is taken, and has not used up the showing of the root key', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const env = { DATABASE_URL: 'sqlite:c.db' }
    const child = startKeysmith(folder, ['serve', '--port', String(port)], env)
    const { code, stdout, stderr } = await outcomeOf(child)
    taken.close()
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`port ${port}: another process listens there`)
    const later = await serve([], env)
    expect(later.banner).toMatch(ROOT_KEY)
    await stop(later)
  })
})
