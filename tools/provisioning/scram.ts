import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'

const iterations = 4096

/**
 * What PostgreSQL keeps of a password: enough to check it, not to log in with it.
 * The salt follows from the password, so that writing the same password again changes nothing; it need not be random,
 * since the passwords are.
 */
export function scramVerifier(role: string, password: string): string {
  return verifierOf(password, createHmac('sha256', password).update(`salt of ${role}`).digest().subarray(0, 16))
}

/** RFC 5803, with SHA-256 as in RFC 7677. */
export function verifierOf(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const storedKey = createHash('sha256').update(clientKey).digest('base64')
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
