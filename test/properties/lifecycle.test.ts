import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isKeysmithError } from '../../src/core/errors.ts'
import type { Keysmith } from '../../src/engine/surface.ts'
import { DAY, issue, STORES, start, type UnderTest } from '../keysmith-under-test.ts'
import { KeyModel, type Outcome } from './lifecycle-model.ts'
import { runs } from './runs.ts'

const SCOPES = ['read', 'write'] as const
const GRACES = [
  ['0s', 0],
  ['30s', 30_000],
  ['1h', 3_600_000],
  ['2d', 172_800_000],
] as const
const SPANS = [1, 1000, 30_000, 3_600_000, 86_400_000, 31 * 86_400_000]

type Step =
  | { readonly do: 'suspend' | 'reactivate' | 'revoke' | 'purge' | 'delete' | 'maintain' }
  | { readonly do: 'rotate'; readonly grace: (typeof GRACES)[number]; readonly compromise: boolean }
  | { readonly do: 'pass'; readonly span: number }
  | { readonly do: 'expire'; readonly after: number | null }
  | { readonly do: 'assign' | 'remove'; readonly scope: string }

const span = fc.constantFrom(...SPANS)
const scope = fc.constantFrom(...SCOPES)
const only = <Name extends Step['do']>(name: Name) => fc.constant(name)

// Endings are rare, or most of what follows would happen to a key that is over.
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: only('pass'), span }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: only('rotate'),
        grace: fc.constantFrom(...GRACES),
        compromise: fc.integer({ min: 0, max: 5 }).map((chance) => chance === 0),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: only('expire'), after: fc.constantFrom(null, ...SPANS, 0, -1000) }),
    },
    { weight: 3, arbitrary: fc.record({ do: only('assign'), scope }) },
    { weight: 3, arbitrary: fc.record({ do: only('remove'), scope }) },
    { weight: 3, arbitrary: fc.record({ do: only('suspend') }) },
    { weight: 4, arbitrary: fc.record({ do: only('reactivate') }) },
    { weight: 1, arbitrary: fc.record({ do: only('maintain') }) },
    { weight: 1, arbitrary: fc.record({ do: only('revoke') }) },
    { weight: 1, arbitrary: fc.record({ do: only('purge') }) },
    { weight: 1, arbitrary: fc.record({ do: only('delete') }) },
  ),
  { maxLength: 25 },
)

async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'done'
  } catch (error) {
    if (isKeysmithError(error)) return error.code
    throw error
  }
}

/** Takes a step in the engine and in the model; gives both outcomes. */
async function take(step: Step, subject: UnderTest, id: string, model: KeyModel): Promise<[string, Outcome]> {
  const { keys } = subject.keysmith
  const now = subject.now()
  switch (step.do) {
    case 'pass':
      subject.pass(step.span)
      return ['done', 'done']
    case 'maintain':
      await subject.keysmith.maintain()
      model.swept(now)
      return ['done', 'done']
    case 'expire': {
      const expiresAt = step.after === null ? null : now + step.after
      const given = expiresAt === null ? null : new Date(expiresAt)
      return [await outcome(keys.update(id, { expiresAt: given })), model.setExpiry(expiresAt, now)]
    }
    case 'assign':
      return [
        await outcome(keys.assignScopes(id, [step.scope])),
        model.changeScopes((scopes) => scopes.add(step.scope)),
      ]
    case 'remove':
      return [
        await outcome(keys.removeScopes(id, [step.scope])),
        model.changeScopes((scopes) => scopes.delete(step.scope)),
      ]
    case 'rotate':
      return rotate(step, keys, id, model, now)
    default:
      return [await outcome(keys[step.do](id)), model[step.do]()]
  }
}

async function rotate(
  { grace: [gracePeriod, milliseconds], compromise }: Step & { do: 'rotate' },
  keys: Keysmith['keys'],
  id: string,
  model: KeyModel,
  now: number,
): Promise<[string, Outcome]> {
  // With reason compromise the others ended a day ago: no clock that is a little behind brings them back.
  const grace = compromise ? -DAY : milliseconds
  const expected = model.mayRotate(now, grace)
  const rotating = keys.rotate(id, { gracePeriod, reason: compromise ? 'compromise' : 'manual' })
  const got = await outcome(rotating)
  if (got === 'done') model.rotated((await rotating).rawKey, now, grace)
  return [got, expected]
}

async function expectAgreement(
  subject: UnderTest,
  id: string,
  model: KeyModel,
  rawKeys: ReadonlySet<string>,
): Promise<void> {
  const { keys } = subject.keysmith
  const now = subject.now()
  for (const rawKey of rawKeys) {
    for (const required of [undefined, 'read']) {
      const { code } = await keys.verify(rawKey, { scopes: required })
      expect(code).toBe(model.answer(rawKey, required, now))
    }
  }
  if (model.deleted) {
    expect(await outcome(keys.get(id))).toBe('key_not_found')
    return
  }
  const key = await keys.get(id)
  expect(key.state).toBe(model.shownState(now))
  expect(key.expiresAt?.getTime() ?? null).toBe(model.expiresAt)
  expect([...key.scopes].sort()).toEqual([...model.scopes].sort())
  expect(key.version).toBe(model.changes)
}

describe.each(STORES)('any sequence of lifecycle calls (%s)', (name, store) => {
  it('agrees with a small model of the states', async () => {
    const subject = start({ store: store() })
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const { key, rawKey } = await issue(subject)
        const model = new KeyModel(rawKey)
        const rawKeys = new Set([rawKey])
        for (const step of sequence) {
          const [got, expected] = await take(step, subject, key.id, model)
          expect(got, JSON.stringify(step)).toBe(expected)
          for (const secret of model.secrets) rawKeys.add(secret.rawKey)
          await expectAgreement(subject, key.id, model, rawKeys)
        }
        const { items } = await subject.keysmith.audit.list({ keyId: key.id, limit: 100 })
        expect(items).toHaveLength(model.changes)
      }),
      runs(name === 'memory' ? 400 : 200),
    )
  })
})
