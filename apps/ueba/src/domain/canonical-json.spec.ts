import { describe, expect, test } from '@jest/globals'
import { canonicalJson, type Json } from './canonical-json.ts'

describe('N6 canonical JSON, RFC 8785', () => {
  test('N6 the sample of 3.2.4: ordering, numbers and escapes', () => {
    const sample = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\/',
      literals: [null, true, false],
    }
    expect(canonicalJson(sample)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  test('N6 the property order of 3.2.3, by UTF-16 code unit and not by code point', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6']
    const ordered = Object.keys(JSON.parse(canonicalJson(Object.fromEntries(names.map((name) => [`${name}x`, name])))))
    expect(ordered).toEqual(['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'].map((name) => `${name}x`))
  })

  test.each([
    ['0000000000000000', 0, '0'],
    ['8000000000000000', -0, '0'],
    ['0000000000000001', 5e-324, '5e-324'],
    ['7fefffffffffffff', 1.7976931348623157e308, '1.7976931348623157e+308'],
    ['4340000000000000', 9007199254740992, '9007199254740992'],
    ['44b52d02c7e14af5', 9.999999999999997e22, '9.999999999999997e+22'],
    ['44b52d02c7e14af6', 1e23, '1e+23'],
    ['444b1ae4d6e2ef4f', 999999999999999900000, '999999999999999900000'],
    ['3eb0c6f7a0b5ed8d', 0.000001, '0.000001'],
    ['41b3de4355555553', 333333333.3333332, '333333333.3333332'],
    ['becbf647612f3696', -0.0000033333333333333333, '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', 1424953923781206.2, '1424953923781206.2'],
  ])('N6 the number %s of appendix B', (bits, value, expected) => {
    const exact = Buffer.from(bits, 'hex').readDoubleBE()
    expect(exact).toBe(value)
    expect(canonicalJson(exact)).toBe(expected)
  })

  test.each([[NaN], [Infinity], [undefined], ['\ud800'], [{ a: undefined }]])(
    'N6 refuses %p, which has no canonical form',
    (value) => {
      expect(() => canonicalJson(value as unknown as Json)).toThrow(expect.objectContaining({ code: 'NOT_CANONICAL' }))
    },
  )

  test('N6 the same value in another order gives the same bytes', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: 2 }], a: 'x' })).toBe(canonicalJson({ a: 'x', b: [1, { c: 2, d: 1 }] }))
  })
})
