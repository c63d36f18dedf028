import { z } from 'zod'

const text = z.string().min(1)
const instant = text.refine((value) => !Number.isNaN(Date.parse(value)), 'expected a time such as 2026-11-23T09:00:00Z')

const whereAndWhenFields = z.object({
  centreId: text,
  bay: text,
  technicianId: text,
  startsAt: instant,
  endsAt: instant,
})
const inOrder = ({ startsAt, endsAt }: { startsAt: string; endsAt: string }) =>
  Date.parse(startsAt) < Date.parse(endsAt)
const order = { message: 'endsAt must be later than startsAt', path: ['endsAt'] }

export const whereAndWhen = whereAndWhenFields.refine(inOrder, order)

export const appointmentWish = whereAndWhenFields
  .extend({
    bookingId: text,
    vehicleId: text,
    job: z.object({ urgency: text, skill: text, labourHours: z.number().positive(), parts: z.array(z.string()) }),
  })
  .refine(inOrder, order)

export type WhereAndWhen = z.infer<typeof whereAndWhen>
export type AppointmentWish = z.infer<typeof appointmentWish>
