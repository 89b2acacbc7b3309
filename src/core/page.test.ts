import { describe, expect, it } from 'vitest'
import { isKeysmithError } from './errors.ts'
import { toPage, toPageQuery } from './page.ts'

const rows = Array.from({ length: 5 }, (_, index) => ({ createdAt: 1000 - index, id: `id${index}` }))

function pageOf(limit: number, list = 'keys') {
  const query = toPageQuery({ limit }, list)
  return toPage(rows.slice(0, query.limit), query, list, ({ id }) => id)
}

function firstCursor(): string {
  const { nextCursor } = pageOf(2)
  if (nextCursor === null) throw new Error('no cursor')
  return nextCursor
}

function expectRefused(call: () => unknown): void {
  try {
    call()
  } catch (error) {
    expect(isKeysmithError(error, 'invalid_request')).toBe(true)
    return
  }
  expect.unreachable()
}

describe('a page', () => {
  it('has as many items as were asked for, and a cursor when others follow', () => {
    expect(pageOf(2).items).toEqual(['id0', 'id1'])
    expect(toPageQuery({ limit: 2, cursor: firstCursor() }, 'keys').after).toEqual(rows[1])
  })

  it('that is the last has no cursor, even when it is full', () => {
    expect(pageOf(5)).toEqual({ items: ['id0', 'id1', 'id2', 'id3', 'id4'], nextCursor: null })
    expect(pageOf(100).nextCursor).toBe(null)
  })

  it('has 50 items when no limit is given', () => {
    expect(toPageQuery({}, 'keys')).toEqual({ limit: 51, offset: 0, after: undefined })
  })
})

describe('a cursor', () => {
  it('of another list, or of other filters, is refused', () => {
    const cursor = firstCursor()
    for (const list of ['audit', 'keys ', 'keys [{"state":"active"}]', '']) {
      expectRefused(() => toPageQuery({ cursor }, list))
    }
  })

  it('that was edited at any place is refused', () => {
    const cursor = firstCursor()
    for (let place = 0; place < cursor.length; place++) {
      const character = cursor[place] === 'A' ? 'B' : 'A'
      const edited = cursor.slice(0, place) + character + cursor.slice(place + 1)
      expectRefused(() => toPageQuery({ cursor: edited }, 'keys'))
    }
    for (const edited of [
      '',
      ' ',
      'x',
      `${cursor}=`,
      `${cursor}A`,
      cursor.slice(1),
      cursor.slice(0, -1),
      '🔑',
    ]) {
      expectRefused(() => toPageQuery({ cursor: edited }, 'keys'))
    }
  })

  it('that someone made up is refused', () => {
    for (const text of ['1000 id1 0', `0 ' OR 1=1 0`, 'NaN undefined NaN', '1000 id1']) {
      expectRefused(() => toPageQuery({ cursor: Buffer.from(text).toString('base64url') }, 'keys'))
    }
  })

  it('does not go with an offset', () => {
    expectRefused(() => toPageQuery({ cursor: firstCursor(), offset: 1 }, 'keys'))
    expect(toPageQuery({ cursor: firstCursor(), offset: 0 }, 'keys').after).toEqual(rows[1])
  })
})
