/**
 * Owns: what the code under test cannot do, from inside of its own process. Node's permission model (--permission) keeps it from
 * files, processes, workers and addons; it has no permission for the network yet, so this takes the network away before
 * the code is loaded.
 *
 * Invariants
 *  G1 No socket connects, listens or sends, and no name is looked up, however the code comes by the module.
 *  G2 What is below the working directory imports the test runner, assertions and its own files, and nothing else.
 */
import dgram from 'node:dgram'
import dns from 'node:dns'
import { registerHooks, syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { pathToFileURL } from 'node:url'

const denied = (): never => {
  throw new Error('NO_NETWORK: a module under test has no network')
}
const take = (owner: object, names: RegExp): void => {
  for (const name of Object.getOwnPropertyNames(owner)) {
    if (names.test(name)) Object.defineProperty(owner, name, { value: denied, writable: false, configurable: false })
  }
}

take(net.Socket.prototype, /^connect$/)
take(net.Server.prototype, /^listen$/)
take(dgram.Socket.prototype, /^(?:bind|send|connect)$/)
const lookups = /^(?:lookup|resolve|reverse)/
for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) take(owner, lookups)
syncBuiltinESMExports()

const here = `${pathToFileURL(process.cwd()).href}/`
const allowed = /^(?:node:test|node:assert\/strict|\.\.?\/.*)$/
registerHooks({
  resolve(specifier, context, next) {
    const { parentURL = '' } = context
    const inside = parentURL !== here && parentURL.startsWith(here)
    if (inside && !allowed.test(specifier))
      throw new Error(`NO_IMPORT: a module under test may not import ${specifier}`)
    return next(specifier, context)
  },
})
