export { startPlatform, type Platform, type PlatformOptions, type Step } from './platform/index.ts'
