import { describe, expect, it } from 'vitest'
import { fault } from '../../test/keysmith-under-test.ts'
import { type CreateKeysmithOptions, createKeysmith } from '../create-keysmith.ts'

describe('an option that is wrong is refused at once, by its name', () => {
  it.each<[string, unknown]>([
    ['prefix', 'SK'],
    ['prefix', ''],
    ['prefix', 'x'.repeat(17)],
    ['environment', 'li_ve'],
    ['environment', 'Live'],
    ['secretLength', 21],
    ['secretLength', 87],
    ['secretLength', 43.5],
    ['secretLength', Number.NaN],
    ['defaultExpiry', '0s'],
    ['defaultExpiry', '-1d'],
    ['defaultExpiry', 'never'],
    ['defaultExpiry', 3600],
    ['gracePeriod', ''],
    ['gracePeriod', '1 day'],
    ['gracePeriod', '101y'],
    ['availableScopes', []],
    ['availableScopes', ['a b']],
    ['defaultScopes', ['a b']],
  ])('%s: %j', async (name, value) => {
    const error = await fault(() => createKeysmith({ [name]: value } as CreateKeysmithOptions))
    expect(error.code).toBe('invalid_configuration')
    expect(error.message).toContain(name)
  })

  it('default scopes that are not available', async () => {
    const options = { availableScopes: ['read'], defaultScopes: ['write'] } as CreateKeysmithOptions
    const error = await fault(() => createKeysmith(options))
    expect(error.code).toBe('invalid_configuration')
    expect(error.message).toContain('defaultScopes')
  })
})

it('no option is needed', async () => {
  const keysmith = createKeysmith()
  const { rawKey } = await keysmith.keys.create({ name: 'x' })
  expect((await keysmith.keys.verify(rawKey ?? '')).code).toBe('valid')
  await keysmith.close()
})

it('a grace of nothing, and no expiry, can be configured', () => {
  createKeysmith({
    gracePeriod: '0s',
    defaultExpiry: null,
    availableScopes: ['read'],
    defaultScopes: ['read'],
  })
})

it.each([
  ['an option that is not known', { graceperiod: '0s' }],
  ['a hasher that is none', { hasher: { scheme: 'own' } }],
  ['a hasher with the name of another', { hasher: { scheme: 'sha256', hash: () => '', verify: () => true } }],
  ['a clock that is none', { clock: 5 }],
])('refuse %s', (_name, options) => {
  expect(() => createKeysmith(options as never)).toThrow(
    expect.objectContaining({ code: 'invalid_configuration' }),
  )
})
