import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A network between client and broker that a test can break. */
export interface TcpProxy {
  url: string
  /** What the broker says from now on is lost, on the connections that there are. */
  swallow(): void
  /** Both ends see their connection end. */
  cut(): void
  /** The client sees it end; the broker does not, and goes on talking to nobody. */
  cutUnseen(): void
  stop(): Promise<void>
}

interface Link {
  client: Socket
  server: Socket
}

export async function tcpProxy(target: () => string): Promise<TcpProxy> {
  const links = new Set<Link>()
  const unseen = new Set<Socket>()
  const proxy = createServer((client) => {
    const { hostname, port } = new URL(target())
    const link: Link = { client, server: connect(Number(port), hostname) }
    links.add(link)
    client.on('data', (data) => link.server.write(data))
    link.server.on('data', (data) => client.write(data))
    for (const socket of [link.client, link.server]) {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => links.has(link) && end(link))
    }
  })
  const end = (link: Link) => {
    links.delete(link)
    link.client.destroy()
    link.server.destroy()
  }
  const swallow = ({ server }: Link) => server.removeAllListeners('data').resume()
  await once(proxy.listen(0, '127.0.0.1'), 'listening')

  return {
    url: `nats://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    swallow: () => links.forEach(swallow),
    cut: () => links.forEach(end),
    cutUnseen() {
      for (const link of links) {
        links.delete(link)
        swallow(link)
        unseen.add(link.server)
        link.client.destroy()
      }
    },
    async stop() {
      links.forEach(end)
      for (const socket of unseen) socket.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
