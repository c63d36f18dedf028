import { describe, expect, test } from '@jest/globals'
import { configText, type BrokerConfig } from './config.ts'

const base: BrokerConfig = {
  host: '127.0.0.1',
  port: 4222,
  monitorPort: 8222,
  serverName: 'pitcrew',
  storeDir: '/data/jet stream "1"',
  logFile: '/data/logs/nats-server.log',
  portsDir: '/data/run',
  syncAlways: true,
}
const key = (letter: string) => `U${letter.repeat(55)}`
const parsed = (change: Partial<BrokerConfig> = {}) => JSON.parse(configText({ ...base, ...change }))

describe('the configuration of the broker', () => {
  test('keeps the store, its limits and its paths as given', () => {
    expect(parsed()).toEqual({
      server_name: 'pitcrew',
      host: '127.0.0.1',
      port: 4222,
      http: '127.0.0.1:8222',
      ports_file_dir: '/data/run',
      log_file: '/data/logs/nats-server.log',
      log_size_limit: 16 * 1024 * 1024,
      logfile_max_num: 3,
      max_payload: 8 * 1024 * 1024,
      jetstream: { store_dir: '/data/jet stream "1"', sync_interval: 'always' },
    })
  })

  test('N1 syncs every write only when asked to', () => {
    expect(parsed({ syncAlways: false }).jetstream).toEqual({ store_dir: base.storeDir })
  })

  test('leaves the choice of a port to the server when it is 0', () => {
    expect(parsed({ port: 0, monitorPort: 0 })).toMatchObject({ port: -1, http: '127.0.0.1:-1' })
  })

  test('N5 gives each user its own permissions and its own inbox', () => {
    const { accounts, system_account } = parsed({
      users: [
        {
          nkey: key('A'),
          inboxPrefix: '_INBOX_scheduling',
          permissions: {
            publish: { allow: ['scheduling.>'], deny: ['scheduling.secret'] },
            subscribe: { allow: ['task.hold.>'] },
            allowResponses: true,
          },
        },
        { name: 'probe', password: 'pa"ss' },
        { nkey: key('B'), system: true },
      ],
    })
    expect(system_account).toBe('SYSTEM')
    expect(accounts.SYSTEM.users).toEqual([{ nkey: key('B') }])
    expect(accounts.PITCREW).toEqual({
      jetstream: 'enabled',
      users: [
        {
          nkey: key('A'),
          permissions: {
            publish: { allow: ['scheduling.>'], deny: ['scheduling.secret'] },
            subscribe: { allow: ['task.hold.>', '_INBOX_scheduling.>'] },
            allow_responses: true,
          },
        },
        { user: 'probe', password: 'pa"ss' },
      ],
    })
  })

  test('N5 reads an empty allow list as nothing, where nats-server would read it as everything', () => {
    const { accounts } = parsed({
      users: [{ nkey: key('A'), permissions: { publish: { allow: [] }, subscribe: { allow: [] } } }],
    })
    expect(accounts.PITCREW.users[0].permissions).toEqual({ publish: { deny: ['>'] }, subscribe: { deny: ['>'] } })
  })

  test('writes the certificates when there are any', () => {
    const tls = { cert: '/c.pem', key: '/k.pem', ca: '/ca.pem', verify: true }
    expect(parsed({ tls }).tls).toEqual({ cert_file: '/c.pem', key_file: '/k.pem', ca_file: '/ca.pem', verify: true })
  })

  test.each<[string, Partial<BrokerConfig>, string]>([
    ['an open address without users', { host: '0.0.0.0' }, 'BROKER_EXPOSED'],
    [
      'an open address with certificates that asks nobody who he is',
      { host: '0.0.0.0', tls: { cert: '/c', key: '/k' } },
      'BROKER_EXPOSED',
    ],
    ['an empty list of users', { users: [] }, 'BROKER_CONFIG_INVALID'],
    ['a port out of range', { port: 70_000 }, 'BROKER_CONFIG_INVALID'],
    ['a monitor port that is no number', { monitorPort: Number.NaN }, 'BROKER_CONFIG_INVALID'],
    ['the same user twice', { users: [{ nkey: key('A') }, { nkey: key('A') }] }, 'BROKER_CONFIG_INVALID'],
    ['a seed where the public key belongs', { users: [{ nkey: 'SUAEXAMPLE' }] }, 'BROKER_CONFIG_INVALID'],
  ])('refuses %s', (_, change, code) => {
    expect(() => parsed(change)).toThrow(expect.objectContaining({ code }))
  })
})
