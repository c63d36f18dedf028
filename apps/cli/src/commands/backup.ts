import { Command } from 'commander'
import type { CreateOptions } from '../operate/backup/create.ts'
import type { RestoreOptions } from '../operate/backup/restore.ts'
import { withData, withJson } from './target.ts'

const about = `
A backup is a folder: the workflow log, every other stream, the tables of the services, and manifest.json with the SHA-256 of
each file. It is taken while the platform runs. Telemetry is left out unless asked for; the keys in <data>/secrets always are:
keep a copy of those elsewhere, for without them a restored platform cannot read what customers said.

What is backed up: the platform of --data, whether it runs or not; with NATS_URL (and NATS_NKEY_SEED or NATS_NKEY_SEED_FILE) and
DATABASE_URL set, that broker and that database. Restoring never deletes anything: it refuses a place that is in use.

Instead of a folder any command takes s3://bucket/prefix, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION set, and
AWS_ENDPOINT_URL for a store that is not Amazon’s. An object may have 5 GB; a file of a backup is one object.`

const examples = `
Examples:
  ./pitcrew backup create /mnt/backups --keep 7
  ./pitcrew backup list /mnt/backups
  ./pitcrew backup verify /mnt/backups                      restores the newest one on trial, and reads its log
  ./pitcrew backup restore /mnt/backups/20261120T120000000Z --data .pitcrew-new
  ./pitcrew up --data .pitcrew-new`

export function backupCommand(): Command {
  const backup = new Command('backup').description('copy all that the platform knows, try the copy, and restore it')
  backup.addHelpText('after', `${about}\n${examples}`)
  for (const command of [create(), list(), verify(), restore(), prune()]) backup.addCommand(command)
  return backup
}

const create = (): Command =>
  withJson(withData(new Command('create')))
    .description('take a backup, also while the platform runs')
    .argument('<place>', 'folder for backups, or s3://bucket/prefix; each gets a folder of its own there')
    .option('--keep <n>', 'afterwards remove all but the newest n whole backups')
    .option('--with-telemetry', 'the readings of vehicles as well')
    .option('--without-sql', 'streams alone, where the database is backed up by other means')
    .addHelpText('after', '\nExample:\n  ./pitcrew backup create /mnt/backups --keep 7')
    .action(async (place: string, { withoutSql, ...options }: CreateOptions & { withoutSql?: boolean }) => {
      const { createBackup } = await import('../operate/backup/create.ts')
      await createBackup(place, { ...options, sql: !withoutSql })
    })

const list = (): Command =>
  withJson(new Command('list'))
    .description('the backups of a place, the newest first')
    .argument('<place>', 'folder for backups')
    .addHelpText('after', '\nExample:\n  ./pitcrew backup list /mnt/backups')
    .action(async (place: string, options: { json?: boolean }) => {
      const { listAll } = await import('../operate/backup/list.ts')
      await listAll(place, options)
    })

const verifyHelp = `
Every file is held against the manifest. Then the streams are restored onto a broker of their own in a temporary folder, and the
workflow log is read there: every frame, its checksum and that of the chain, the snapshots, the transitions of each workflow.
Exit code 1 and the place when something is damaged.

Example:
  ./pitcrew backup verify /mnt/backups/20261120T120000000Z --json | jq .damaged`

const verify = (): Command =>
  withJson(new Command('verify'))
    .description('find out whether a backup can be relied on')
    .argument('<path>', 'a backup, or a place (then its newest whole one)')
    .option('--files-only', 'hold the files against the manifest and restore nothing')
    .addHelpText('after', verifyHelp)
    .action(async (path: string, options: { json?: boolean; filesOnly?: boolean }) => {
      const { verifyBackup } = await import('../operate/backup/verify-backup.ts')
      process.exitCode = (await verifyBackup(path, options)) ? 0 : 1
    })

const restoreHelp = `
Only onto an empty broker and into a database without tables; what is in use is refused (NOT_EMPTY, DATABASE_NOT_EMPTY) and not
touched, and there is no option against that. Each stream is restored whole or not at all, the tables in one transaction.

Example:
  ./pitcrew backup restore /mnt/backups --data .pitcrew-new && ./pitcrew up --data .pitcrew-new`

const restore = (): Command =>
  withJson(withData(new Command('restore')))
    .description('put a backup onto a new, empty platform')
    .argument('<path>', 'a backup, or a place (then its newest whole one)')
    .option('--replicas <n>', 'copies of each stream in a NATS cluster; default as it was')
    .option('--without-sql', 'streams alone; the case view is made again from the log')
    .addHelpText('after', restoreHelp)
    .action(async (path: string, { withoutSql, ...options }: RestoreOptions & { withoutSql?: boolean }) => {
      const { restore: run } = await import('../operate/backup/restore.ts')
      process.exitCode = (await run(path, { ...options, sql: !withoutSql })) ? 0 : 1
    })

const prune = (): Command =>
  withJson(new Command('prune'))
    .description('remove old backups; one that is not whole never pushes out one that is')
    .argument('<place>', 'folder for backups')
    .requiredOption('--keep <n>', 'how many whole ones stay')
    .addHelpText('after', '\nExample:\n  ./pitcrew backup prune /mnt/backups --keep 7')
    .action(async (place: string, options: { keep: string; json?: boolean }) => {
      const { prune: run } = await import('../operate/backup/list.ts')
      await run(place, options)
    })
