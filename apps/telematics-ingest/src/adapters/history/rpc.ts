import { history } from '@pitcrew/contracts'
import { unary, type RpcService } from '@pitcrew/rpc'
import { signal } from '@pitcrew/signals'
import type { Bucket } from '../../domain/history/bucket.ts'
import type { Level } from '../../domain/history/level.ts'
import type { HistoryQuestion, SignalHistory } from '../../handlers/history/signal-history.ts'

const levels: Record<Level, history.HistoryLevel> = {
  raw: history.HistoryLevel.RAW,
  minute: history.HistoryLevel.MINUTE,
  hour: history.HistoryLevel.HOUR,
}

export function historyService(answer: (question: HistoryQuestion) => Promise<SignalHistory>): RpcService {
  const implementation: history.HistoryServiceServer = {
    getSignalHistory: unary(async (question) => {
      const { level, resolutionMs, series } = await answer(question)
      return {
        vehicleId: question.vehicleId,
        level: levels[level],
        resolutionMs,
        series: series.map(({ path, points }) => ({
          path,
          unit: signal(path)?.unit ?? '',
          points: points.map(pointOf),
        })),
      }
    }),
  }
  return { definition: history.HistoryServiceService, implementation }
}

const pointOf = ([startMs, { min, max, sum, last, count }]: [number, Bucket]): history.HistoryPoint => ({
  startMs,
  min,
  max,
  mean: sum / count,
  last,
  count,
})
