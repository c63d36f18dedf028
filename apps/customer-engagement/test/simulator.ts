/**
 * The simulator's mail server and customers, for tests only: the service itself never imports another app, but its e-mails
 * are worth most when they are read by those who will read them in a demonstration.
 */
/* eslint-disable @nx/enforce-module-boundaries -- the one door from these tests to the simulator */
export { mailSink, type MailSink, type ReceivedMail } from '../../simulator/src/mail/index.ts'
export { customerRecord, linksIn, simulatedCustomers, type MailLink } from '../../simulator/src/customers/index.ts'
