/** What is said of a trained model wherever it is shown, rolled out or refused. */
export interface ModelCard {
  name: string
  /** What it gives and which code serves it: "life", "risk". */
  kind: string
  version: string
  /** ISO 8601, given by who trains: training itself has no clock. */
  trainedAt: string
  data: {
    description: string
    units: number
    rows: number
    /** Of the bytes trained on, hexadecimal. */
    sha256: string
  }
  /** Cross-validated on the training data, never on data that a model is judged by. */
  metrics: Record<string, number>
  /** What the model was trained with. */
  parameters: Record<string, unknown>
}
