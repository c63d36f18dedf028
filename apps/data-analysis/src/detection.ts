export * from './domain/index.ts'
export { generatedDrive, startMs } from './domain/measurement/generated-drive.ts'
