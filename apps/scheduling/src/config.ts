import { z } from 'zod'

const positive = z.coerce.number().int().positive()

export const schedulingConfig = z.object({
  DEALER_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8001')
    .describe("Where the dealer's scheduling API answers"),
  DEALER_TIMEOUT_MS: positive.default(5_000).describe('How long the dealer may take to answer, ms'),
  VISITS_POLL_MS: positive.default(2_000).describe('How often the dealer is asked what became of its appointments, ms'),
  BOOKINGS_SWEEP_MS: positive.default(5_000).describe('How often lapsed holds are expired and open ends settled, ms'),
  HOLD_MINUTES: positive.default(120).describe('Length of a hold that does not say how long it wants to be'),
  CALENDAR_ORGANIZER_NAME: z.string().min(1).default('Pitcrew').describe('Organizer of invitations'),
  CALENDAR_ORGANIZER_EMAIL: z.email().default('service@pitcrew.example').describe('Its e-mail address'),
})

export type SchedulingConfig = z.infer<typeof schedulingConfig>
