export * from '@pitcrew/workflow-jetstream'
