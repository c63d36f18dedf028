/** Errors of the engines and of the network under them as Failures. Decided by SQLSTATE and errno, never by wording. */
import { type Failure, Retryable, Terminal, toFailure } from '@pitcrew/errors'

interface Thrown {
  code?: string
  message: string
  constraint?: string
  schema?: string
  table?: string
  column?: string
}

interface Meaning {
  kind: 'terminal' | 'retryable'
  code: string
  hint?: string
}

const terminal = (code: string, hint?: string): Meaning => ({ kind: 'terminal', code, hint })
const retryable = (code: string, hint?: string): Meaning => ({ kind: 'retryable', code, hint })

const unavailable = retryable('DATABASE_UNAVAILABLE', 'check that the server of DATABASE_URL runs and can be reached')
const diskFull = retryable('DISK_FULL', 'free space on the disk that holds the database')
const defect = terminal('SQL_ERROR', 'the statement does not fit the schema: were the migrations applied?')
const refused = terminal('DATABASE_ACCESS_DENIED', 'check user, password and grants of DATABASE_URL')

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const byState: Record<string, Meaning> = {
  '23502': terminal('NOT_NULL_VIOLATION'),
  '23503': terminal('FOREIGN_KEY_VIOLATION'),
  '23505': terminal('UNIQUE_VIOLATION'),
  '23514': terminal('CHECK_VIOLATION'),
  '23P01': terminal('EXCLUSION_VIOLATION'),
  '40001': retryable('SERIALIZATION_FAILURE'),
  '40P01': retryable('DEADLOCK'),
  '42501': refused,
  '53100': diskFull,
  '53300': retryable(
    'DATABASE_UNAVAILABLE',
    'the server has no connection left: raise max_connections or lower the pools',
  ),
  '55P03': retryable('LOCK_NOT_AVAILABLE'),
  '57014': retryable('STATEMENT_TIMEOUT', 'the statement took longer than the statement timeout'),
  '3D000': terminal('DATABASE_NOT_FOUND', 'create the database that DATABASE_URL names'),
}

const byClass: Record<string, Meaning> = {
  '08': unavailable,
  '22': terminal('BAD_VALUE', 'a parameter does not fit the type of its column'),
  '23': terminal('CONSTRAINT_VIOLATION'),
  '28': refused,
  '42': defect,
  '53': retryable('DATABASE_OVERLOADED'),
  '57': unavailable,
  '58': retryable('DATABASE_STORAGE', 'the database could not read or write its files'),
}

const byErrno: Record<string, Meaning> = {
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  ECONNREFUSED: unavailable,
  ECONNRESET: unavailable,
  EPIPE: unavailable,
  ETIMEDOUT: unavailable,
  EHOSTUNREACH: unavailable,
  ENETUNREACH: unavailable,
  ENOTFOUND: unavailable,
  EAI_AGAIN: unavailable,
}

/** `whenUnknown` is what an error without SQLSTATE or errno means to the adapter that caught it. */
export function failureOf(thrown: unknown, whenUnknown: Meaning = retryable('DATABASE_ERROR')): Failure {
  if (!Error.isError(thrown)) return toFailure(thrown)
  if ('kind' in thrown) return toFailure(thrown)
  const error = thrown as Error & Thrown
  const state = sqlState(error)
  const meaning = (state ? (byState[state] ?? byClass[state.slice(0, 2)]) : byErrno[error.code ?? '']) ?? whenUnknown
  const context = {
    hint: meaning.hint,
    details: {
      sqlState: state,
      constraint: error.constraint,
      schema: error.schema,
      table: error.table,
      column: error.column,
    },
    cause: quotesValues(state) ? undefined : thrown,
  }
  const message = messageOf(error, state)
  return meaning.kind === 'terminal'
    ? new Terminal(meaning.code, message, context)
    : new Retryable(meaning.code, message, context)
}

export const connectionLost = unavailable

/** SQLSTATE is five characters; errno names have letters only and never begin with a digit or end in one. */
function sqlState(error: Thrown): string | undefined {
  return error.code !== undefined && /^[0-9A-Z]{5}$/.test(error.code) && /\d/.test(error.code) ? error.code : undefined
}

/** Of class 22, where the server's message quotes the bad value, and that may be personal data. */
function quotesValues(state: string | undefined): boolean {
  return state?.startsWith('22') ?? false
}

function messageOf(error: Thrown, state: string | undefined): string {
  if (quotesValues(state)) return `a value was refused by the database (SQLSTATE ${state})`
  return error.message || 'the database connection failed'
}
