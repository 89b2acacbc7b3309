import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKeysmith } from '../../src/create-keysmith.ts'
import { createServer } from '../../src/server/server.ts'

const ROOT_KEY = 'root-key-of-the-browser-tests-0123456789'
const CHROMIUM = process.env.KEYSMITH_CHROMIUM ?? '/usr/bin/chromium'

describe('the page that describes the API', () => {
  const keysmith = createKeysmith()
  let browser: Browser
  let address: string
  let close: () => Promise<void>

  beforeAll(async () => {
    expect(existsSync(CHROMIUM), `Install Chromium, or name it in KEYSMITH_CHROMIUM: ${CHROMIUM}`).toBe(true)
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    })
    const server = await createServer({ keysmith, rootKey: ROOT_KEY })
    await server.listen({ host: '127.0.0.1', port: 0 })
    address = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
    close = () => server.close()
  })

  afterAll(async () => {
    await browser?.close()
    await close?.()
    await keysmith.close()
  })

  async function openDocs() {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    const seen = { problems: [] as string[], hosts: new Set<string>() }
    page.on('console', (message) => message.type() === 'error' && seen.problems.push(message.text()))
    page.on('pageerror', (error) => seen.problems.push(error.message))
    page.on('request', (request) => seen.hosts.add(new URL(request.url()).host))
    await page.goto(`${address}/docs`)
    await page.getByText('/v1/keys/verify').first().waitFor()
    return { page, ...seen }
  }

  it('shows every route, without an error, and loads nothing from elsewhere', async () => {
    const { page, problems, hosts } = await openDocs()
    const shown = await page.locator('.opblock').count()
    const api = (await (await fetch(`${address}/openapi.json`)).json()) as { paths: Record<string, object> }
    const routes = Object.values(api.paths).flatMap((path) => Object.keys(path))
    expect(shown).toBe(routes.length)
    expect(problems).toEqual([])
    expect([...hosts].filter((host) => host !== '' && host !== new URL(address).host)).toEqual([])
    if (process.env.KEYSMITH_SCREENSHOTS) {
      await page.screenshot({ path: `${process.env.KEYSMITH_SCREENSHOTS}/docs.png` })
    }
    await page.close()
  })

  it('calls the API with the management key that is put in', async () => {
    const { page } = await openDocs()
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.locator('.auth-container input').fill(ROOT_KEY)
    await page.locator('.auth-btn-wrapper .authorize').click()
    await page.locator('.auth-btn-wrapper .btn-done').click()
    const list = page.locator('#operations-Keys-listKeys')
    await list.locator('.opblock-summary').click()
    await list.getByRole('button', { name: 'Execute' }).click()
    await list.locator('.live-responses-table .response-col_status').first().waitFor()
    expect(await list.locator('.live-responses-table').first().textContent()).toContain('200')
    await page.close()
  })
})
