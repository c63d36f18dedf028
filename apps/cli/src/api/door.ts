/** The platform's REST door: what all that ask it have in common. Refusals are thrown with the code that the platform gave. */
import { askJson, type HttpOptions } from './http.ts'

/** Parameters of a query; what is undefined or '' is left out. */
export type Query = Record<string, string | number | undefined>

export class Door {
  readonly url: string
  readonly options: HttpOptions

  constructor(url: string, options: HttpOptions = {}) {
    this.url = url.replace(/\/+$/, '')
    this.options = options
  }

  get(at: string, query: Query = {}, timeoutMs?: number): Promise<unknown> {
    return askJson(this.at(at, query), { ...this.options, ...(timeoutMs && { timeoutMs }) })
  }

  post(at: string, body: unknown, timeoutMs?: number): Promise<unknown> {
    return askJson(this.at(at), { ...this.options, method: 'POST', body, ...(timeoutMs && { timeoutMs }) })
  }

  /** The whole URL. */
  at(at: string, query: Query = {}): string {
    const given = Object.entries(query).flatMap(([key, value]): [string, string][] =>
      value === undefined || value === '' ? [] : [[key, String(value)]],
    )
    return `${this.url}${at}${given.length === 0 ? '' : `?${new URLSearchParams(given)}`}`
  }
}

/** A path whose parts are percent-encoded, slashes too. */
export const path = (texts: TemplateStringsArray, ...parts: string[]): string =>
  String.raw({ raw: texts }, ...parts.map(encodeURIComponent))
