import type { ModelCard } from '@pitcrew/detection'

/** What every training is given. */
export interface Training {
  format: string
  /** Absolute: a file, or the folder of a set. */
  file: string
  text: string
  /** Of the bytes trained on. */
  sha256: string
  card: Pick<ModelCard, 'name' | 'version' | 'trainedAt'>
  onProgress: (words: string) => void
}
