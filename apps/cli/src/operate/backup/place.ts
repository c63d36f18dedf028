import { resolve } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { callerDir } from '../../platform/checkout.ts'
import type { Env } from '../../platform/hosted-service.ts'
import { folderTarget, listBackups, manifestPath, objectStoreTarget, type BackupTarget } from './engine.ts'

/** A folder as the person who typed it means it, or `s3://bucket/prefix`. */
export function placeOf(path: string, env: Env = process.env): BackupTarget {
  const bucket = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(path)
  return bucket ? inBucket(bucket[1]!, bucket[2]!, env) : folderTarget(resolve(callerDir(env), path))
}

/** By the variables that every tool for S3 reads. */
function inBucket(bucket: string, prefix: string, env: Env): BackupTarget {
  const region = env.AWS_REGION || 'us-east-1'
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env
  if (!accessKeyId || !secretAccessKey) {
    throw new Terminal('BAD_CONFIG', 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set', {
      hint: 'set them, and AWS_REGION; AWS_ENDPOINT_URL for a store that is not Amazon’s',
    })
  }
  const bucketUrl = endpoint
    ? `${endpoint.replace(/\/+$/, '')}/${bucket}`
    : `https://${bucket}.s3.${region}.amazonaws.com`
  const key = { accessKeyId, secretAccessKey, region, ...(sessionToken && { sessionToken }) }
  return objectStoreTarget({ bucketUrl, prefix, key })
}

/** The backup of that path, or the newest whole one of a place that holds several. */
export async function backupAt(path: string): Promise<BackupTarget> {
  const place = placeOf(path)
  const files = await place.list()
  if (files.includes(manifestPath)) return place
  const newest = (await listBackups(place)).find(({ is }) => is === 'whole')
  if (newest) return place.below(newest.name)
  throw new Terminal('NO_BACKUP', `${place.place} holds no whole backup`, {
    hint: 'a backup that was broken off has no manifest.json and cannot be used; ./pitcrew backup create makes one',
  })
}
