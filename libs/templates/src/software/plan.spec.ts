import { describe, expect, test } from '@jest/globals'
import { analyse } from './analyse.ts'
import { complexityOf, measure } from './measure.ts'
import { review } from './review.ts'
import { sourceText } from './source-text.ts'
import { shop, withFunction } from './spec-module.ts'
import { stripped } from './strip.ts'
import { assign, usualTeam } from './team.ts'
import { fits, parseType } from './type-text.ts'

const code = (is: string) => expect.objectContaining({ code: is }) as never

describe('F1 what a module takes is known before it is made', () => {
  test('F1 the analyst counts what there is and says what it is good to know', () => {
    expect(analyse({ module: shop })).toEqual({
      functions: 2,
      types: 1,
      examples: 6,
      expertise: ['typescript', 'data-modelling', 'error-handling'],
    })
  })

  test.each([
    ['a type that is not there', withFunction('total', { returns: 'Price' }), /there is no type Price/],
    ['a type that is none', withFunction('total', { returns: 'number[' }), /which is no part of a type/],
    [
      'code in a type',
      withFunction('total', { returns: 'typeof import("fs")' }),
      /no part of a type|where a type is expected/,
    ],
    [
      'an example with too few arguments',
      withFunction('total', { examples: [{ args: [], returns: 1 }] }),
      /0 arguments, expected 1/,
    ],
    [
      'an argument of another type',
      withFunction('total', { examples: [{ args: [[{ cost: 1 }]], returns: 1 }] }),
      /lines is no Line\[\]/,
    ],
    [
      'a result of another type',
      withFunction('total', { examples: [{ args: [[]], returns: 'x' }] }),
      /gives what is no number/,
    ],
    ['a name that is taken', withFunction('total', { name: 'slugify' }), /slugify is declared twice/],
    ['a reserved word', withFunction('total', { name: 'delete' }), /delete is a reserved word/],
  ])('F1 refuses %s', (_, module, message) => {
    expect(() => analyse({ module })).toThrow(code('BAD_SPEC'))
    expect(() => analyse({ module })).toThrow(message)
  })

  test('F1 types are read as TypeScript reads them', () => {
    const named = { Line: [{ name: 'price', type: 'number' }] }
    const is = (value: unknown, type: string) => fits(value as never, parseType(type), named)
    expect([is(1, 'string | number'), is(true, 'string | number')]).toEqual([true, false])
    expect([is([[1], []], 'number[][]'), is([1, 'a'], '(number | string)[]'), is([1], 'string[]')]).toEqual([
      true,
      true,
      false,
    ])
    expect([is({ a: { price: 1 } }, 'Record<string, Line>'), is({ a: {} }, 'Record<string, Line>')]).toEqual([
      true,
      false,
    ])
    expect([is('on', "'on' | 'off'"), is('of', "'on' | 'off'"), is(null, 'Line | null')]).toEqual([true, false, true])
    for (const bad of ['', '|', 'a', 'number number', 'Record<number, string>', '('.repeat(30) + 'A', 'A; B', 'A\n}'])
      expect(() => parseType(bad)).toThrow(code('BAD_TYPE'))
  })

  test('F1 steps go to the specialists whose expertise fits best', () => {
    const { by, decisions } = assign({ team: usualTeam, expertise: ['typescript', 'data-modelling'], now: 0 })
    expect(by).toEqual({
      code: 'data-engineer',
      build: 'build-engineer',
      tests: 'qa-engineer',
      docs: 'technical-writer',
      review: 'security-auditor',
      release: 'release-engineer',
    })
    expect(decisions).toHaveLength(6)
    expect(decisions[0]?.candidates[0]?.contributions.map(({ factor }) => factor)).toContain('expertise')
    const errors = assign({ team: usualTeam, expertise: ['typescript', 'error-handling'], now: 0 })
    expect(errors.by.code).toBe('backend-engineer')
  })

  test('F1 one who has no slot left gets no further step, and a team without a capability is refused', () => {
    const capabilities = ['write-code', 'build', 'write-tests', 'write-docs', 'review', 'release']
    const one = { id: 'one', capabilities, expertise: [], slots: 3, running: 0, record: { succeeded: 0, failed: 0 } }
    const { by } = assign({ team: [one, { ...one, id: 'two' }], expertise: [], now: 0 })
    const counts = Object.values(by).filter((who) => who === 'one').length
    expect(counts).toBe(3)
    expect(() => assign({ team: [one], expertise: [], now: 0 })).toThrow(code('NO_SPECIALIST'))
    expect(() => assign({ team: usualTeam.slice(0, 2), expertise: [], now: 0 })).toThrow(/can build/)
  })
})

describe('F8 measures and review', () => {
  test.each([
    ['return 1', 1],
    ['if (a && b) return x ? 1 : 2', 4],
    ['for (const x of xs) while (x?.y ?? true) { switch (x) { case 1: case 2: break } }', 6],
    ['// if for while\nreturn "if (a && b)" + `for ${a}` + \'case\'', 1],
    ['return /if|while/.test(a) || b', 2],
    ['try { f() } catch { g() }', 2],
    ['const f = (a?: number) => a /* && */', 1],
  ])('F8 complexity of %j is %p', (body, complexity) => {
    expect(complexityOf(body)).toBe(complexity)
  })

  test('F8 a module without findings is approved', () => {
    const source = sourceText(shop)
    const measures = measure(source, shop)
    expect(measures).toMatchObject({
      functions: [
        { name: 'slugify', complexity: 1 },
        { name: 'total', complexity: 3 },
      ],
    })
    expect(measures.codeLines + measures.commentLines).toBe(source.split('\n').filter((line) => line.trim()).length)
    expect(review({ module: shop, measures, maxComplexity: 10 })).toMatchObject({ approved: true, findings: [] })
  })

  test('F8 the review names what a person should look at', () => {
    const module = withFunction('slugify', {
      body: 'if (!text) throw new Error(process.env.HOME)\nreturn text',
      examples: [{ args: ['a'], returns: 'a' }],
    })
    const measures = measure(sourceText(module), module)
    const { approved, findings, summary } = review({ module, measures, maxComplexity: 1 })
    expect(approved).toBe(false)
    expect(findings.map(({ rule, function: name }) => [name, rule])).toEqual([
      ['slugify', 'too-complex'],
      ['slugify', 'too-few-examples'],
      ['slugify', 'error-without-example'],
      ['slugify', 'reaches-out'],
      ['total', 'too-complex'],
    ])
    expect(summary).toMatch(/^5 findings/)
  })

  test('F9 types are taken off and nothing moves', () => {
    const source = sourceText(shop)
    const js = stripped(source)
    expect(js.split('\n')).toHaveLength(source.split('\n').length)
    expect(js).not.toMatch(/: string|interface/)
    expect(() => stripped(sourceText(withFunction('total', { body: 'return (' })))).toThrow(code('BAD_SYNTAX'))
    expect(() => stripped(sourceText(withFunction('total', { body: 'enum A { B }' })))).toThrow(code('BAD_SYNTAX'))
  })
})
