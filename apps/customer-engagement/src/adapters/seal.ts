/**
 * AES-256-GCM with a fresh nonce each time. What is sealed is bound to what it is (`about`), so a value moved to another row
 * does not open.
 *
 *   nonce (12 bytes) · tag (16 bytes) · ciphertext
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Terminal } from '@pitcrew/errors'

const nonceLength = 12
const tagLength = 16

export function seal(key: Uint8Array, about: string, plain: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** Throws Terminal SEAL_BROKEN when it was not sealed with this key, about this, or was changed since. */
export function unseal(key: Uint8Array, about: string, sealed: Uint8Array): Uint8Array {
  const nonce = sealed.subarray(0, nonceLength)
  const tag = sealed.subarray(nonceLength, nonceLength + tagLength)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength }).setAAD(Buffer.from(about))
  try {
    decipher.setAuthTag(tag)
    return Buffer.concat([decipher.update(sealed.subarray(nonceLength + tagLength)), decipher.final()])
  } catch (cause) {
    throw new Terminal(
      'SEAL_BROKEN',
      'a sealed value does not open: it was changed, moved, or sealed under another key',
      {
        cause,
        hint: 'restore the row from a backup that belongs to this master key',
      },
    )
  }
}
