export * from '../../../../../libs/workflow-jetstream/src/backup/index.ts'
